// What nodes remember, with every driver.
#include "engine/database/conformance_test.hpp"
#include "engine/database/migrations.hpp"
#include "testing/clock.hpp"

namespace odeon::database {
namespace {

using namespace std::chrono_literals;

Task<void> change(Database& db, std::string id, bool commits = true) {
  auto tx = co_await db.begin(Isolation::statement);
  co_await Changes::tell(*tx, id);
  if (commits) co_await tx->commit();
}

// One that remembers, and another that changes.
struct Nodes {
  Nodes(Database& here, Scratch& scratch) : here(here), other(scratch.open()) {
    run_task(migrate(here, {}, clock));
    look();
    clock.advance(1us);
  }
  ~Nodes() { run_task(other->close()); }
  void look() { run_task(here.changes().look(here, clock)); }
  bool holds(Instant read, std::string_view id = "ann") { return here.changes().hold(read, id, clock.now()); }

  Database& here;
  std::unique_ptr<Database> other;
  testing::FakeClock clock;
};

TEST_P(Conformance, WhatNobodyToldOfHoldsAsLongAsTheDatabaseAnswers) {
  Nodes nodes(*db, *scratch);
  const Instant read = nodes.clock.now();
  for (int i = 0; i < 100; ++i) {
    nodes.clock.advance(600ms);
    nodes.look();
    EXPECT_TRUE(nodes.holds(read));
  }
  nodes.clock.advance(899ms);
  EXPECT_TRUE(nodes.holds(read));
  nodes.clock.advance(1ms);
  EXPECT_FALSE(nodes.holds(read)) << "there was no look for too long";
  nodes.look();
  EXPECT_TRUE(nodes.holds(read)) << "nothing has changed, as it turns out";
}

TEST_P(Conformance, WhatAnotherNodeTellsOfEndsWhatWasReadBefore) {
  Nodes nodes(*db, *scratch);
  const Instant before = nodes.clock.now();
  nodes.clock.advance(1s);
  run_task(change(*nodes.other, "ann"));
  nodes.look();
  EXPECT_FALSE(nodes.holds(before));
  EXPECT_TRUE(nodes.holds(before, "bob"));
  nodes.clock.advance(1us);
  const Instant after = nodes.clock.now();
  nodes.clock.advance(1s);
  nodes.look();
  EXPECT_TRUE(nodes.holds(after));
  run_task(change(*nodes.other, "ann"));
  nodes.look();
  EXPECT_FALSE(nodes.holds(after)) << "the second time as the first";
}

TEST_P(Conformance, WhatWasRolledBackEndsNothing) {
  Nodes nodes(*db, *scratch);
  const Instant before = nodes.clock.now();
  nodes.clock.advance(1s);
  run_task(change(*nodes.other, "ann", false));
  nodes.look();
  EXPECT_TRUE(nodes.holds(before));
}

TEST_P(Conformance, WithoutALookWhatWasReadHoldsForLessThanTheLag) {
  Nodes nodes(*db, *scratch);
  const Instant read = nodes.clock.now();
  Changes blind;
  nodes.clock.advance(899ms);
  EXPECT_TRUE(blind.hold(read, "ann", nodes.clock.now()));
  nodes.clock.advance(1ms);
  EXPECT_FALSE(blind.hold(read, "ann", nodes.clock.now()));
  EXPECT_FALSE(blind.hold(nodes.clock.now() + 1s, "ann", nodes.clock.now()))
      << "read in the future: the nodes.clock was set back";
}

TEST_P(Conformance, TheFirstLookTellsNothingOfWhatWasReadBeforeIt) {
  Nodes nodes(*db, *scratch);
  run_task(change(*nodes.other, "ann"));
  const Instant read = nodes.clock.now();
  nodes.clock.advance(1s);
  run_task(nodes.other->changes().look(*nodes.other, nodes.clock));
  EXPECT_FALSE(nodes.other->changes().hold(read, "ann", nodes.clock.now()));
}

}  // namespace
}  // namespace odeon::database

#include "engine/billing/ledger.hpp"

#include <gmock/gmock.h>

#include "engine/billing/fixture_test.hpp"

namespace odeon::billing {
namespace {

using ::testing::ElementsAre;

struct LedgerTest : ::testing::Test, Till {
  LedgerTest() { clock.advance(*parse_iso8601("2026-11-20T22:00:00Z") - clock.now()); }
  void spend(std::string operation, std::string model, std::int64_t cost, std::string user = "ann") {
    run_task(ledger.record({.user_id = std::move(user),
                            .product = "stories",
                            .operation = std::move(operation),
                            .model = std::move(model),
                            .provider = "openai",
                            .cost = cost,
                            .tokens_in = 100,
                            .tokens_out = 10,
                            .units = 1}));
  }
  std::vector<std::string> totals(Ledger::By by, Instant from, Instant to) {
    std::vector<std::string> lines;
    for (const auto& total : run_task(ledger.totals("ann", "stories", by, from, to)))
      lines.push_back(fmt::format("{} {}x {} {}+{} {}", total.name, total.count, total.cost, total.tokens_in,
                                  total.tokens_out, total.units));
    return lines;
  }
  Ledger ledger{*db, clock};
};

TEST_F(LedgerTest, SumsUpByOperationModelAndDay) {
  const Instant start = clock.now();
  spend("story_generation", "gpt-4o", 2'000'000);
  spend("story_generation", "gpt-4o-mini", 500'000);
  spend("story_generation", "gpt-4o", 9'000'000, "bob");
  spend("story_generation", "gpt-4o", 7'000'000, "");
  clock.advance(std::chrono::hours(2));
  const Instant midnight = clock.now();
  spend("audio_synthesis", "tts-1", 3'000'000);
  const Instant end = clock.now() + Micros(1);
  EXPECT_THAT(totals(Ledger::By::operation, start, end),
              ElementsAre("audio_synthesis 1x 3000000 100+10 1", "story_generation 2x 2500000 200+20 2"));
  EXPECT_THAT(totals(Ledger::By::model, start, end),
              ElementsAre("gpt-4o 1x 2000000 100+10 1", "gpt-4o-mini 1x 500000 100+10 1", "tts-1 1x 3000000 100+10 1"));
  EXPECT_THAT(totals(Ledger::By::day, start, end),
              ElementsAre("2026-11-20 2x 2500000 200+20 2", "2026-11-21 1x 3000000 100+10 1"));
  EXPECT_THAT(totals(Ledger::By::day, start, midnight), ElementsAre("2026-11-20 2x 2500000 200+20 2"));
  EXPECT_EQ(run_task(ledger.cost("ann", "stories", start, end)), 5'500'000);
  EXPECT_EQ(run_task(ledger.cost("ann", "chat", start, end)), 0);
}

TEST_F(LedgerTest, WhatComesAgainUnderItsNameCostsOnce) {
  for (const auto* id : {"b#0", "b#1", "b#0", "", ""})
    run_task(ledger.record({.user_id = "ann", .product = "stories", .cost = 7, .id = id}));
  EXPECT_EQ(run_task(ledger.cost("ann", "stories", Instant{}, clock.now() + Micros(1))), 4 * 7);
}

TEST_F(LedgerTest, WhatIsRolledBackCostNothing) {
  run_task([](LedgerTest& self) -> Task<> {
    auto tx = co_await self.db->begin();
    co_await self.ledger.record(*tx, {.user_id = "ann", .product = "stories", .cost = 1});
  }(*this));
  EXPECT_EQ(run_task(ledger.cost("ann", "stories", Instant{}, clock.now() + Micros(1))), 0);
}

}  // namespace
}  // namespace odeon::billing

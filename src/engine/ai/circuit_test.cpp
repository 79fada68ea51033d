#include "engine/ai/circuit.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "testing/clock.hpp"

namespace odeon::ai {
namespace {

using namespace std::chrono_literals;
using Admission = Circuit::Admission;

class CircuitTest : public ::testing::Test {
 protected:
  void fail(int times, std::optional<std::chrono::seconds> retry_after = std::nullopt) {
    for (int i = 0; i < times; ++i) {
      const auto admission = circuit.admit(clock.now());
      ASSERT_TRUE(admission);
      circuit.failed(*admission, clock.now(), retry_after);
    }
  }
  odeon::testing::FakeClock clock;
  Circuit circuit;
};

TEST_F(CircuitTest, OpensAfterFiveFailuresInARow) {
  fail(4);
  EXPECT_TRUE(circuit.closed());
  fail(1);
  EXPECT_FALSE(circuit.closed());
  EXPECT_FALSE(circuit.admit(clock.now()));
  EXPECT_EQ(circuit.next(clock.now()), clock.now() + 30s);
}

TEST_F(CircuitTest, ForgetsFailuresAfterASuccess) {
  fail(4);
  circuit.succeeded(*circuit.admit(clock.now()));
  fail(4);
  EXPECT_TRUE(circuit.closed());
}

TEST_F(CircuitTest, LetsOneProbeThroughAfterTheRest) {
  fail(5);
  clock.advance(30s - 1us);
  EXPECT_FALSE(circuit.admit(clock.now()));
  clock.advance(1us);
  EXPECT_EQ(circuit.admit(clock.now()), Admission::probe);
  EXPECT_FALSE(circuit.admit(clock.now()));
  circuit.succeeded(Admission::probe);
  EXPECT_TRUE(circuit.closed());
  EXPECT_EQ(circuit.admit(clock.now()), Admission::call);
}

TEST_F(CircuitTest, RestsAgainWhenTheProbeFails) {
  fail(5);
  clock.advance(30s);
  fail(1);
  EXPECT_FALSE(circuit.admit(clock.now()));
  clock.advance(30s);
  EXPECT_EQ(circuit.admit(clock.now()), Admission::probe);
}

TEST_F(CircuitTest, GivesACancelledProbeToTheNextCaller) {
  fail(5);
  clock.advance(30s);
  ASSERT_EQ(circuit.admit(clock.now()), Admission::probe);
  circuit.abandoned(Admission::probe);
  EXPECT_EQ(circuit.admit(clock.now()), Admission::probe);
}

TEST_F(CircuitTest, StaysAwayAsLongAsTheProviderSaid) {
  fail(1, 90s);
  clock.advance(90s - 1us);
  EXPECT_FALSE(circuit.admit(clock.now()));
  clock.advance(1us);
  EXPECT_EQ(circuit.admit(clock.now()), Admission::probe);
}

TEST_F(CircuitTest, BelievesARetryAfterOnlySoFar) {
  fail(1, std::chrono::seconds::max());
  EXPECT_EQ(circuit.next(clock.now()), clock.now() + 15min);
}

TEST_F(CircuitTest, IsNotClosedByACallFromBeforeItOpened) {
  const auto early = circuit.admit(clock.now());
  fail(5);
  circuit.succeeded(*early);
  EXPECT_FALSE(circuit.admit(clock.now()));
}

// A plain account of what callers saw, against which the circuit is checked at every step.
struct Account {
  std::vector<Admission> under_way;
  int failures_in_a_row = 0;
  std::optional<Instant> away_until;  // nothing: nobody gave a reason to stay away
  bool probe_out = false;
};

RC_GTEST_PROP(CircuitProperty, AdmitsExactlyWhatTheRulesAllow, ()) {
  const CircuitRules rules{.failures = 3, .rest = 10s, .longest = 60s};
  Circuit circuit(rules);
  odeon::testing::FakeClock clock;
  Account seen;
  const int steps = *rc::gen::inRange(1, 120);
  for (int i = 0; i < steps; ++i) {
    const int what = *rc::gen::inRange(0, 10);
    if (what == 0) clock.advance(std::chrono::seconds(*rc::gen::inRange(1, 25)));
    if (what <= 4) {
      const bool promised = circuit.would_admit(clock.now());
      const auto admission = circuit.admit(clock.now());
      RC_ASSERT(promised == admission.has_value());
      if (!seen.away_until) {
        RC_ASSERT(admission == Admission::call);
      } else if (clock.now() >= *seen.away_until && !seen.probe_out) {
        RC_ASSERT(admission == Admission::probe);
        seen.probe_out = true;
      } else {
        RC_ASSERT(!admission);
      }
      if (admission) seen.under_way.push_back(*admission);
      continue;
    }
    if (seen.under_way.empty()) continue;
    const auto which = *rc::gen::inRange<std::size_t>(0, seen.under_way.size());
    const Admission ended = seen.under_way[which];
    seen.under_way.erase(seen.under_way.begin() + static_cast<std::ptrdiff_t>(which));
    const bool probe = ended == Admission::probe;
    if (probe) seen.probe_out = false;
    if (what == 5) {
      circuit.abandoned(ended);
    } else if (what == 6) {
      circuit.succeeded(ended);
      if (probe) seen.away_until.reset();
      if (!seen.away_until) seen.failures_in_a_row = 0;
    } else {
      const int said = what == 7 ? *rc::gen::inRange(0, 100) : 0;
      circuit.failed(ended, clock.now(), what == 7 ? std::optional(std::chrono::seconds(said)) : std::nullopt);
      if (!seen.away_until && said == 0) ++seen.failures_in_a_row;
      Micros away{0};
      if (said > 0)
        away = std::chrono::seconds(std::min(said, 60));
      else if (probe || (!seen.away_until && seen.failures_in_a_row >= 3))
        away = 10s;
      if (away > Micros(0)) {
        seen.away_until = std::max(seen.away_until.value_or(Instant::min()), clock.now() + away);
        seen.failures_in_a_row = 0;
      }
    }
    RC_ASSERT(circuit.closed() == !seen.away_until.has_value());
  }
}

}  // namespace
}  // namespace odeon::ai

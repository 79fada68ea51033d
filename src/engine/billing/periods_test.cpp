#include "engine/billing/periods.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

namespace odeon::billing {
namespace {

using namespace std::chrono;

Instant at(const char* when) {
  return *parse_iso8601(when);
}

TEST(Periods, BeginAndEndInUtc) {
  const Instant when = at("2026-12-31T23:30:00Z");
  EXPECT_EQ(to_iso8601(start_of(Period::day, when)), "2026-12-31T00:00:00Z");
  EXPECT_EQ(to_iso8601(*end_of(Period::day, when)), "2027-01-01T00:00:00Z");
  EXPECT_EQ(to_iso8601(start_of(Period::month, when)), "2026-12-01T00:00:00Z");
  EXPECT_EQ(to_iso8601(*end_of(Period::month, when)), "2027-01-01T00:00:00Z");
  EXPECT_EQ(start_of(Period::always, when), Instant{});
  EXPECT_FALSE(end_of(Period::always, when));
}

TEST(Periods, ACycleIsACalendarMonthWhereNothingIsPaid) {
  const Instant when = at("2027-02-14T10:00:00Z");
  EXPECT_EQ(start_of(Period::cycle, when), start_of(Period::month, when));
  EXPECT_EQ(end_of(Period::cycle, when), end_of(Period::month, when));
}

struct PaidCycle {
  const char *anchor, *when, *from, *to;
};

TEST(Periods, ACycleFollowsTheDayThatIsPaid) {
  for (const PaidCycle& c : {
           PaidCycle{"2026-11-20T12:00:00Z", "2026-11-20T12:00:00Z", "2026-11-20T12:00:00Z", "2026-12-20T12:00:00Z"},
           PaidCycle{"2026-11-20T12:00:00Z", "2026-12-20T11:59:59Z", "2026-11-20T12:00:00Z", "2026-12-20T12:00:00Z"},
           PaidCycle{"2027-01-31T00:00:00Z", "2027-02-27T00:00:00Z", "2027-01-31T00:00:00Z", "2027-02-28T00:00:00Z"},
           PaidCycle{"2027-01-31T00:00:00Z", "2027-02-28T00:00:00Z", "2027-02-28T00:00:00Z", "2027-03-31T00:00:00Z"},
           PaidCycle{"2027-01-31T00:00:00Z", "2027-04-30T08:00:00Z", "2027-04-30T00:00:00Z", "2027-05-31T00:00:00Z"},
           PaidCycle{"2027-01-30T00:00:00Z", "2028-02-29T00:00:00Z", "2028-02-29T00:00:00Z", "2028-03-30T00:00:00Z"},
           PaidCycle{"2028-02-29T06:00:00Z", "2029-02-28T05:00:00Z", "2029-01-29T06:00:00Z", "2029-02-28T06:00:00Z"},
           PaidCycle{"2026-12-15T00:00:00Z", "2026-12-10T00:00:00Z", "2026-11-15T00:00:00Z", "2026-12-15T00:00:00Z"},
       }) {
    EXPECT_EQ(to_iso8601(start_of(Period::cycle, at(c.when), at(c.anchor))), c.from) << c.when;
    EXPECT_EQ(to_iso8601(*end_of(Period::cycle, at(c.when), at(c.anchor))), c.to) << c.when;
  }
}

// Every moment lies in exactly one period, which the next one follows without a gap: the property of all periods.
RC_GTEST_PROP(Periods, FollowOneAnotherWithoutGapOrOverlap, ()) {
  const auto period = *rc::gen::element(Period::day, Period::month, Period::cycle);
  const auto moment = rc::gen::map(rc::gen::inRange<std::int64_t>(0, 4'000'000'000),
                                   [](std::int64_t seconds) { return Instant(std::chrono::seconds(seconds)); });
  const Instant when = *moment;
  const auto anchor = *rc::gen::oneOf(rc::gen::just(std::optional<Instant>()),
                                      rc::gen::map(moment, [](Instant at) { return std::optional(at); }));
  const Instant from = start_of(period, when, anchor), to = *end_of(period, when, anchor);
  RC_ASSERT(from <= when);
  RC_ASSERT(when < to);
  RC_ASSERT(start_of(period, from, anchor) == from);
  RC_ASSERT(start_of(period, to, anchor) == to);
  RC_ASSERT(start_of(period, to - Micros(1), anchor) == from);
  if (period == Period::day) RC_ASSERT(to - from == days(1));
  if (period != Period::day) RC_ASSERT(to - from >= days(28));
  if (period != Period::day) RC_ASSERT(to - from <= days(31));
}

// As providers renew: whatever period of a contract is known, the same months come of it.
RC_GTEST_PROP(Periods, EveryMonthOfAContractHasTheAnchorOfTheFirst, ()) {
  const auto day = *rc::gen::inRange<unsigned>(1, 32);
  const Instant first = sys_days(year(2026) / January / std::chrono::day(day)) + hours(*rc::gen::inRange(0, 24));
  const int months_later = *rc::gen::inRange(0, 60);
  Instant begins = first;
  for (int i = 0; i < months_later; ++i) begins = *end_of(Period::cycle, begins, first);
  const Instant ends = *end_of(Period::cycle, begins, first);
  const Instant anchor = anchor_of(begins, ends);
  for (Instant when = begins; when < ends; when += days(1)) {
    RC_ASSERT(start_of(Period::cycle, when, anchor) == begins);
    RC_ASSERT(*end_of(Period::cycle, when, anchor) == ends);
  }
}

}  // namespace
}  // namespace odeon::billing

#include "base/time.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "testing/clock.hpp"

namespace odeon {
namespace {

using namespace std::chrono_literals;
using ::testing::Optional;

constexpr Instant kLaunch{1795159800s};

TEST(Iso8601, is_written_in_utc_with_milliseconds_where_there_are_any) {
  EXPECT_EQ(to_iso8601(kLaunch), "2026-11-20T07:30:00Z");
  EXPECT_EQ(to_iso8601(kLaunch + 5ms), "2026-11-20T07:30:00.005Z");
  EXPECT_EQ(to_iso8601(kLaunch + 999us), "2026-11-20T07:30:00Z");
  EXPECT_EQ(to_iso8601(Instant(-1s)), "1969-12-31T23:59:59Z");
  EXPECT_EQ(to_iso8601(kLaunch + 89ms), "2026-11-20T07:30:00.089Z");
  EXPECT_EQ(to_iso8601(std::chrono::sys_days(std::chrono::year(12026) / 11 / 20)), "12026-11-20T00:00:00Z");
}

TEST(Iso8601, is_read_with_any_offset) {
  for (const char* same : {"2026-11-20T07:30:00Z", "2026-11-20t07:30:00z", "2026-11-20 07:30:00.000Z",
                           "2026-11-20T09:00:00+01:30", "2026-11-19T23:30:00-08:00", "2026-11-20T07:30:00+00:00"})
    EXPECT_THAT(parse_iso8601(same), Optional(kLaunch)) << same;
  EXPECT_THAT(parse_iso8601("2026-11-20T07:30:00.1234567Z"), Optional(kLaunch + 123456us));
  EXPECT_THAT(parse_iso8601("2026-11-20T07:30:00.000000999Z"), Optional(kLaunch));
  EXPECT_TRUE(parse_iso8601("2024-02-29T00:00:00Z"));
}

TEST(Iso8601, other_texts_are_none) {
  for (const char* bad : {"",
                          "2026",
                          "2026-11-20",
                          "2026-11-20T07:30Z",
                          "2026-11-20T07:30:00",
                          "2026-11-20T07:30:00+01",
                          "20261120T073000Z",
                          "2026-13-20T07:30:00Z",
                          "2026-11-31T07:30:00Z",
                          "2026-02-29T07:30:00Z",
                          "2026-00-20T07:30:00Z",
                          "2026-11-20T24:30:00Z",
                          "2026-11-20T07:60:00Z",
                          "2026-11-20T07:30:61Z",
                          "2026-11-20T07:30:00.Z",
                          "2026-11-20T07:30:00.1234567890Z",
                          "2026-11-20T07:30:00Zx",
                          " 2026-11-20T07:30:00Z",
                          "2026-11-20T07:30:00+24:00",
                          "2026-11-20T07:30:00+01:60",
                          "-026-11-20T07:30:00Z",
                          "2026-11-20T+7:30:00Z"})
    EXPECT_EQ(parse_iso8601(bad), std::nullopt) << bad;
}

TEST(Rfc822, is_read_as_feeds_write_it) {
  for (const char* same : {"Fri, 20 Nov 2026 07:30:00 GMT", "20 Nov 2026 07:30:00 GMT", "Fri, 20 Nov 26 07:30 UT",
                           "fri, 20 nov 2026 02:30:00 EST", "Fri,  20   November 2026 08:30:00 +0100",
                           "Fri, 20 Nov 2026 07:30:00 Z", "Fri, 20 Nov 2026 07:30:00", "Thu, 19 Nov 2026 23:30:00 PST"})
    EXPECT_THAT(parse_rfc822(same), Optional(kLaunch)) << same;
  EXPECT_THAT(parse_rfc822("Sun, 06 Nov 94 08:49:37 GMT"), Optional(Instant(784111777s)));
}

TEST(Rfc822, other_texts_are_none) {
  for (const char* bad :
       {"", ",", "Fri, 20 Nov", "Fri, 20 Non 2026 07:30:00 GMT", "Fri, 32 Nov 2026 07:30:00 GMT",
        "Fri, 276 Nov 2026 07:30:00 GMT", "Fri, 20 Nov 67562 07:30:00 GMT", "Fri, 20 Nov 99999999999 07:30:00 GMT",
        "Fri, 20 Nov 2026 25:30:00 GMT", "Fri, 20 Nov 2026 07:30:00 XYZ", "Fri, 20 Nov 2026 07:30:00 +9999",
        "Fri, 20 Nov 2026 07 GMT", "Fri, 20 Nov 2026 07:30:00 GMT more", "Fri, -2 Nov 2026 07:30:00 GMT",
        "2026-11-20T07:30:00Z"})
    EXPECT_EQ(parse_rfc822(bad), std::nullopt) << bad;
}

TEST(HttpDate, is_written_as_rfc_9110_shows) {
  EXPECT_EQ(to_http_date(Instant(784111777s)), "Sun, 06 Nov 1994 08:49:37 GMT");
}

// From 1950 to the year 9999.
rc::Gen<Instant> instants() {
  return rc::gen::map(rc::gen::inRange<std::int64_t>(-631152000, 253402300800),
                      [](std::int64_t seconds) { return Instant(std::chrono::seconds(seconds)); });
}

RC_GTEST_PROP(Dates, are_read_as_they_were_written, ()) {
  const Instant second = *instants();
  const Instant when = second + std::chrono::milliseconds(*rc::gen::inRange(0, 1000));
  RC_ASSERT(parse_iso8601(to_iso8601(when)) == std::optional(when));
  RC_ASSERT(parse_rfc822(to_http_date(when)) == std::optional(second));
}

RC_GTEST_PROP(Dates, of_any_text_are_read_or_refused, ()) {
  std::string text = *rc::gen::arbitrary<bool>() ? to_iso8601(*instants()) : to_http_date(*instants());
  for (int i = *rc::gen::inRange(1, 5); i > 0; --i)
    text[*rc::gen::inRange<std::size_t>(0, text.size())] = *rc::gen::arbitrary<char>();
  for (const auto& read : {parse_iso8601(text), parse_rfc822(text)})
    if (read) RC_ASSERT(parse_iso8601(to_iso8601(*read)).has_value() || *read < Instant(-62167219200s));
}

TEST(Clock, sleeps_until_the_time_is_moved) {
  testing::FakeClock clock;
  asio::io_context loop(1);
  bool awake = false;
  auto sleeper = [](const Clock& clock, Clock& waits, bool& awake) -> Task<void> {
    co_await waits.sleep_for(10s);
    EXPECT_EQ(clock.now(), kLaunch + 10s);
    awake = true;
  };
  asio::co_spawn(loop, sleeper(clock, clock, awake), [](std::exception_ptr failure) { EXPECT_FALSE(failure); });
  loop.poll();
  clock.advance(9s);
  loop.poll();
  EXPECT_FALSE(awake);
  clock.advance(1s);
  loop.run();
  EXPECT_TRUE(awake);
}

TEST(Clock, of_the_system_goes_forward_and_does_not_wait_for_the_past) {
  SystemClock clock;
  const Instant before = clock.now();
  run_task(clock.sleep_until(before - 1h));
  run_task(clock.sleep_for(2ms));
  EXPECT_GE(clock.now(), before + 2ms);
}

}  // namespace
}  // namespace odeon

#include "products/briefings/local_times.hpp"

#include <date/tz.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/error.hpp"

namespace odeon::briefings {
namespace {

constexpr std::uint8_t kDaily = 0b1111111, kWeekdays = 0b0011111, kMonday = 1, kFriday = 1 << 4, kSunday = 1 << 6;

std::string next(const char* zone, int hour, int minute, std::uint8_t days, const char* after) {
  return to_iso8601(next_time({hour * 60 + minute, days, zone}, *parse_iso8601(after)));
}

TEST(LocalTimes, FollowTheClocksOfAPlace) {
  EXPECT_EQ(next("UTC", 7, 30, kDaily, "2026-11-20T07:00:00Z"), "2026-11-20T07:30:00Z");
  EXPECT_EQ(next("UTC", 7, 30, kDaily, "2026-11-20T07:30:00Z"), "2026-11-21T07:30:00Z") << "after, not at";
  EXPECT_EQ(next("Europe/Berlin", 7, 30, kDaily, "2026-07-01T00:00:00Z"), "2026-07-01T05:30:00Z");
  EXPECT_EQ(next("Europe/Berlin", 7, 30, kDaily, "2026-12-01T00:00:00Z"), "2026-12-01T06:30:00Z");
  // Days begin where the listener is.
  EXPECT_EQ(next("Pacific/Auckland", 7, 30, kMonday, "2026-11-20T12:00:00Z"), "2026-11-22T18:30:00Z");
  EXPECT_EQ(next("America/Los_Angeles", 23, 0, kFriday, "2026-11-20T12:00:00Z"), "2026-11-21T07:00:00Z");
  EXPECT_EQ(next("Europe/London", 7, 30, kWeekdays, "2026-11-20T08:00:00Z"), "2026-11-23T07:30:00Z");
  EXPECT_EQ(next("Europe/London", 7, 30, kSunday, "2026-11-22T07:30:00Z"), "2026-11-29T07:30:00Z");
}

TEST(LocalTimes, ZonesMayDifferByPartsOfAnHour) {
  EXPECT_EQ(next("Asia/Kolkata", 7, 30, kDaily, "2026-11-20T00:00:00Z"), "2026-11-20T02:00:00Z");
  EXPECT_EQ(next("Asia/Kathmandu", 7, 30, kDaily, "2026-11-20T00:00:00Z"), "2026-11-20T01:45:00Z");
  EXPECT_EQ(next("America/St_Johns", 7, 30, kDaily, "2026-11-20T00:00:00Z"), "2026-11-20T11:00:00Z");
  EXPECT_EQ(next("Asia/Calcutta", 7, 30, kDaily, "2026-11-20T00:00:00Z"), "2026-11-20T02:00:00Z") << "an old name";
}

TEST(LocalTimes, ATimeThatDoesNotExistComesWhenTheClocksHaveJumped) {
  // Berlin, 29 March 2026: 02:00 becomes 03:00.
  EXPECT_EQ(next("Europe/Berlin", 2, 30, kDaily, "2026-03-28T12:00:00Z"), "2026-03-29T01:00:00Z");
  EXPECT_EQ(next("Europe/Berlin", 2, 30, kDaily, "2026-03-29T01:00:00Z"), "2026-03-30T00:30:00Z");
  EXPECT_EQ(next("Europe/Berlin", 3, 0, kDaily, "2026-03-28T12:00:00Z"), "2026-03-29T01:00:00Z");
  // Lord Howe jumps by half an hour: 4 October 2026, 02:00 becomes 02:30.
  EXPECT_EQ(next("Australia/Lord_Howe", 2, 15, kDaily, "2026-10-03T12:00:00Z"), "2026-10-03T15:30:00Z");
  // Beirut jumps at midnight: 00:00 becomes 01:00.
  EXPECT_EQ(next("Asia/Beirut", 0, 30, kDaily, "2026-03-28T12:00:00Z"), "2026-03-28T22:00:00Z");
}

TEST(LocalTimes, ATimeThatComesTwiceComesTheFirstTimeOnly) {
  // Berlin, 25 October 2026: 03:00 becomes 02:00.
  EXPECT_EQ(next("Europe/Berlin", 2, 30, kDaily, "2026-10-24T12:00:00Z"), "2026-10-25T00:30:00Z");
  EXPECT_EQ(next("Europe/Berlin", 2, 30, kDaily, "2026-10-25T00:30:00Z"), "2026-10-26T01:30:00Z");
  EXPECT_EQ(next("America/New_York", 1, 30, kSunday, "2026-11-01T04:00:00Z"), "2026-11-01T05:30:00Z");
  EXPECT_EQ(next("America/New_York", 1, 30, kSunday, "2026-11-01T06:00:00Z"), "2026-11-08T06:30:00Z");
}

TEST(LocalTimes, ADateThatAPlaceLeftOutHasNone) {
  // Samoa went from 29 to 31 December 2011, over a Friday.
  EXPECT_EQ(next("Pacific/Apia", 7, 30, kFriday, "2011-12-28T12:00:00Z"), "2012-01-05T17:30:00Z");
  EXPECT_EQ(next("Pacific/Apia", 7, 30, kDaily, "2011-12-29T18:00:00Z"), "2011-12-30T17:30:00Z");
}

TEST(LocalTimes, OnlyZonesAreZones) {
  for (const char* good : {"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"})
    EXPECT_TRUE(is_time_zone(good)) << good;
  for (const char* bad : {"", "Berlin", "europe/berlin", "Europe/Berlin ", "../etc/passwd", "/etc/localtime",
                          "Europe/../Europe/Berlin", "Europe", "tzdata.zi", "+02:00"})
    EXPECT_FALSE(is_time_zone(bad)) << bad;
  EXPECT_THROW(next_time({0, kDaily, "Nowhere/None"}, Instant()), Error);
}

TEST(LocalTimes, AreReadAsPeopleWriteThem) {
  EXPECT_EQ(minute_of("07:30"), 450);
  EXPECT_EQ(minute_of("7:30"), 450);
  EXPECT_EQ(minute_of("00:00"), 0);
  EXPECT_EQ(minute_of("23:59"), 1439);
  for (const char* bad : {"", ":", "7", "730", "07:3", "7:300", "24:00", "12:60", ":30", "007:30", "-1:30", "7:3a",
                          "a:30", "07.30", " 7:30", "7: 3", "1:2:3"})
    EXPECT_FALSE(minute_of(bad)) << bad;
}

RC_GTEST_PROP(LocalTimes, AnyBytesAreATimeOrNone, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::element('0', '1', '2', '5', '7', '9', ':', ' ', 'x'));
  const auto minute = minute_of(text);
  if (!minute) return;
  const auto shown = fmt::format("{:02}:{:02}", *minute / 60, *minute % 60);
  RC_ASSERT(shown == text || shown == "0" + text);
}

// Against a search minute by minute.
RC_GTEST_PROP(LocalTimes, AreTheFirstOfTheirKind, ()) {
  const std::string name = *rc::gen::element<std::string>("Europe/Berlin", "America/New_York", "Asia/Kolkata",
                                                          "Australia/Lord_Howe", "Asia/Beirut", "America/Santiago");
  const auto* zone = date::locate_zone(name);
  const auto hours = *rc::gen::inRange(0, 24 * 365 * 20);
  const Instant after = *parse_iso8601("2010-01-01T00:00:00Z") + std::chrono::hours(hours);
  const Weekly weekly{*rc::gen::oneOf(rc::gen::inRange(0, 1440), rc::gen::inRange(0, 240)),
                      *rc::gen::inRange<std::uint8_t>(1, 128), name};

  const Instant found = next_time(weekly, after);
  RC_ASSERT(found > after);
  const auto local = date::floor<std::chrono::minutes>(zone->to_local(found));
  const auto minute = local - date::floor<date::days>(local);
  const bool jumped = minute != std::chrono::minutes(weekly.minute);
  RC_ASSERT(!jumped || zone->get_info(found).begin == found);

  for (Instant when = after + std::chrono::minutes(1); when < found; when += std::chrono::minutes(1)) {
    const auto clock = date::floor<std::chrono::minutes>(zone->to_local(when));
    const auto day = date::floor<date::days>(clock);
    if (clock - day != std::chrono::minutes(weekly.minute)) continue;
    if ((weekly.days >> (date::weekday(day).iso_encoding() - 1) & 1) == 0) continue;
    const auto info = zone->get_info(clock);
    RC_ASSERT(info.result == date::local_info::ambiguous);
    RC_ASSERT(Instant(Micros(clock.time_since_epoch() - info.first.offset)) < when);
  }
}

TEST(LocalTimes, ClocksAreAheadOfUtcBySoMuch) {
  const Instant winter = *parse_iso8601("2026-01-15T12:00:00Z"), summer = *parse_iso8601("2026-07-15T12:00:00Z");
  EXPECT_EQ(utc_offset("Europe/Berlin", winter), std::chrono::hours(1));
  EXPECT_EQ(utc_offset("Europe/Berlin", summer), std::chrono::hours(2));
  EXPECT_EQ(utc_offset("America/New_York", summer), -std::chrono::hours(4));
  EXPECT_EQ(utc_offset("Asia/Kolkata", winter), std::chrono::minutes(330));
  EXPECT_EQ(utc_offset("Mars/Olympus", winter), std::chrono::hours(0));
}

}  // namespace
}  // namespace odeon::briefings

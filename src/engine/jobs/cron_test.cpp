#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "engine/jobs/worker.hpp"

namespace odeon::jobs {
namespace {

using namespace std::chrono;

Instant at(std::string_view text) {
  return parse_iso8601(text).value();
}

TEST(Cron, FindsTheNextFiring) {
  struct Case {
    std::string_view line, after, next;
  };
  for (const auto& [line, after, next] : std::vector<Case>{
           {"0 */4 * * *", "2026-11-20T07:30:00Z", "2026-11-20T08:00:00Z"},
           {"0 */4 * * *", "2026-11-20T08:00:00Z", "2026-11-20T12:00:00Z"},
           {"0 */4 * * *", "2026-11-20T07:59:59.999Z", "2026-11-20T08:00:00Z"},
           {"* * * * *", "2026-12-31T23:59:30Z", "2027-01-01T00:00:00Z"},
           {"30 7 * * 1-5", "2026-11-20T07:30:00Z", "2026-11-23T07:30:00Z"},  // Friday to Monday
           {"0 0 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z"},
           {"0 0 * * 7", "2026-11-20T00:00:00Z", "2026-11-22T00:00:00Z"},
           {"0 0 13 * 5", "2026-11-14T00:00:00Z", "2026-11-20T00:00:00Z"},  // the 13th or a Friday
           {"5,10-12,50/3 6 1 1 *", "2026-01-01T06:12:00Z", "2026-01-01T06:50:00Z"},
       })
    EXPECT_EQ(to_iso8601(Cron(line).next(at(after))), next) << line << " after " << after;
}

TEST(Cron, RefusesWhatIsNoSchedule) {
  for (const auto line : {"", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *",
                          "* * * * 8", "*/0 * * * *", "5-1 * * * *", "a * * * *", "1, * * * *", "-1 * * * *",
                          "1-2-3 * * * *", "99999999999 * * * *", "0 0 31 2 *", "0 0 30 2 *"})
    EXPECT_THROW(Cron{line}, Error) << line;
}

// One field: its text, and what it matches, written down independently of the parser.
struct Field {
  std::string text;
  std::vector<bool> matches = std::vector<bool>(64);
  bool star = false;
};

// Numbers up to `named`, for a date that every month has comes sooner or later; stars up to `high`.
Field any_field(int low, int high, int named) {
  Field field;
  const int entries = *rc::gen::inRange(1, 3);
  for (int i = 0; i < entries; ++i) {
    const int from = *rc::gen::inRange(low, named + 1);
    const int to = *rc::gen::inRange(from, named + 1);
    const int step = *rc::gen::inRange(1, 8);
    if (i > 0) field.text += ',';
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        field.text += fmt::format("*/{}", step);
        field.star |= i == 0;
        for (int v = low; v <= high; v += step) field.matches[static_cast<std::size_t>(v)] = true;
        break;
      case 1:
        field.text += fmt::format("{}-{}/{}", from, to, step);
        for (int v = from; v <= to; v += step) field.matches[static_cast<std::size_t>(v)] = true;
        break;
      case 2:
        field.text += fmt::format("{}", from);
        field.matches[static_cast<std::size_t>(from)] = true;
        break;
      default:
        field.text += fmt::format("{}-{}", from, to);
        for (int v = from; v <= to; ++v) field.matches[static_cast<std::size_t>(v)] = true;
        break;
    }
  }
  return field;
}

RC_GTEST_PROP(CronProperty, AgreesWithLookingAtEveryMinute, ()) {
  const Field minute = any_field(0, 59, 59), hour = any_field(0, 23, 23);
  const Field day = any_field(1, 31, 28), weekday = any_field(0, 6, 6);
  const Field month = any_field(1, 12, 12);
  const Cron cron(text::join({minute.text, hour.text, day.text, month.text, weekday.text}, " "));
  const Instant after = at("2026-01-01T00:00:00Z") + seconds(*rc::gen::inRange(0, 3 * 365 * 86'400));
  const Instant next = cron.next(after);
  RC_ASSERT(next > after);
  const auto fires = [&](Instant when) {
    const auto midnight = floor<days>(when);
    const year_month_day date(midnight);
    const hh_mm_ss time(floor<minutes>(when - midnight));
    const bool day_fits = day.matches[unsigned(date.day())];
    const bool weekday_fits = weekday.matches[std::chrono::weekday(midnight).c_encoding()];
    return minute.matches[std::size_t(time.minutes().count())] && hour.matches[std::size_t(time.hours().count())] &&
           month.matches[unsigned(date.month())] &&
           (day.star || weekday.star ? day_fits && weekday_fits : day_fits || weekday_fits);
  };
  RC_ASSERT(floor<minutes>(next) == next);
  RC_ASSERT(fires(next));
  // A year of minutes at the most: what comes later than that is only checked to fire.
  const Instant until = std::min(next, after + days(366));
  for (Instant when = floor<minutes>(after) + minutes(1); when < until; when += minutes(1)) RC_ASSERT(!fires(when));
}

}  // namespace
}  // namespace odeon::jobs

#include "engine/billing/periods.hpp"

#include <algorithm>

namespace odeon::billing {
namespace {

using std::chrono::days;
using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::year_month_day;

year_month_day date_of(Instant when) {
  return year_month_day(std::chrono::floor<days>(when));
}

// The same time of the same day that many months later (or earlier), or of that month's last day.
Instant shifted(Instant anchor, months by) {
  const auto day = std::chrono::floor<days>(anchor);
  year_month_day date = year_month_day(day) + by;
  if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
  return sys_days(date) + (anchor - day);
}

// The months from the anchor to the beginning of the cycle that holds `when`.
months cycles_before(Instant when, Instant anchor) {
  const year_month_day now = date_of(when), then = date_of(anchor);
  const months apart = now.year() / now.month() - then.year() / then.month();
  return shifted(anchor, apart) <= when ? apart : apart - months(1);
}

}  // namespace

Instant start_of(Period period, Instant when, std::optional<Instant> anchor) {
  const year_month_day date = date_of(when);
  switch (period) {
    case Period::day:
      return sys_days(date);
    case Period::cycle:
      if (anchor) return shifted(*anchor, cycles_before(when, *anchor));
      [[fallthrough]];
    case Period::month:
      return sys_days(date.year() / date.month() / 1);
    case Period::always:
      break;
  }
  return Instant{};
}

std::optional<Instant> end_of(Period period, Instant when, std::optional<Instant> anchor) {
  const year_month_day date = date_of(when);
  switch (period) {
    case Period::day:
      return sys_days(date) + days(1);
    case Period::cycle:
      if (anchor) return shifted(*anchor, cycles_before(when, *anchor) + months(1));
      [[fallthrough]];
    case Period::month:
      return sys_days((date.year() / date.month() + months(1)) / 1);
    case Period::always:
      break;
  }
  return std::nullopt;
}

Instant anchor_of(Instant period_start, Instant period_end) {
  return date_of(period_end).day() > date_of(period_start).day() ? period_end : period_start;
}

}  // namespace odeon::billing

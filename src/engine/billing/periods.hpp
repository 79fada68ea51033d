// When what is counted begins anew.
#pragma once

#include <boost/describe.hpp>
#include <optional>

#include "base/time.hpp"

namespace odeon::billing {

enum class Period {
  day,     // begins at midnight UTC
  month,   // of the calendar, in UTC
  cycle,   // a month of what is paid for; where nothing is, of the calendar
  always,  // never: what is used is in use until it is given back
};
BOOST_DESCRIBE_ENUM(Period, day, month, cycle, always)

// `anchor` is a moment at which a cycle begins; the others begin at that time of the same day of each month, or of a
// shorter month's last day.
Instant start_of(Period period, Instant when, std::optional<Instant> anchor = {});
// When the next one begins; nothing for `always`.
std::optional<Instant> end_of(Period period, Instant when, std::optional<Instant> anchor = {});

// The anchor of a contract whose present period is that. Of the 31st, a period that begins or ends in a short month
// knows only by its other end.
Instant anchor_of(Instant period_start, Instant period_end);

}  // namespace odeon::billing

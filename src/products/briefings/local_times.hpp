// When a time of the day comes where somebody lives: by the system's time zones (IANA), whose clocks jump.
//
// A time that the clocks jump over comes when they have jumped; one that comes twice comes the first time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace odeon::briefings {

struct Weekly {
  int minute = 0;         // of the day, 0 to 1439
  std::uint8_t days = 0;  // not none; bit 0 is Monday, bit 6 Sunday
  std::string time_zone;
};

// "07:30" or "7:30", in minutes of the day; nothing if it is no time of the day.
std::optional<int> minute_of(std::string_view time);
// Reads the system's files at first use of a zone, as next_time does. Thread-safe.
bool is_time_zone(const std::string& name);
// The first time after `after`. Throws Error{invalid} for a zone that is none.
Instant next_time(const Weekly& weekly, Instant after);

// By how much the zone's clocks are ahead of UTC then; none for a zone that is none.
std::chrono::minutes utc_offset(const std::string& time_zone, Instant when);

}  // namespace odeon::briefings

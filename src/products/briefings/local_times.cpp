#include "products/briefings/local_times.hpp"

#include <date/tz.h>

#include "base/error.hpp"

namespace odeon::briefings {
namespace {

// A zone may leave out a date when it changes sides of the date line: a week and that date, twice.
constexpr int kFurthest = 16;

const date::time_zone* find_zone(const std::string& name) {
  try {
    return date::locate_zone(name);
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

// Nothing on a date that the zone left out.
std::optional<Instant> time_on(const date::time_zone& zone, date::local_days day, std::chrono::minutes minute) {
  const auto info = zone.get_info(day + minute);
  if (info.result != date::local_info::nonexistent)
    return Instant(Micros((day + minute).time_since_epoch() - info.first.offset));
  if (info.second.offset - info.first.offset >= std::chrono::hours(24)) return std::nullopt;
  return Instant(info.first.end);
}

}  // namespace

std::optional<int> minute_of(std::string_view time) {
  const auto colon = time.find(':');
  if (colon < 1 || colon > 2 || time.size() - colon != 3) return std::nullopt;
  auto number = [](std::string_view digits) {
    int value = 0;
    for (char c : digits) value = c >= '0' && c <= '9' && value < 100 ? value * 10 + (c - '0') : 100;
    return value;
  };
  const int hour = number(time.substr(0, colon)), minute = number(time.substr(colon + 1));
  if (hour > 23 || minute > 59) return std::nullopt;
  return hour * 60 + minute;
}

bool is_time_zone(const std::string& name) {
  return find_zone(name) != nullptr;
}

std::chrono::minutes utc_offset(const std::string& time_zone, Instant when) {
  const auto* zone = find_zone(time_zone);
  return zone == nullptr ? std::chrono::minutes(0)
                         : std::chrono::floor<std::chrono::minutes>(zone->get_info(when).offset);
}

Instant next_time(const Weekly& weekly, Instant after) {
  const auto* zone = find_zone(weekly.time_zone);
  if (zone == nullptr) throw Error(Fault::invalid, "INVALID_TIME_ZONE", "There is no such time zone.");
  auto day = date::floor<date::days>(zone->to_local(after)) - date::days(1);
  for (int i = 0; i < kFurthest; ++i, day += date::days(1)) {
    if ((weekly.days >> (date::weekday(day).iso_encoding() - 1) & 1) == 0) continue;
    const auto when = time_on(*zone, day, std::chrono::minutes(weekly.minute));
    if (when && *when > after) return *when;
  }
  throw std::logic_error("a schedule without days");
}

}  // namespace odeon::briefings

// Points in time and how they are passed in. Nothing in Odeon reads the system clock on its own:
// what needs the time takes a Clock, so tests move it by hand.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/task.hpp"

namespace odeon {

using Micros = std::chrono::microseconds;
// UTC, microseconds since the Unix epoch; stored as BIGINT.
using Instant = std::chrono::sys_time<Micros>;

// ISO 8601 with `Z`, as in every API: 2026-11-20T07:30:00Z, with milliseconds only where there are any.
std::string to_iso8601(Instant when);
// RFC 3339 with any offset and up to nine decimals; nothing if it is not one.
std::optional<Instant> parse_iso8601(std::string_view text);
// RFC 9110 IMF-fixdate (Fri, 20 Nov 2026 07:30:00 GMT).
std::string to_http_date(Instant when);
// IMF-fixdate, and RFC 822 dates as feeds write them (named zones, offsets, two-digit years).
std::optional<Instant> parse_rfc822(std::string_view text);

class Clock {
 public:
  virtual ~Clock() = default;
  // Thread-safe.
  virtual Instant now() const = 0;
  // Ends at `when` or throws on cancellation; resumes on the caller's executor.
  virtual Task<void> sleep_until(Instant when) = 0;
  Task<void> sleep_for(Micros duration) { return sleep_until(now() + duration); }
};

class SystemClock final : public Clock {
 public:
  Instant now() const override;
  Task<void> sleep_until(Instant when) override;
};

}  // namespace odeon

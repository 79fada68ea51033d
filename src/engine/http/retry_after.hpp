// Retry-After (RFC 9110 §10.2.3) as others send it.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace odeon::http {

// How long to wait from `now`, by a number of seconds or by a date: 0 for what is over, and never more than a year.
// Nothing if it is neither. Callers bound what they believe.
std::optional<std::chrono::seconds> read_retry_after(std::string_view value, Instant now);

}  // namespace odeon::http

// How a cached value is kept at the server.
#pragma once

#include <optional>
#include <string>

#include "base/time.hpp"

namespace odeon::coordination::redis {

// Larger ones would hold up what comes after them on the shared connection.
inline constexpr std::size_t kMaxValue = 4 * 1024 * 1024;
inline constexpr std::chrono::milliseconds kLongestLife = std::chrono::hours(24 * 365);

// The end of its life goes with the value, so that it ends by the reader's clock too.
std::string pack(const std::string& value, Instant ends);
// Nothing if its life is over or the bytes are not a packed value.
std::optional<std::string> unpack(std::string packed, Instant now);

}  // namespace odeon::coordination::redis

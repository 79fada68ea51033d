#include "engine/http/retry_after.hpp"

#include <charconv>

#include "base/text.hpp"

namespace odeon::http {

std::optional<std::chrono::seconds> read_retry_after(std::string_view value, Instant now) {
  value = text::trim(value);
  constexpr std::chrono::seconds none{0}, longest{std::chrono::days(366)};
  std::int64_t seconds = 0;
  const auto [end, fault] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (fault == std::errc() && end == value.data() + value.size())
    return std::clamp(std::chrono::seconds(seconds), none, longest);
  const auto when = parse_rfc822(value);
  if (!when) return std::nullopt;
  return std::clamp(std::chrono::ceil<std::chrono::seconds>(*when - now), none, longest);
}

}  // namespace odeon::http

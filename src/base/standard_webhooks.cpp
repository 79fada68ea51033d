#include "base/standard_webhooks.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace odeon::standard_webhooks {
namespace {

constexpr std::size_t kMaxSignatures = 16, kMaxField = 4096;
constexpr std::string_view kVersion = "v1,";

std::int64_t seconds_of(Instant when) {
  return std::chrono::floor<std::chrono::seconds>(when).time_since_epoch().count();
}

std::string v1(std::string_view message, std::string_view key) {
  return std::string(kVersion) + crypto::to_base64(crypto::hmac_sha256(key, message));
}

std::optional<std::int64_t> read_seconds(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.starts_with('-') || fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return seconds;
}

}  // namespace

Signature sign(std::string_view id, Instant now, std::string_view body, const std::vector<std::string>& keys) {
  Signature made{.timestamp = std::to_string(seconds_of(now)), .signature = ""};
  const std::string message = fmt::format("{}.{}.{}", id, made.timestamp, body);
  for (const auto& key : keys) {
    if (!made.signature.empty()) made.signature += ' ';
    made.signature += v1(message, key);
  }
  return made;
}

bool is_signed(std::string_view id, const Signature& made, std::string_view body, const std::vector<std::string>& keys,
               Instant now) {
  // A dot in the id would leave open where it ends in what was signed.
  if (id.empty() || id.size() > kMaxField || id.contains('.') || made.signature.size() > kMaxField) return false;
  const auto stamp = read_seconds(made.timestamp);
  if (!stamp) return false;
  // Compared so that no stamp, however absurd, can overflow.
  const std::int64_t seconds = seconds_of(now), tolerance = kTolerance.count();
  if (*stamp < seconds - tolerance || *stamp > seconds + tolerance) return false;
  const auto given = text::split(made.signature, ' ');
  if (given.size() > kMaxSignatures) return false;
  const std::string message = fmt::format("{}.{}.{}", id, made.timestamp, body);
  bool good = false;
  for (const auto& key : keys) {
    if (key.empty()) continue;
    const std::string expected = v1(message, key);
    for (const auto each : given)
      if (each.size() == expected.size() && crypto::equal(each, expected)) good = true;
  }
  return good;
}

}  // namespace odeon::standard_webhooks

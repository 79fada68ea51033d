#include "engine/billing/stripe_signature.hpp"

#include <charconv>
#include <optional>

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace odeon::billing {
namespace {

constexpr std::size_t kMaxSignatures = 16, kMaxHeader = 4096;

struct Parts {
  std::string_view stamp;  // as written: it is what was signed
  std::int64_t seconds = 0;
  std::vector<std::string_view> signatures;
};

std::optional<Parts> parse(std::string_view header) {
  if (header.size() > kMaxHeader) return std::nullopt;
  Parts parts;
  for (const auto item : text::split(header, ',')) {
    const auto equals = item.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const auto name = item.substr(0, equals), value = item.substr(equals + 1);
    if (name == "v1") parts.signatures.push_back(value);
    if (name != "t") continue;
    const auto [end, fault] = std::from_chars(value.data(), value.data() + value.size(), parts.seconds);
    // A second stamp would leave open which one was signed.
    if (!parts.stamp.empty() || fault != std::errc() || end != value.data() + value.size() || value.front() == '-')
      return std::nullopt;
    parts.stamp = value;
  }
  if (parts.stamp.empty() || parts.signatures.size() > kMaxSignatures) return std::nullopt;
  return parts;
}

std::string signature_of(std::string_view stamp, std::string_view body, std::string_view secret) {
  std::string content(stamp);
  content.append(".").append(body);
  return crypto::to_hex(crypto::hmac_sha256(secret, content));
}

}  // namespace

bool is_signed(std::string_view header, std::string_view body, const std::vector<std::string>& secrets, Instant now) {
  const auto parts = parse(header);
  if (!parts) return false;
  const std::int64_t seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  // Compared so that no stamp, however absurd, can overflow.
  const auto tolerance = kSignatureTolerance.count();
  if (parts->seconds < seconds - tolerance || parts->seconds > seconds + tolerance) return false;
  bool good = false;
  for (const auto& secret : secrets) {
    if (secret.empty()) continue;
    const std::string expected = signature_of(parts->stamp, body, secret);
    for (const auto given : parts->signatures)
      if (given.size() == expected.size() && crypto::equal(given, expected)) good = true;
  }
  return good;
}

std::string sign(std::string_view body, std::string_view secret, Instant at) {
  const auto stamp = std::to_string(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
  return "t=" + stamp + ",v1=" + signature_of(stamp, body, secret);
}

}  // namespace odeon::billing

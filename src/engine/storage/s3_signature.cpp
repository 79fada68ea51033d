#include "engine/storage/s3_signature.hpp"

#include <algorithm>

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace odeon::storage {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kUnsigned = "UNSIGNED-PAYLOAD";
constexpr std::chrono::seconds kLongest = std::chrono::hours(24 * 7);

// 20261120T073000Z
std::string timestamp(Instant now) {
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(now - day));
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

std::string_view day_of(std::string_view time) {
  return time.substr(0, 8);
}

// Without blanks at the ends, and with one where there are several.
std::string plain_value(std::string_view value) {
  std::string out;
  for (const char c : text::trim(value))
    if (c != ' ' || !out.ends_with(' ')) out += c;
  return out;
}

// With the host among them, in the order in which they are signed.
S3Fields signed_headers(const S3Signable& what) {
  S3Fields headers = what.headers;
  headers.emplace_back("host", what.host);
  std::ranges::sort(headers);
  return headers;
}

std::string names_of(const S3Fields& headers) {
  std::string names;
  for (const auto& [name, value] : headers) names += (names.empty() ? "" : ";") + name;
  return names;
}

}  // namespace

std::string s3_path(std::string_view path) {
  std::vector<std::string> segments;
  for (const auto segment : text::split(path, '/')) segments.push_back(text::percent_encode(segment));
  return text::join(segments, "/");
}

std::string s3_query(S3Fields query) {
  for (auto& [name, value] : query) {
    name = text::percent_encode(name);
    value = text::percent_encode(value);
  }
  std::ranges::sort(query);
  std::string out;
  for (const auto& [name, value] : query) out += (out.empty() ? "" : "&") + name + "=" + value;
  return out;
}

S3Signer::S3Signer(std::string access_key, std::string secret_key, std::string region)
    : access_key_(std::move(access_key)), secret_key_(std::move(secret_key)), region_(std::move(region)) {}

std::string S3Signer::scope(std::string_view day) const {
  return fmt::format("{}/{}/s3/aws4_request", day, region_);
}

std::string S3Signer::signature(const S3Signable& what, std::string_view payload_hash, std::string_view time) const {
  using crypto::hmac_sha256;
  const S3Fields headers = signed_headers(what);
  std::string canonical = fmt::format("{}\n{}\n{}\n", what.method, s3_path(what.path), s3_query(what.query));
  for (const auto& [name, value] : headers) canonical += name + ":" + plain_value(value) + "\n";
  canonical += fmt::format("\n{}\n{}", names_of(headers), payload_hash);
  const auto day = day_of(time);
  const std::string to_sign =
      fmt::format("{}\n{}\n{}\n{}", kAlgorithm, time, scope(day), crypto::to_hex(crypto::sha256(canonical)));
  const std::string key =
      hmac_sha256(hmac_sha256(hmac_sha256(hmac_sha256("AWS4" + secret_key_, day), region_), "s3"), "aws4_request");
  return crypto::to_hex(hmac_sha256(key, to_sign));
}

S3Fields S3Signer::sign(S3Signable what, std::string_view payload_hash, Instant now) const {
  const std::string time = timestamp(now);
  S3Fields fields{{"x-amz-content-sha256", std::string(payload_hash)}, {"x-amz-date", time}};
  what.headers.insert(what.headers.end(), fields.begin(), fields.end());
  fields.emplace_back("authorization", fmt::format("{} Credential={}/{},SignedHeaders={},Signature={}", kAlgorithm,
                                                   access_key_, scope(day_of(time)), names_of(signed_headers(what)),
                                                   signature(what, payload_hash, time)));
  return fields;
}

std::string S3Signer::presign(S3Signable what, std::chrono::seconds lifetime, Instant now) const {
  const std::string time = timestamp(now);
  lifetime = std::clamp(lifetime, std::chrono::seconds(1), kLongest);
  what.query.insert(what.query.end(), {{"X-Amz-Algorithm", std::string(kAlgorithm)},
                                       {"X-Amz-Credential", access_key_ + "/" + scope(day_of(time))},
                                       {"X-Amz-Date", time},
                                       {"X-Amz-Expires", std::to_string(lifetime.count())},
                                       {"X-Amz-SignedHeaders", names_of(signed_headers(what))}});
  const std::string made = signature(what, kUnsigned, time);
  return s3_query(std::move(what.query)) + "&X-Amz-Signature=" + made;
}

}  // namespace odeon::storage

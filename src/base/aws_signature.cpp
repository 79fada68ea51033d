#include "base/aws_signature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace odeon::aws {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
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

using SignedFields = std::map<std::string, std::string>;

// Those of one name as one.
SignedFields signed_headers(const Fields& headers) {
  SignedFields joined;
  for (const auto& [name, value] : headers) {
    const std::string plain = text::collapse_spaces(value);
    const auto [at, first] = joined.try_emplace(name, plain);
    if (!first) at->second += "," + plain;
  }
  return joined;
}

std::string names_of(const SignedFields& headers) {
  std::string names;
  for (const auto& [name, value] : headers) names += (names.empty() ? "" : ";") + name;
  return names;
}

}  // namespace

std::string encode_path(std::string_view path) {
  std::vector<std::string> segments;
  for (const auto segment : text::split(path, '/')) segments.push_back(text::percent_encode(segment));
  return text::join(segments, "/");
}

std::string canonical_path(std::string_view sent) {
  std::vector<std::string> segments;
  for (const auto segment : text::split(sent, '/')) {
    if (segment.empty() || segment == ".") continue;
    if (segment != "..")
      segments.push_back(text::percent_encode(segment));
    else if (!segments.empty())
      segments.pop_back();
  }
  std::string path = "/" + text::join(segments, "/");
  if (!segments.empty() && sent.ends_with('/')) path += '/';
  return path;
}

std::string canonical_query(Fields query) {
  for (auto& [name, value] : query) {
    name = text::percent_encode(name);
    value = text::percent_encode(value);
  }
  std::ranges::sort(query);
  std::string out;
  for (const auto& [name, value] : query) out += (out.empty() ? "" : "&") + name + "=" + value;
  return out;
}

Signer::Signer(std::string access_key, std::string secret_key, std::string region, std::string service)
    : access_key_(std::move(access_key)),
      secret_key_(std::move(secret_key)),
      region_(std::move(region)),
      service_(std::move(service)) {}

std::string Signer::scope(std::string_view day) const {
  return fmt::format("{}/{}/{}/aws4_request", day, region_, service_);
}

std::string Signer::signature(const Signable& what, std::string_view payload_hash, std::string_view time) const {
  using crypto::hmac_sha256;
  const SignedFields headers = signed_headers(what.headers);
  std::string canonical = fmt::format("{}\n{}\n{}\n", what.method, what.path, canonical_query(what.query));
  for (const auto& [name, value] : headers) canonical += name + ":" + value + "\n";
  canonical += fmt::format("\n{}\n{}", names_of(headers), payload_hash);
  const auto day = day_of(time);
  const std::string to_sign =
      fmt::format("{}\n{}\n{}\n{}", kAlgorithm, time, scope(day), crypto::sha256_hex(canonical));
  const std::string key =
      hmac_sha256(hmac_sha256(hmac_sha256(hmac_sha256("AWS4" + secret_key_, day), region_), service_), "aws4_request");
  return crypto::to_hex(hmac_sha256(key, to_sign));
}

Fields Signer::sign(Signable what, std::string_view payload_hash, Instant now) const {
  const std::string time = timestamp(now);
  what.headers.emplace_back("x-amz-date", time);
  return {{"x-amz-date", time},
          {"authorization", fmt::format("{} Credential={}/{},SignedHeaders={},Signature={}", kAlgorithm, access_key_,
                                        scope(day_of(time)), names_of(signed_headers(what.headers)),
                                        signature(what, payload_hash, time))}};
}

std::string Signer::presign(Signable what, std::string_view payload_hash, std::chrono::seconds lifetime,
                            Instant now) const {
  const std::string time = timestamp(now);
  lifetime = std::clamp(lifetime, std::chrono::seconds(1), kLongest);
  what.query.insert(what.query.end(), {{"X-Amz-Algorithm", std::string(kAlgorithm)},
                                       {"X-Amz-Credential", access_key_ + "/" + scope(day_of(time))},
                                       {"X-Amz-Date", time},
                                       {"X-Amz-Expires", std::to_string(lifetime.count())},
                                       {"X-Amz-SignedHeaders", names_of(signed_headers(what.headers))}});
  const std::string made = signature(what, payload_hash, time);
  return canonical_query(std::move(what.query)) + "&X-Amz-Signature=" + made;
}

}  // namespace odeon::aws

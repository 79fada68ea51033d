#include "engine/identity/jwt.hpp"

#include <cmath>

#include "base/crypto.hpp"
#include "engine/identity/base64url.hpp"
#include "engine/identity/strict_json.hpp"

namespace odeon::identity::jwt {
namespace {

// Beyond these seconds a time is nonsense, and would not fit an Instant.
constexpr double kLastSecond = 1e11;
constexpr std::size_t kMaxKeyId = 256, kMaxSubject = 255;

json::object object_of(std::string_view part) {
  const auto bytes = from_base64url(part);
  if (!bytes) throw invalid_token("not canonical base64url");
  auto object = parse_strictly(*bytes);
  if (!object) throw invalid_token("not a JSON object, or a member twice");
  return std::move(*object);
}

// A member that is text if it is there.
std::string optional_text(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  if (found == nullptr) return {};
  if (!found->is_string()) throw invalid_token(std::string(name) + " is not text");
  return std::string(found->get_string());
}

void read_header(Token& token, const json::object& header) {
  for (const auto* name : {"crit", "b64", "zip"})
    if (header.contains(name)) throw invalid_token("a header that changes the meaning");
  if (const auto type = optional_text(header, "typ");
      !type.empty() && !text::equals_ignoring_case(type, "JWT") && !text::equals_ignoring_case(type, "at+jwt"))
    throw invalid_token("another type");
  const auto algorithm = json::enum_value<Algorithm>(optional_text(header, "alg"));
  if (!algorithm) throw invalid_token("another algorithm");
  token.algorithm = *algorithm;
  token.key_id = optional_text(header, "kid");
  if (token.key_id.size() > kMaxKeyId) throw invalid_token("a long key id");
}

std::optional<Micros> time_claim(const json::object& claims, std::string_view name) {
  const auto* found = claims.if_contains(name);
  if (found == nullptr) return std::nullopt;
  if (!found->is_number()) throw invalid_token(std::string(name) + " is no number");
  const double seconds = found->to_number<double>();
  if (!std::isfinite(seconds) || seconds < 0 || seconds > kLastSecond)
    throw invalid_token(std::string(name) + " is no time");
  return Micros(static_cast<std::int64_t>(seconds * 1e6));
}

bool is_for(const json::value* audience, const std::optional<std::string>& wanted) {
  if (audience == nullptr || !wanted) return audience == nullptr && !wanted;
  auto same = [&](const json::value& one) { return one.is_string() && one.get_string() == *wanted; };
  return audience->is_array() ? std::ranges::any_of(audience->get_array(), same) : same(*audience);
}

}  // namespace

Error invalid_token(std::string detail) {
  return Error(Fault::unauthenticated, "INVALID_TOKEN", "This token is not valid. Sign in again.")
      .with_detail(std::move(detail));
}

Token read(std::string_view text) {
  if (text.size() > kMaxBytes) throw invalid_token("too long");
  const auto parts = text::split(text, '.');
  if (parts.size() != 3) throw invalid_token("not three parts");
  Token token;
  read_header(token, object_of(parts[0]));
  token.claims = object_of(parts[1]);
  token.issuer = optional_text(token.claims, "iss");
  auto signature = from_base64url(parts[2]);
  if (!signature) throw invalid_token("not canonical base64url");
  token.signature = std::move(*signature);
  token.signed_ = text.substr(0, parts[0].size() + 1 + parts[1].size());
  return token;
}

void check(const Token& token, const KeySet& keys, const Expected& expected, Instant now) {
  if (expected.issuer && token.issuer != *expected.issuer) throw invalid_token("another issuer");
  if (!is_for(token.claims.if_contains("aud"), expected.audience)) throw invalid_token("another audience");
  const Micros at = now.time_since_epoch(), leeway = expected.leeway;
  const auto ends = time_claim(token.claims, "exp");
  if (!ends || *ends + leeway <= at) throw invalid_token("expired");
  if (const auto begins = time_claim(token.claims, "nbf"); begins && *begins > at + leeway)
    throw invalid_token("not yet valid");
  if (const auto made = time_claim(token.claims, "iat"); made && *made > at + leeway)
    throw invalid_token("made in the future");
  const auto subject = text_claim(token.claims, "sub");
  if (subject.empty() || subject.size() > kMaxSubject) throw invalid_token("no subject");
  if (!keys.verify(token.algorithm, token.key_id, token.signed_, token.signature))
    throw invalid_token("another signature");
}

Instant expiry(const Token& token) {
  return Instant(time_claim(token.claims, "exp").value_or(Micros(0)));
}

std::string_view text_claim(const json::object& claims, std::string_view name) {
  const auto* found = claims.if_contains(name);
  return found != nullptr && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
}

std::string write(const json::object& claims, const Key& key) {
  return write(claims, key, key.id());
}

std::string write(const json::object& claims, const Key& key, std::string_view key_id) {
  json::object header{{"alg", json::enum_name(key.algorithm())}, {"typ", "JWT"}};
  if (!key_id.empty()) header["kid"] = key_id;
  std::string token = crypto::to_base64url(json::write(header));
  token += '.';
  token += crypto::to_base64url(json::write(claims));
  const std::string signature = crypto::to_base64url(key.sign(token));
  token += '.';
  return token += signature;
}

}  // namespace odeon::identity::jwt

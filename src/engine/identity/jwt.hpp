// Signed JSON Web Tokens in compact form (RFC 7519, RFC 7515, RFC 8725), read strictly. Whatever is wrong
// with a token, the client hears the same: it is not valid. The detail of the Error is for logs.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "engine/identity/keys.hpp"

namespace odeon::identity::jwt {

inline constexpr std::size_t kMaxBytes = 16 * 1024;

// A token whose form is right. Nothing in it can be believed before `check`.
struct Token {
  Algorithm algorithm = Algorithm::HS256;
  std::string key_id;  // empty: the token names none
  json::object claims;
  std::string issuer;   // its claim, or empty
  std::string signed_;  // the bytes that the signature is over
  std::string signature;
};

// Throws Error{unauthenticated, "INVALID_TOKEN"} for what is no token, is too long, has another algorithm
// than ours (`none` too), a critical header, a member twice, or base64url that is not canonical.
Token read(std::string_view text);

struct Expected {
  std::optional<std::string> issuer;    // nothing: whoever has the key
  std::optional<std::string> audience;  // nothing: the token must name none
  std::chrono::seconds leeway{10};      // by how much clocks may disagree
};

// Signature, issuer, audience, exp (required), nbf and iat, and a subject. Throws as `read` does.
void check(const Token& token, const KeySet& keys, const Expected& expected, Instant now);

// When the token ends, leeway left out; of a token that passed `check`.
Instant expiry(const Token& token);
std::string_view text_claim(const json::object& claims, std::string_view name);  // empty if there is none

std::string write(const json::object& claims, const Key& key);
// `key_id` is how the receiver knows the key, where that is not by its own id.
std::string write(const json::object& claims, const Key& key, std::string_view key_id);

Error invalid_token(std::string detail);

}  // namespace odeon::identity::jwt

// Refresh tokens: 256 bits in base64url, of which only a hash is stored.
//
// A token's successor follows from the token itself and a salt that is stored when it is used:
// HMAC-SHA-256(token, salt). So whoever shows a token again within the grace can be given the same successor,
// while the database alone reveals none and a token alone leads nowhere.
#pragma once

#include <string>
#include <string_view>

#include "base/crypto.hpp"
#include "engine/identity/base64url.hpp"

namespace odeon::identity::refresh_tokens {

inline constexpr std::size_t kBytes = 32;

inline std::string make() {
  return crypto::to_base64url(crypto::random_bytes(kBytes));
}
inline std::string make_salt() {
  return crypto::to_base64url(crypto::random_bytes(kBytes));
}
inline bool is_one(std::string_view token) {
  const auto bytes = from_base64url(token);
  return bytes && bytes->size() == kBytes;
}
inline std::string hash(std::string_view token) {
  return crypto::to_base64url(crypto::sha256(token));
}
inline std::string successor(std::string_view token, std::string_view salt) {
  return crypto::to_base64url(crypto::hmac_sha256(token, salt));
}

}  // namespace odeon::identity::refresh_tokens

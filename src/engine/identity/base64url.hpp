// Base64url as tokens and keys use it (RFC 7515 §2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/crypto.hpp"

namespace odeon::identity {

// Nothing unless `text` is the one way to write those bytes: no padding, no other alphabet, no stray bits.
inline std::optional<std::string> from_base64url(std::string_view text) {
  auto bytes = crypto::from_base64(text);
  if (!bytes || crypto::to_base64url(*bytes) != text) return std::nullopt;
  return bytes;
}

}  // namespace odeon::identity

// Signed JSON in compact form (RFC 7515) as app stores make it and take it: longer than a token of identity's, with
// certificates or another's key id in its header.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/identity/keys.hpp"

namespace odeon::billing {

// Nothing in it can be believed before its signature is found good.
struct Jws {
  json::object header;
  json::object payload;
  std::string signed_;  // the bytes that the signature is over
  std::string signature;
};

// Nothing for what has another form, more than 128 KB, a member twice, or a header that changes the meaning.
std::optional<Jws> read_jws(std::string_view text);

}  // namespace odeon::billing

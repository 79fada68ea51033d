// What a Key is made of, for keys.cpp and jwks.cpp.
#pragma once

#include "engine/identity/keys.hpp"
#include "engine/identity/openssl.hpp"

namespace odeon::identity {

struct Key::State {
  Algorithm algorithm;
  std::string id;
  std::string bytes;   // of a secret
  openssl::Pkey pair;  // of the others; perhaps the public half alone
};

// What `key` can be used for here, if anything: RSA of a decent size, or P-256.
std::optional<Algorithm> algorithm_of(EVP_PKEY* key);

// The members of a JWK that are the key itself, in the order of RFC 7638.
json::object public_members(Algorithm algorithm, EVP_PKEY& key);
std::string thumbprint(Algorithm algorithm, EVP_PKEY& key);

}  // namespace odeon::identity

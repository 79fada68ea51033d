// Keys that sign and verify tokens (RFC 7518): HS256, RS256 and ES256, by OpenSSL. A key is bound to one
// algorithm, so a token's header cannot choose another for it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace odeon::identity {

enum class Algorithm { HS256, RS256, ES256 };
BOOST_DESCRIBE_ENUM(Algorithm, HS256, RS256, ES256)

// Immutable, cheap to copy, thread-safe.
class Key {
 public:
  // RFC 7518 §3.2 wants at least 32 bytes; whoever configures the secret checks that.
  static Key secret(std::string bytes, std::string id = "");
  // A new key on P-256 for ES256; its id is its RFC 7638 thumbprint.
  static Key make();
  // A private key: RSA of 2048 to 8192 bits (RS256) or on P-256 (ES256). Throws Error{invalid} for others.
  static Key from_pem(std::string_view pem);
  // A public key of a JWKS (RFC 7517); nothing for what cannot verify one of our algorithms, among them
  // symmetric keys, keys for encryption, weak and broken ones.
  static std::optional<Key> from_jwk(const json::object& jwk);

  Algorithm algorithm() const;
  const std::string& id() const;
  // Not for keys from a JWKS: logic_error.
  std::string sign(std::string_view bytes) const;
  bool verify(std::string_view bytes, std::string_view signature) const;
  // Of pairs that were made or read from PEM.
  std::string private_pem() const;
  // Nothing for secrets.
  std::optional<json::object> public_jwk() const;

 private:
  struct State;
  explicit Key(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

// The keys that an issuer signs with. Reading is thread-safe.
class KeySet {
 public:
  KeySet() = default;
  explicit KeySet(std::vector<Key> keys) : keys_(std::move(keys)) {}

  // A JWKS document; what is of no use in it is left out. Throws Error{upstream} if it is no JWKS or holds
  // more than 64 keys.
  static KeySet from_jwks(std::string_view document);
  // The public keys, as a JWKS document.
  std::string jwks() const;

  // The key that `signature` is by: of that id if one is named, else one of the few of that algorithm.
  bool verify(Algorithm algorithm, std::string_view id, std::string_view bytes, std::string_view signature) const;
  bool knows(Algorithm algorithm, std::string_view id) const;
  bool empty() const { return keys_.empty(); }

 private:
  std::vector<Key> keys_;
};

}  // namespace odeon::identity

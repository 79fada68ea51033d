// Odeon's own access tokens: short-lived JWTs in the shape of Supabase's, made for one session of one
// product. They are signed with a secret from the configuration, or else with an ES256 key that the first
// node makes and keeps in the database, sealed, so that every node verifies what any node signed. A newer key signs
// on every node within a minute, and is known at once where a token by it arrives.
#pragma once

#include <memory>
#include <mutex>

#include "base/keyring.hpp"
#include "engine/database/database.hpp"
#include "engine/identity/account.hpp"
#include "engine/identity/jwt.hpp"

namespace odeon::identity {

struct AccessTokenOptions {
  std::string issuer = "odeon";       // an address that ends in /auth/v1, where the server knows its own
  std::optional<std::string> secret;  // SUPABASE_JWT_SECRET
};

// Thread-safe; what it is given outlives it.
class AccessTokens {
 public:
  AccessTokens(database::Database& database, const KeyRing& ring, const Clock& clock, AccessTokenOptions options);

  static constexpr std::string_view audience = "authenticated";
  const AccessTokenOptions& options() const { return options_; }

  struct Session {
    std::string id;
    std::string product;
    Instant signed_in_at;
    Instant expires_at;  // of the token
  };
  Task<std::string> write(Account account, Session session);

  bool is_own(const jwt::Token& token) const { return token.issuer == options_.issuer; }
  struct Claims {
    std::string account_id;
    std::string session_id;
    std::string product;
    Instant expires_at;
  };
  // Throws Error{unauthenticated}. The session may have ended: ask `Sessions`.
  Task<Claims> check(jwt::Token token);

  // The public keys; an empty set where a secret signs.
  Task<std::string> jwks();

  // Makes a key that signs from now on; what the others have signed stays good. Returns its number. For operators;
  // of no effect where a secret signs.
  Task<std::int64_t> add_key();

 private:
  struct Keys {
    Key signer;
    KeySet all;
  };
  // As they were read not longer than `age` ago.
  Task<std::shared_ptr<const Keys>> keys(Micros age);
  Task<std::shared_ptr<const Keys>> read_keys();

  database::Database& database_;
  const KeyRing& ring_;
  const Clock& clock_;
  AccessTokenOptions options_;
  std::mutex mutex_;
  std::shared_ptr<const Keys> keys_;  // once they were read
  Instant asked_at_;                  // the last time that somebody went to read them
};

}  // namespace odeon::identity

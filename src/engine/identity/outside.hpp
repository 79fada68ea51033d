// Tokens of a Supabase project elsewhere, as its own client libraries get them. What Odeon's own /auth/v1
// issues is access_tokens.hpp.
#pragma once

#include "engine/identity/accounts.hpp"
#include "engine/identity/jwt.hpp"
#include "engine/identity/remote_keys.hpp"

namespace odeon::identity {

struct SupabaseProject {
  // SUPABASE_URL. Its tokens name "<url>/auth/v1" as their issuer, its keys are at
  // "<url>/auth/v1/.well-known/jwks.json". Without it, the secret vouches for whatever issuer is named.
  std::optional<std::string> url;
  std::optional<std::string> jwt_secret;  // SUPABASE_JWT_SECRET, for HS256
};

// Thread-safe.
class OutsideTokens {
 public:
  OutsideTokens(SupabaseProject project, Fetch fetch, coordination::Coordination& coordination, const Clock& clock,
                Log& log);

  struct Claims {
    OutsidePerson person;
    Instant expires_at;
  };
  // Throws Error{unauthenticated}, and Error{unavailable} when the project's keys cannot be had.
  //
  // A mail counts as verified only if the token's own `email_verified`, or the one in its `app_metadata`, is
  // true: `user_metadata` is written by the user.
  Task<Claims> check(jwt::Token token);

 private:
  Task<void> check_signature(const jwt::Token& token);

  SupabaseProject project_;
  std::optional<std::string> issuer_;
  KeySet secret_;
  std::optional<RemoteKeys> remote_;
  const Clock& clock_;
};

}  // namespace odeon::identity

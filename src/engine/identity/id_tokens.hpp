// ID tokens that clients got elsewhere, to be exchanged for a session here: Firebase's, Clerk's, or those of any
// OpenID provider. RS256 and ES256, by the issuer's own published keys.
#pragma once

#include "engine/identity/id_tokens_claims.hpp"
#include "engine/identity/oauth_issuer.hpp"

namespace odeon::identity {

// Whose tokens are taken, and for whom they must be made.
struct IdIssuer {
  enum class Kind {
    firebase,  // firebase.google.com/docs/auth/admin/verify-id-tokens
    clerk,     // clerk.com/docs/guides/sessions/manual-jwt-verification
    openid,
  };
  Kind kind = Kind::openid;
  std::string issuer;                // as the tokens name it, but for a slash at the end
  std::string audience;              // Clerk's tokens of a session have none; those that have one must name this
  std::string keys_address;          // of a JWKS; empty for openid, which tells it by discovery
  std::vector<std::string> parties;  // if any: a token's `azp`, where it has one, is among them

  static IdIssuer firebase(std::string project);
  static IdIssuer clerk(std::string issuer);
  static IdIssuer openid(std::string issuer, std::string audience);
};

// Thread-safe; what it is given outlives it.
class IdTokens {
 public:
  IdTokens(std::vector<IdIssuer> issuers, Fetch fetch, coordination::Coordination& coordination, const Clock& clock,
           Log& log);

  bool knows_any() const { return !issuers_.empty(); }

  struct Claims {
    OutsidePerson person;
    std::string name;     // may be empty
    std::string picture;  // may be empty
    Instant expires_at;
  };
  // Throws Error{unauthenticated, "INVALID_TOKEN"} for whatever is wrong with it, Error{unavailable} while the issuer's
  // keys cannot be had, Error{upstream} if what it says of itself is wrong.
  Task<Claims> check(std::string token);

 private:
  struct Issuer {
    IdIssuer rules;
    std::unique_ptr<RemoteKeys> keys;   // of firebase and clerk
    std::unique_ptr<OAuthIssuer> open;  // of openid
  };
  Task<void> check_signature(const Issuer& of, jwt::Token token);

  std::vector<Issuer> issuers_;
  const Clock& clock_;
};

}  // namespace odeon::identity

// An OpenID provider elsewhere: where its endpoints are, as it says itself (OpenID Connect Discovery 1.0), and
// whether an ID token is its own (OpenID Connect Core 1.0 §3.1.3.7).
#pragma once

#include <mutex>

#include "engine/identity/jwt.hpp"
#include "engine/identity/remote_keys.hpp"

namespace odeon::identity {

// Thread-safe.
class OAuthIssuer {
 public:
  // `issuer` is its address, which its tokens name with a slash at the end or without; `other_name` another that it has
  // in them, or empty.
  OAuthIssuer(std::string issuer, std::string other_name, Fetch fetch, coordination::Coordination& coordination,
              const Clock& clock, Log& log);

  struct Endpoints {
    std::string authorize;
    std::string token;
    std::string keys_address;
    std::shared_ptr<RemoteKeys> keys;
  };
  // Asked for once an hour, and at most once a minute while it is away; what it said before is good until then.
  // Throws Error{unavailable} as long as it was never reached, Error{upstream} if what it says is not about itself.
  Task<std::shared_ptr<const Endpoints>> endpoints();

  const std::string& name() const { return issuer_; }
  bool is_called(std::string_view issuer) const;
  // Signature, issuer, audience and times. Throws Error{unauthenticated, "INVALID_TOKEN"}, and what `endpoints` does.
  Task<void> check(jwt::Token token, std::string audience);

 private:
  bool should_ask() const;
  Task<void> ask();
  std::shared_ptr<const Endpoints> read(std::string_view document) const;  // with the mutex held

  std::string issuer_;
  std::string other_name_;
  Fetch fetch_;
  coordination::Coordination& coordination_;
  const Clock& clock_;
  Log& log_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Endpoints> known_;
  Instant known_since_, tried_at_;
};

std::string without_slash(std::string address);

}  // namespace odeon::identity

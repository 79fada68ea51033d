// Signing in by others: Odeon as a client of their OAuth 2 (RFC 6749 §4.1, RFC 9700) and OpenID Connect, with PKCE
// (RFC 7636, S256) always.
//
//   start:  the browser gets a cookie and is sent to the provider
//   finish: the provider sends it back, with the cookie, to the address that was given at the start; it may come to
//           another node
#pragma once

#include <map>

#include "engine/database/database.hpp"
#include "engine/identity/oauth_issuer.hpp"
#include "engine/identity/oauth_wire.hpp"

namespace odeon::identity {

struct OAuthProvider {
  std::string name;    // of oauth_kinds(): google, apple, twitch, github, discord, facebook
  std::string issuer;  // a server of the operator's own, or empty: the provider's
  std::string client_id;
  std::string client_secret;  // not for Apple, which wants one signed by this key:
  std::string team_id, key_id, private_key_pem;
};

struct OAuthOptions {
  std::chrono::milliseconds time{10'000};  // for one call of a provider
};

// Thread-safe; what it is given outlives it.
class OAuth {
 public:
  static constexpr std::chrono::minutes lifetime{10};  // from start to finish

  // Throws Error{invalid} for a provider that is not known, or one that lacks what it needs.
  OAuth(database::Database& database, std::vector<OAuthProvider> providers, http::Client& client,
        coordination::Coordination& coordination, const Clock& clock, Log& log, OAuthOptions options = {});

  bool knows(std::string_view provider) const { return providers_.contains(provider); }
  std::vector<std::string> names() const;  // sorted

  struct Start {
    std::string provider;
    std::string product;
    std::string redirect_uri;              // exactly as the provider knows it
    std::string return_to;                 // given back by `finish`; whoever redirects there has checked it
    std::vector<std::string> more_scopes;  // beyond what signing in takes
  };
  struct Started {
    std::string url;  // where to send the browser
    // For a cookie that is HttpOnly, Secure and lives as long as `lifetime`; SameSite=Lax, or None where the browser
    // comes back by a POST from the provider's site.
    std::string binding;
    bool comes_back_by_post = false;
  };
  // Throws Error{not_found, "OAUTH_PROVIDER_UNKNOWN"}, and Error{unavailable} or {upstream} if the provider does not
  // tell where to go.
  Task<Started> start(Start start);

  struct Callback {
    std::string provider;
    std::string product;
    std::string code;
    std::string state;
    std::string error;
    std::string issuer;   // `iss` (RFC 9207), or empty
    std::string binding;  // of the cookie
    std::string user;     // of Apple's form
  };
  struct Finished {
    OutsidePerson person;
    std::string name;     // may be empty
    std::string picture;  // may be empty
    std::string return_to;
    OAuthTokens tokens;
  };
  // Once. Throws Error{invalid, "OAUTH_STATE_INVALID"} for a state or code that is unknown, used, too old or of
  // another browser, product or provider, all alike; Error{forbidden, "OAUTH_DENIED"} if the person did not want to;
  // Error{unavailable} if the provider is away, Error{upstream} if it has a fault.
  Task<Finished> finish(Callback callback);

  // What nobody came back for.
  Task<std::int64_t> prune();

 private:
  struct Provider {
    const OAuthKind& kind;
    OAuthProvider settings;
    std::string own_server;             // empty: the provider's
    std::string issuer;                 // what accounts are linked by
    std::optional<Key> key;             // Apple's
    std::unique_ptr<OAuthIssuer> open;  // of those with ID tokens
  };
  const Provider& provider(std::string_view name) const;
  std::string secret_for(const Provider& to) const;
  Task<http::JsonAnswer> ask(http::ClientRequest request);
  Task<json::object> exchange(const Provider& with, std::string code, std::string redirect_uri, std::string verifier);
  Task<json::object> claims_of(const Provider& by, std::string id_token, std::string access);
  Task<OutsideProfile> profile_by_id_token(const Provider& by, std::string id_token, std::string access,
                                           std::string nonce);
  Task<OutsideProfile> profile_by_api(const Provider& by, std::string access);
  Task<std::optional<std::string>> primary_mail(const Provider& by, std::string access);
  Task<http::JsonAnswer> call_api(const Provider& at, const OAuthPlace& place, std::string access);

  database::Database& database_;
  http::Client& client_;
  const Clock& clock_;
  OAuthOptions options_;
  std::map<std::string, Provider, std::less<>> providers_;
};

}  // namespace odeon::identity

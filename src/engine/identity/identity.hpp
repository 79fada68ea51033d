// Who sends a request: what http asks of this room.
//
// Credentials are a Bearer token (Odeon's own access token, a configured Supabase project's, or an API key)
// in Authorization, an API key in X-API-Key, or, for WebSockets, whose browsers cannot set headers, a `token`
// or `access_token` in the query. Credentials that come and are wrong are Error{unauthenticated}, whatever is
// wrong with them; nothing of the reason is told. Where none of these come and the product's policy has cookies, its
// session cookie counts, from pages of its own (session_cookies.hpp); one that is no longer good is as none.
//
// Own tokens and API keys are made for one product and refused by the others. The Supabase-compatible API at
// auth/v1 is the door of one product (briefings): its sessions and no other credentials open it, so that an
// API key cannot change a password.
#pragma once

#include "engine/http/services.hpp"
#include "engine/identity/access_tokens.hpp"
#include "engine/identity/accounts.hpp"
#include "engine/identity/api_keys.hpp"
#include "engine/identity/outside.hpp"
#include "engine/identity/session_cookies.hpp"
#include "engine/identity/sessions.hpp"

namespace odeon::identity {

// The name, and so the prefix, of the Supabase-compatible API.
inline constexpr std::string_view kSupabaseApi = "auth/v1";

struct IdentityOptions {
  std::string supabase_product = "briefings";  // whose people auth/v1 and the Supabase project know
  std::size_t max_remembered = 16 * 1024;      // verified tokens
};

// Thread-safe.
class Identity final : public http::Authenticator {
 public:
  Identity(AccessTokens& access, Sessions& sessions, Accounts& accounts, ApiKeys& keys, OutsideTokens& outside,
           const SessionCookies& cookies, const Clock& clock, IdentityOptions options);

  Task<void> identify(const http::Request& request, std::string product, http::Caller& caller) override;

 private:
  // What a token's bytes say for as long as it lasts; whether its holder may still come is asked each time.
  struct Verified {
    std::string account_id;
    std::string session_id;  // empty: a token from outside
    std::string product;
    Instant expires_at;
  };
  Task<void> by_token(std::string token, std::string product, bool at_door, http::Caller& caller);
  Task<void> by_cookie(const http::Request& request, std::string product, http::Caller& caller);
  Task<Verified> verified(std::string token);
  Task<Verified> verify(std::string token);

  AccessTokens& access_;
  Sessions& sessions_;
  Accounts& accounts_;
  ApiKeys& keys_;
  OutsideTokens& outside_;
  const SessionCookies& cookies_;
  const Clock& clock_;
  IdentityOptions options_;
  coordination::RecentTable<Verified> remembered_;  // by hash, so that a signature is checked once
};

}  // namespace odeon::identity

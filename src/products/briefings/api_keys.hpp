// Keys with which a listener's own programs call this API, in plans with the feature api_access.
//
// A key reads ("read": GET) or acts ("write": all else), or both. What would outlive it or reach beyond it
// stays the person's own: keys, the podcast feed's address, devices.
#pragma once

#include "engine/billing/subscriptions.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "engine/identity/api_keys.hpp"
#include "products/briefings/briefings.hpp"

namespace odeon::briefings {

enum class Scope { read, write };
BOOST_DESCRIBE_ENUM(Scope, read, write)

struct NewKey {
  Text<1, 100> name;
  std::optional<List<Scope, 1, 2>> scopes;  // else both
  std::optional<Instant> expires_at;        // else never
};
BOOST_DESCRIBE_STRUCT(NewKey, (), (name, scopes, expires_at))

struct KeyMade {
  identity::ApiKey key;
  std::string secret;  // shown now and never again
};
BOOST_DESCRIBE_STRUCT(KeyMade, (), (key, secret))

struct KeyList {
  std::vector<identity::ApiKey> keys;
};
BOOST_DESCRIBE_STRUCT(KeyList, (), (keys))

struct KeyRequest {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(KeyRequest, (), (id))

inline constexpr Endpoint<http::Nothing, KeyList> list_keys{{.method = Method::get,
                                                             .path = "/api/keys",
                                                             .summary = "Your API keys, without their secrets",
                                                             .auth = Auth::user,
                                                             .rate = kReading}};
inline constexpr Endpoint<NewKey, http::WithHeaders<KeyMade>> make_key{
    {.method = Method::post,
     .path = "/api/keys",
     .summary = "A new API key; its secret is shown this once",
     .description = "Send it as X-API-Key or as a Bearer token. Not to be asked for with an API key.",
     .auth = Auth::user,
     .rate = {20, http::per_minute}}};
inline constexpr Endpoint<KeyRequest, http::NoContent> revoke_key{{.method = Method::delete_,
                                                                   .path = "/api/keys/{id}",
                                                                   .summary = "Revoke an API key",
                                                                   .auth = Auth::user,
                                                                   .rate = {60, http::per_minute}}};

class Keys {
 public:
  Keys(identity::ApiKeys& keys, billing::Subscriptions& subscriptions) : keys_(keys), subscriptions_(subscriptions) {}

  Task<KeyList> list(http::Caller caller);
  Task<http::WithHeaders<KeyMade>> make(http::Caller caller, NewKey request);
  Task<http::NoContent> revoke(http::Caller caller, KeyRequest request);

  void mount(http::Api& api);

 private:
  identity::ApiKeys& keys_;
  billing::Subscriptions& subscriptions_;
};

// Stands before whoever tells who calls, and lets keys do what they may: within their scopes, and while their
// owner's plan has them. Other products pass as they come.
class KeyAccess final : public http::Authenticator {
 public:
  KeyAccess(http::Authenticator& identity, billing::Subscriptions& subscriptions)
      : identity_(identity), subscriptions_(subscriptions) {}

  Task<void> identify(const http::Request& request, std::string product, http::Caller& caller) override;

 private:
  http::Authenticator& identity_;
  billing::Subscriptions& subscriptions_;
};

}  // namespace odeon::briefings

// API keys with which people's own programs call a product, in plans with the feature api_access: the same in every
// product.
//
// A key reads ("read": GET) or acts ("write": all else), or both. What would outlive it or reach beyond it stays the
// person's own: keys, webhooks, sessions, buying, the account. Each product names the addresses of that.
#pragma once

#include <map>
#include <span>

#include "base/fields.hpp"
#include "engine/billing/subscriptions.hpp"
#include "engine/http/endpoint.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "engine/identity/api_keys.hpp"

namespace odeon::billing {

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

struct KeyRoutes {
  http::Endpoint<http::Nothing, KeyList> list;
  http::Endpoint<NewKey, http::WithHeaders<KeyMade>> make;
  http::Endpoint<KeyRequest, http::NoContent> revoke;
};

// `one` is `all` with "/{id}" behind.
consteval KeyRoutes key_routes(std::string_view all, std::string_view one) {
  return {.list = {{.method = http::Method::get,
                    .path = all,
                    .summary = "Your API keys, without their secrets",
                    .auth = http::Auth::user,
                    .rate = {120, http::per_minute}}},
          .make = {{.method = http::Method::post,
                    .path = all,
                    .summary = "A new API key; its secret is shown this once",
                    .description = "Send it as X-API-Key or as a Bearer token. Not to be asked for with an API key.",
                    .auth = http::Auth::user,
                    .rate = {20, http::per_minute},
                    .statuses = {201}}},
          .revoke = {{.method = http::Method::delete_,
                      .path = one,
                      .summary = "Revoke an API key",
                      .auth = http::Auth::user,
                      .rate = {60, http::per_minute}}}};
}

inline constexpr KeyRoutes kKeyRoutes = key_routes("/api/keys", "/api/keys/{id}");

// Of one product.
class ApiAccess {
 public:
  ApiAccess(std::string product, identity::ApiKeys& keys, Subscriptions& subscriptions)
      : product_(std::move(product)), keys_(keys), subscriptions_(subscriptions) {}

  Task<KeyList> list(http::Caller caller);
  Task<http::WithHeaders<KeyMade>> make(http::Caller caller, NewKey request);
  Task<http::NoContent> revoke(http::Caller caller, KeyRequest request);

  // Mounts nothing where no plan of the product has the feature.
  void mount(http::Api& api, const KeyRoutes& routes = kKeyRoutes);

 private:
  std::string product_;
  identity::ApiKeys& keys_;
  Subscriptions& subscriptions_;
};

// By product: addresses (and all below them) that no key opens. Whoever keeps them outlives what is made of this.
using PersonsOwn = std::map<std::string, std::span<const std::string_view>, std::less<>>;

// Stands before whoever tells who calls, and lets keys do what they may: within their scopes, and while their owner's
// plan has them. A product that names nothing of the person's own takes no keys.
class KeyAccess final : public http::Authenticator {
 public:
  KeyAccess(http::Authenticator& identity, Subscriptions& subscriptions, PersonsOwn own)
      : identity_(identity), subscriptions_(subscriptions), own_(std::move(own)) {}

  Task<void> identify(const http::Request& request, std::string product, http::Caller& caller) override;

 private:
  bool is_persons_own(std::string_view product, std::string_view route) const;

  http::Authenticator& identity_;
  Subscriptions& subscriptions_;
  const PersonsOwn own_;
};

}  // namespace odeon::billing

// Where a person's own programs are told of what happens, over HTTP: the same in every product. A product names the
// types of its events and its addresses.
#pragma once

#include <span>

#include "base/fields.hpp"
#include "engine/http/endpoint.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "engine/notify/webhooks.hpp"

namespace odeon::notify {

// What every product tells of: somebody's plan, and how long it goes on.
inline constexpr std::string_view kSubscriptionChanged = "subscription.changed";

struct NewWebhook {
  Text<1, 2000> url;
  List<Text<1, 100>, 0, 50> events;  // left out: all, also those that come later
};
BOOST_DESCRIBE_STRUCT(NewWebhook, (), (url, events))

struct WebhookShown {
  std::string id;
  std::string url;
  std::vector<std::string> events;  // empty: all
  Instant created_at;
  std::optional<Instant> disabled_at;
  std::optional<std::string> disabled_because;  // gone or failing
};
BOOST_DESCRIBE_STRUCT(WebhookShown, (), (id, url, events, created_at, disabled_at, disabled_because))

struct WebhookMade {
  WebhookShown endpoint;
  std::string secret;  // shown now and never again
};
BOOST_DESCRIBE_STRUCT(WebhookMade, (), (endpoint, secret))

struct WebhookList {
  std::vector<WebhookShown> endpoints;
  std::vector<std::string> event_types;  // that there are
};
BOOST_DESCRIBE_STRUCT(WebhookList, (), (endpoints, event_types))

struct WebhookRequest {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(WebhookRequest, (), (id))

struct WebhookAttempts {
  std::vector<WebhookAttempt> attempts;  // the newest first
};
BOOST_DESCRIBE_STRUCT(WebhookAttempts, (), (attempts))

struct WebhookSecret {
  std::string secret;  // shown now and never again
};
BOOST_DESCRIBE_STRUCT(WebhookSecret, (), (secret))

struct WebhookPinged {
  std::string event_id;  // as the attempts name it
};
BOOST_DESCRIBE_STRUCT(WebhookPinged, (), (event_id))

struct WebhookRoutes {
  http::Endpoint<http::Nothing, WebhookList> list;
  http::Endpoint<NewWebhook, http::WithHeaders<WebhookMade>> make;
  http::Endpoint<WebhookRequest, http::NoContent> remove;
  http::Endpoint<WebhookRequest, WebhookAttempts> attempts;
  http::Endpoint<WebhookRequest, http::WithHeaders<WebhookSecret>> roll;
  http::Endpoint<WebhookRequest, WebhookShown> enable;
  http::Endpoint<WebhookRequest, http::Accepted<WebhookPinged>> test;
};

struct WebhookPaths {
  std::string_view all, one, attempts, secret, enable, test;  // those of one with its {id}
};

consteval WebhookRoutes webhook_routes(WebhookPaths at) {
  using http::Auth;
  using http::Method;
  constexpr http::Rate reading{120, http::per_minute}, changing{60, http::per_minute}, making{20, http::per_minute};
  return {.list = {{.method = Method::get,
                    .path = at.all,
                    .summary = "Where your programs are told of what happens, and of what there is to tell",
                    .auth = Auth::user,
                    .rate = reading}},
          .make = {{.method = Method::post,
                    .path = at.all,
                    .summary = "Tell a program of yours; the secret that signs is shown this once",
                    .description = "Events come as Standard Webhooks has them (standardwebhooks.com). Without `events` "
                                   "all are told. The address must be one that everybody can reach.",
                    .auth = Auth::user,
                    .rate = making,
                    .statuses = {201}}},
          .remove = {{.method = Method::delete_,
                      .path = at.one,
                      .summary = "Tell this program nothing any more",
                      .auth = Auth::user,
                      .rate = changing}},
          .attempts = {{.method = Method::get,
                        .path = at.attempts,
                        .summary = "What became of the last attempts to deliver, the newest first",
                        .auth = Auth::user,
                        .rate = reading}},
          .roll = {{.method = Method::post,
                    .path = at.secret,
                    .summary = "A new secret; for a day the one before signs beside it",
                    .auth = Auth::user,
                    .rate = making}},
          .enable = {{.method = Method::post,
                      .path = at.enable,
                      .summary = "Go on with an endpoint that was disabled because it failed",
                      .auth = Auth::user,
                      .rate = changing}},
          .test = {{.method = Method::post,
                    .path = at.test,
                    .summary = "Send it an event of the type ping, once",
                    .description = "How that went is among its attempts, by the event's id.",
                    .auth = Auth::user,
                    .rate = making}}};
}

inline constexpr WebhookRoutes kWebhookRoutes = webhook_routes({.all = "/api/webhook-endpoints",
                                                                .one = "/api/webhook-endpoints/{id}",
                                                                .attempts = "/api/webhook-endpoints/{id}/attempts",
                                                                .secret = "/api/webhook-endpoints/{id}/secret",
                                                                .enable = "/api/webhook-endpoints/{id}/enable",
                                                                .test = "/api/webhook-endpoints/{id}/test"});

// Of one product: another's endpoints are none that exist here.
class WebhookDesk {
 public:
  // `events` are all types that the product tells of; whoever keeps them outlives this.
  WebhookDesk(std::string product, std::span<const std::string_view> events, Webhooks& webhooks)
      : product_(std::move(product)), events_(events), webhooks_(webhooks) {}

  Task<WebhookList> list(http::Caller caller);
  Task<http::WithHeaders<WebhookMade>> make(http::Caller caller, NewWebhook request);
  Task<http::NoContent> remove(http::Caller caller, WebhookRequest request);
  Task<WebhookAttempts> attempts(http::Caller caller, WebhookRequest request);
  Task<http::WithHeaders<WebhookSecret>> roll(http::Caller caller, WebhookRequest request);
  Task<WebhookShown> enable(http::Caller caller, WebhookRequest request);
  Task<http::Accepted<WebhookPinged>> test(http::Caller caller, WebhookRequest request);

  void mount(http::Api& api, const WebhookRoutes& routes = kWebhookRoutes);

 private:
  // Throws Error{not_found} for one that is not the caller's, or not of this product.
  Task<WebhookEndpoint> known(std::string owner, std::string id);

  std::string product_;
  std::span<const std::string_view> events_;
  Webhooks& webhooks_;
};

}  // namespace odeon::notify

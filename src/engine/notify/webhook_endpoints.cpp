#include "engine/notify/webhook_endpoints.hpp"

#include "engine/http/binding.hpp"

namespace odeon::notify {
namespace {

Error no_such_endpoint() {
  return Error(Fault::not_found, "WEBHOOK_NOT_FOUND", "There is no such webhook endpoint.");
}

WebhookShown shown(WebhookEndpoint endpoint) {
  WebhookShown shown{.id = std::move(endpoint.id),
                     .url = std::move(endpoint.url),
                     .events = std::move(endpoint.events),
                     .created_at = endpoint.created_at,
                     .disabled_at = endpoint.disabled_at};
  if (!endpoint.disabled_because.empty()) shown.disabled_because = std::move(endpoint.disabled_because);
  return shown;
}

template <class T>
http::WithHeaders<T> told_once(T value, unsigned status) {
  http::WithHeaders<T> reply{.value = std::move(value), .status = status};
  reply.headers.add("Cache-Control", "no-store");
  return reply;
}

}  // namespace

void WebhookDesk::mount(http::Api& api, const WebhookRoutes& routes) {
  http::mount(api, routes.list, &WebhookDesk::list, *this);
  http::mount(api, routes.make, &WebhookDesk::make, *this);
  http::mount(api, routes.remove, &WebhookDesk::remove, *this);
  http::mount(api, routes.attempts, &WebhookDesk::attempts, *this);
  http::mount(api, routes.roll, &WebhookDesk::roll, *this);
  http::mount(api, routes.enable, &WebhookDesk::enable, *this);
  http::mount(api, routes.test, &WebhookDesk::test, *this);
}

Task<WebhookEndpoint> WebhookDesk::known(std::string owner, std::string id) {
  for (auto& endpoint : co_await webhooks_.list(std::move(owner), product_))
    if (endpoint.id == id) co_return std::move(endpoint);
  throw no_such_endpoint();
}

Task<WebhookList> WebhookDesk::list(http::Caller caller) {
  WebhookList list{.event_types = {events_.begin(), events_.end()}};
  for (auto& endpoint : co_await webhooks_.list(caller.user_id, product_))
    list.endpoints.push_back(shown(std::move(endpoint)));
  co_return list;
}

Task<http::WithHeaders<WebhookMade>> WebhookDesk::make(http::Caller caller, NewWebhook request) {
  json::Faults faults;
  for (std::size_t i = 0; i < request.events.size(); ++i)
    if (std::ranges::find(events_, std::string_view(request.events[i])) == events_.end())
      faults.add(fmt::format("events[{}]", i), "not_allowed",
                 fmt::format("This must be one of: {}.", fmt::join(events_, ", ")));
  faults.raise();
  auto made = co_await webhooks_.create({.owner = caller.user_id,
                                         .product = product_,
                                         .url = std::move(request.url),
                                         .events = {request.events.begin(), request.events.end()}});
  co_return told_once(WebhookMade{shown(std::move(made.endpoint)), std::move(made.secret)}, 201);
}

Task<http::NoContent> WebhookDesk::remove(http::Caller caller, WebhookRequest request) {
  co_await known(caller.user_id, request.id);
  co_await webhooks_.remove(caller.user_id, request.id);
  co_return http::NoContent{};
}

Task<WebhookAttempts> WebhookDesk::attempts(http::Caller caller, WebhookRequest request) {
  co_await known(caller.user_id, request.id);
  co_return WebhookAttempts{co_await webhooks_.attempts(caller.user_id, request.id)};
}

Task<http::WithHeaders<WebhookSecret>> WebhookDesk::roll(http::Caller caller, WebhookRequest request) {
  co_await known(caller.user_id, request.id);
  auto secret = co_await webhooks_.roll_secret(caller.user_id, request.id);
  if (!secret) throw no_such_endpoint();
  co_return told_once(WebhookSecret{std::move(*secret)}, 200);
}

Task<WebhookShown> WebhookDesk::enable(http::Caller caller, WebhookRequest request) {
  co_await known(caller.user_id, request.id);
  co_await webhooks_.enable(caller.user_id, request.id);
  co_return shown(co_await known(caller.user_id, request.id));
}

Task<http::Accepted<WebhookPinged>> WebhookDesk::test(http::Caller caller, WebhookRequest request) {
  co_await known(caller.user_id, request.id);
  auto event = co_await webhooks_.ping(caller.user_id, request.id);
  if (!event)
    throw Error(Fault::conflict, "WEBHOOK_DISABLED", "This endpoint is disabled. Enable it first.")
        .with_fallback_action("enable");
  co_return http::Accepted<WebhookPinged>{{std::move(*event)}};
}

}  // namespace odeon::notify

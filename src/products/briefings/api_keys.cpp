#include "products/briefings/api_keys.hpp"

#include "engine/http/binding.hpp"

namespace odeon::briefings {
namespace {

constexpr std::array<std::string_view, 6> kPersonsOwn{"/api/keys",
                                                      "/api/feed",
                                                      "/api/push-tokens",
                                                      "/api/subscription/create-checkout",
                                                      "/api/subscription/manage",
                                                      "/api/subscription/validate-iap"};

bool is_persons_own(std::string_view route) {
  return std::ranges::any_of(kPersonsOwn, [route](std::string_view prefix) {
    return route.starts_with(prefix) && (route.size() == prefix.size() || route[prefix.size()] == '/');
  });
}

Scope scope_for(http::Method method) {
  return method == http::Method::get || method == http::Method::head ? Scope::read : Scope::write;
}

Error upgrade_required(const billing::ProductPlans& plans) {
  return Error(Fault::forbidden, "UPGRADE_REQUIRED", "API keys are part of the Pro plan.")
      .with_upgrade_url(plans.upgrade_url);
}

}  // namespace

void Keys::mount(http::Api& api) {
  http::mount(api, list_keys, &Keys::list, *this);
  http::mount(api, make_key, &Keys::make, *this);
  http::mount(api, revoke_key, &Keys::revoke, *this);
}

Task<KeyList> Keys::list(http::Caller caller) {
  co_return KeyList{co_await keys_.list(caller.user_id, std::string(kProduct))};
}

Task<http::WithHeaders<KeyMade>> Keys::make(http::Caller caller, NewKey request) {
  const auto entitled = co_await subscriptions_.entitlement(caller.user_id, std::string(kProduct));
  if (!entitled.plan->has("api_access")) throw upgrade_required(subscriptions_.plans_of(kProduct));
  std::vector<std::string> scopes;
  for (const auto scope : {Scope::read, Scope::write})
    if (!request.scopes || std::ranges::find(*request.scopes, scope) != request.scopes->end())
      scopes.emplace_back(json::enum_name(scope));
  auto made = co_await keys_.create({.account_id = caller.user_id,
                                     .product = std::string(kProduct),
                                     .name = std::move(request.name),
                                     .scopes = std::move(scopes),
                                     .expires_at = request.expires_at});
  http::WithHeaders<KeyMade> reply{.value = {std::move(made.key), std::move(made.secret)}, .status = 201};
  reply.headers.add("Cache-Control", "no-store");
  co_return reply;
}

Task<http::NoContent> Keys::revoke(http::Caller caller, KeyRequest request) {
  co_await keys_.revoke(caller.user_id, std::move(request.id));
  co_return http::NoContent{};
}

Task<void> KeyAccess::identify(const http::Request& request, std::string product, http::Caller& caller) {
  co_await identity_.identify(request, product, caller);
  if (caller.scopes.empty() || product != kProduct) co_return;
  if (is_persons_own(request.route))
    throw Error(Fault::forbidden, "NOT_BY_API_KEY", "This cannot be done with an API key. Sign in.");
  const auto needed = json::enum_name(scope_for(request.method));
  if (std::ranges::find(caller.scopes, needed) == caller.scopes.end())
    throw Error(Fault::forbidden, "SCOPE_MISSING", fmt::format("This API key lacks the scope {}.", needed));
  const auto entitled = co_await subscriptions_.entitlement(caller.user_id, std::string(kProduct));
  if (!entitled.plan->has("api_access")) throw upgrade_required(subscriptions_.plans_of(kProduct));
}

}  // namespace odeon::briefings

#include "engine/billing/api_access.hpp"

#include "engine/http/binding.hpp"

namespace odeon::billing {
namespace {

constexpr std::string_view kFeature = "api_access";

// The cheapest plan that has keys; null if none has.
const Plan* plan_with_keys(const ProductPlans& plans) {
  const auto found = std::ranges::find_if(plans.plans, [](const Plan& plan) { return plan.has(kFeature); });
  return found == plans.plans.end() ? nullptr : &*found;
}

Error upgrade_required(const ProductPlans& plans) {
  const Plan* plan = plan_with_keys(plans);
  std::string message =
      plan == nullptr ? "API keys are part of no plan." : fmt::format("API keys are part of the {} plan.", plan->title);
  return Error(Fault::forbidden, "UPGRADE_REQUIRED", std::move(message)).with_upgrade_url(plans.upgrade_url);
}

void require_keys(const Plan& plan, const ProductPlans& plans) {
  if (!plan.has(kFeature)) throw upgrade_required(plans);
}

Scope scope_for(http::Method method) {
  return method == http::Method::get || method == http::Method::head ? Scope::read : Scope::write;
}

}  // namespace

void ApiAccess::mount(http::Api& api, const KeyRoutes& routes) {
  if (plan_with_keys(subscriptions_.plans_of(product_)) == nullptr) return;
  http::mount(api, routes.list, &ApiAccess::list, *this);
  http::mount(api, routes.make, &ApiAccess::make, *this);
  http::mount(api, routes.revoke, &ApiAccess::revoke, *this);
}

Task<KeyList> ApiAccess::list(http::Caller caller) {
  co_return KeyList{co_await keys_.list(caller.user_id, product_)};
}

Task<http::WithHeaders<KeyMade>> ApiAccess::make(http::Caller caller, NewKey request) {
  const auto entitled = co_await subscriptions_.recent(caller.user_id, product_);
  require_keys(*entitled.plan, subscriptions_.plans_of(product_));
  std::vector<std::string> scopes;
  for (const auto scope : {Scope::read, Scope::write})
    if (!request.scopes || std::ranges::find(*request.scopes, scope) != request.scopes->end())
      scopes.emplace_back(json::enum_name(scope));
  auto made = co_await keys_.create({.account_id = caller.user_id,
                                     .product = product_,
                                     .name = std::move(request.name),
                                     .scopes = std::move(scopes),
                                     .expires_at = request.expires_at});
  http::WithHeaders<KeyMade> reply{.value = {std::move(made.key), std::move(made.secret)}, .status = 201};
  reply.headers.add("Cache-Control", "no-store");
  co_return reply;
}

Task<http::NoContent> ApiAccess::revoke(http::Caller caller, KeyRequest request) {
  co_await keys_.revoke(caller.user_id, std::move(request.id));
  co_return http::NoContent{};
}

bool KeyAccess::is_persons_own(std::string_view product, std::string_view route) const {
  const auto own = own_.find(product);
  if (own == own_.end()) return true;
  return std::ranges::any_of(own->second, [route](std::string_view prefix) {
    return route.starts_with(prefix) && (route.size() == prefix.size() || route[prefix.size()] == '/');
  });
}

Task<void> KeyAccess::identify(const http::Request& request, std::string product, http::Caller& caller) {
  co_await identity_.identify(request, product, caller);
  if (caller.scopes.empty()) co_return;
  if (is_persons_own(product, request.route))
    throw Error(Fault::forbidden, "NOT_BY_API_KEY", "This cannot be done with an API key. Sign in.");
  const auto needed = json::enum_name(scope_for(request.method));
  if (std::ranges::find(caller.scopes, needed) == caller.scopes.end())
    throw Error(Fault::forbidden, "SCOPE_MISSING", fmt::format("This API key lacks the scope {}.", needed));
  const auto entitled = co_await subscriptions_.recent(caller.user_id, product);
  require_keys(*entitled.plan, subscriptions_.plans_of(product));
}

}  // namespace odeon::billing

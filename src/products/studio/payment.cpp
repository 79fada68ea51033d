#include "products/studio/payment.hpp"

#include "base/nullable.hpp"
#include "engine/http/binding.hpp"

namespace odeon::studio {
namespace {

std::string status_of(const billing::Entitlement& entitled) {
  if (entitled.trial && entitled.status == billing::SubscriptionStatus::active) return "trialing";
  return std::string(json::enum_name(entitled.status));
}

}  // namespace

void Payment::mount(http::Api& api) {
  http::mount(api, studio::subscription, &Payment::subscription, *this);
  http::mount(api, studio::checkout, &Payment::checkout, *this);
  http::mount(api, studio::portal, &Payment::portal, *this);
  http::mount(api, cancel_subscription, &Payment::cancel, *this);
  http::mount(api, studio::usage, &Payment::usage, *this);
  http::mount(api, studio::choose_overage, &Payment::choose_overage, *this);
  http::mount(api, stripe_webhook, &billing::Storefront::stripe, rooms_.shop);
  rooms_.shop.mount(api);
}

// Who pays nothing has the calendar's months for periods.
Task<Subscription> Payment::subscription(http::Caller caller) {
  const std::string product(kProduct);
  const auto entitled = co_await rooms_.subscriptions.entitlement(caller.user_id, product);
  const auto contract = co_await rooms_.subscriptions.contract(caller.user_id, product);
  const auto assets = co_await rooms_.allowances.of(caller.user_id, product, "assets");
  const Instant now = rooms_.clock.now();
  Subscription shown{.id = contract ? contract->id : caller.user_id,
                     .user_id = caller.user_id,
                     .tier = entitled.plan->name,
                     .status = status_of(entitled),
                     .current_period_start = billing::start_of(billing::Period::month, now),
                     .current_period_end = entitled.expires_at.value_or(assets.resets_at.value_or(now)),
                     .cancel_at_period_end = entitled.cancel_at_period_end,
                     .assets_limit = assets.limit,
                     .assets_used = assets.used,
                     .platforms_limit = entitled.plan->limit("platforms")};
  shown.created_at = shown.updated_at = shown.current_period_start;
  if (contract) {
    shown.current_period_start = contract->period_start;
    shown.current_period_end = contract->period_end;
    shown.created_at = contract->created_at;
    shown.updated_at = contract->updated_at;
    if (contract->provider == kStripe) shown.stripe_subscription_id = contract->id;
    if (contract->provider == kStripe && !contract->price.empty()) shown.stripe_price_id = contract->price;
  }
  co_return shown;
}

Task<CheckoutReply> Payment::checkout(http::Caller caller, CheckoutRequest request) {
  auto made =
      co_await rooms_.shop.buy(std::move(caller), request.tier, request.period.value_or(billing::Cycle::monthly));
  co_return CheckoutReply{std::move(made.url), std::move(made.id)};
}

Task<PortalReply> Payment::portal(http::Caller caller) {
  co_return PortalReply{co_await rooms_.shop.portal(std::move(caller))};
}

Task<Subscription> Payment::cancel(http::Caller caller) {
  co_await rooms_.shop.cancel(caller);
  co_return co_await subscription(std::move(caller));
}

Task<Usage> Payment::usage(http::Caller caller) {
  const std::string product(kProduct);
  const auto assets = co_await rooms_.allowances.of(caller.user_id, product, "assets");
  const auto platforms = co_await rooms_.allowances.of(caller.user_id, product, "platforms");
  const auto members = co_await rooms_.allowances.of(caller.user_id, product, "team_members");
  Usage usage{.assets_generated_this_month = assets.used,
              .assets_in_progress = assets.reserved,
              .assets_limit = assets.limit,
              .platforms_connected = platforms.used,
              .platforms_limit = platforms.limit,
              .team_members = members.used,
              .team_members_limit = members.limit,
              .resets_at = or_null(assets.resets_at),
              .upgrade_url = rooms_.subscriptions.plans_of(kProduct).upgrade_url};
  if (const auto price = assets.plan->overage.find("assets"); price != assets.plan->overage.end()) {
    const auto past = co_await rooms_.overages.used(caller.user_id, product, "assets");
    usage.overage = {.available = true,
                     .enabled = co_await rooms_.overages.is_on(caller.user_id, product),
                     .price_cents = price->second,
                     .assets = past,
                     .cost_cents = past * price->second};
  }
  co_return usage;
}

Task<Usage> Payment::choose_overage(http::Caller caller, OverageChoice choice) {
  const std::string product(kProduct);
  if (co_await rooms_.overages.turn(caller.user_id, product, choice.enabled))
    co_await rooms_.audit.record(
        rooms_.database,
        {.user_id = caller.user_id, .product = product, .action = choice.enabled ? "overage_on" : "overage_off"});
  co_return co_await usage(std::move(caller));
}

}  // namespace odeon::studio

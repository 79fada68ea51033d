#include "products/chat/payment.hpp"

#include "base/nullable.hpp"
#include "engine/http/binding.hpp"
#include "products/chat/money.hpp"

namespace odeon::chat {
namespace {

Counted counted(const billing::Allowance& allowance) {
  return {allowance.used + allowance.reserved, allowance.limit, or_null(allowance.resets_at)};
}

Budget budget_of(const billing::Allowance& spend) {
  return {dollars(spend.used + spend.reserved), dollars(spend.limit), dollars(spend.left()), or_null(spend.resets_at)};
}

}  // namespace

std::string tier_of(const billing::Plan& plan) {
  return text::to_upper(plan.name);
}

std::string status_of(const billing::Entitlement& entitled) {
  if (entitled.trial && entitled.status == billing::SubscriptionStatus::active) return "trialing";
  return std::string(json::enum_name(entitled.status));
}

void Payment::mount(http::Api& api) {
  http::mount(api, list_tiers, &Payment::tiers, *this);
  http::mount(api, chat::checkout, &Payment::checkout, *this);
  http::mount(api, chat::portal, &Payment::portal, *this);
  http::mount(api, chat::subscription, &Payment::subscription, *this);
  http::mount(api, cancel_subscription, &Payment::cancel, *this);
  http::mount(api, chat::usage, &Payment::usage, *this);
  http::mount(api, stripe_webhook, &billing::Storefront::stripe, shop_);
  http::mount(api, polar_webhook, &billing::Storefront::polar, shop_);
  shop_.mount(api);
}

Task<TierList> Payment::tiers() {
  const billing::ProductPlans& plans = subscriptions_.plans_of(kProduct);
  TierList list{.trial_days = plans.trial_days};
  for (const auto& plan : plans.plans) {
    if (plan.monthly_price == 0) continue;
    TierShown shown{.tier = tier_of(plan),
                    .conversations_per_month = plan.limit("conversations_per_month"),
                    .voice_sessions_per_day = plan.limit("voice_sessions_per_day"),
                    .daily_budget_usd = plan.limit("dollars_per_day"),
                    .features = {plan.features.begin(), plan.features.end()}};
    for (const auto& price : co_await currencies_.prices({std::string(kProduct), plan.name, billing::Cycle::monthly}))
      shown.prices.push_back({text::to_upper(price.currency), price.amount});
    list.tiers.push_back(std::move(shown));
  }
  co_return list;
}

Task<CheckoutReply> Payment::checkout(http::Caller caller, CheckoutRequest request) {
  const std::string currency = text::to_lower(json::enum_name(request.currency.value_or(Currency::USD)));
  auto made = co_await shop_.buy(std::move(caller), text::to_lower(request.tier), billing::Cycle::monthly, currency);
  co_return CheckoutReply{std::move(made.url), std::move(made.id)};
}

Task<PortalReply> Payment::portal(http::Caller caller) {
  co_return PortalReply{co_await shop_.portal(std::move(caller))};
}

Task<SubscriptionReply> Payment::subscription(http::Caller caller) {
  const auto entitled = co_await subscriptions_.entitlement(caller.user_id, std::string(kProduct));
  co_return SubscriptionReply{.tier = tier_of(*entitled.plan),
                              .status = status_of(entitled),
                              .ends_at = or_null(entitled.expires_at),
                              .cancel_at_period_end = entitled.cancel_at_period_end,
                              .features = {entitled.plan->features.begin(), entitled.plan->features.end()}};
}

Task<SubscriptionReply> Payment::cancel(http::Caller caller) {
  co_await shop_.cancel(caller);
  co_return co_await subscription(std::move(caller));
}

Task<UsageReply> Payment::usage(http::Caller caller) {
  const std::string product(kProduct);
  const Instant now = clock_.now();
  const auto spend = co_await allowances_.of(caller.user_id, product, "spend");
  UsageReply reply{.tier = tier_of(*spend.plan),
                   .conversations = counted(co_await allowances_.of(caller.user_id, product, "conversations")),
                   .voice_sessions = counted(co_await allowances_.of(caller.user_id, product, "voice_sessions")),
                   .daily_budget = budget_of(spend)};
  for (auto& total : co_await ledger_.totals(caller.user_id, product, billing::Ledger::By::model,
                                             billing::start_of(billing::Period::month, now), now + Micros(1)))
    reply.costs_this_month.push_back(
        {std::move(total.name), total.count, total.tokens_in + total.tokens_out, dollars(total.cost)});
  co_return reply;
}

}  // namespace odeon::chat

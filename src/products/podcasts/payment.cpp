#include "products/podcasts/payment.hpp"

#include "base/nullable.hpp"
#include "engine/http/binding.hpp"

namespace odeon::podcasts {
namespace {

constexpr double kGigabyte = 1'000'000'000;
constexpr std::int64_t kMinute = 60;

PlanShown shown_plan(const billing::Plan& plan) {
  PlanShown shown{.name = plan.title,
                  .slug = plan.name,
                  .price_monthly = plan.monthly_price,
                  .recording_minutes_per_month = plan.limit("recording_minutes_per_month"),
                  .storage_gb = plan.limit("storage_gb"),
                  .max_podcasts = plan.limit("podcasts"),
                  .features = {plan.features.begin(), plan.features.end()}};
  if (plan.yearly_price > 0) shown.price_yearly = plan.yearly_price;
  return shown;
}

}  // namespace

std::string status_of(const billing::Entitlement& entitled) {
  switch (entitled.status) {
    case billing::SubscriptionStatus::past_due:
      return "past_due";
    case billing::SubscriptionStatus::canceled:
      return "cancelled";
    case billing::SubscriptionStatus::active:
      break;
  }
  return entitled.plan->monthly_price == 0 ? "inactive" : "active";
}

void Payment::mount(http::Api& api) {
  http::mount(api, list_plans, &Payment::plans, *this);
  http::mount(api, podcasts::checkout, &Payment::checkout, *this);
  http::mount(api, podcasts::portal, &Payment::portal, *this);
  http::mount(api, podcasts::subscription, &Payment::subscription, *this);
  http::mount(api, cancel_subscription, &Payment::cancel, *this);
  http::mount(api, stripe_webhook, &billing::Storefront::stripe, shop_);
  shop_.mount(api);
}

Task<PlanList> Payment::plans() {
  PlanList list;
  for (const auto& plan : subscriptions_.plans_of(kProduct).plans) list.plans.push_back(shown_plan(plan));
  co_return list;
}

Task<CheckoutReply> Payment::checkout(http::Caller caller, CheckoutRequest request) {
  auto made = co_await shop_.buy(std::move(caller), request.plan, request.period.value_or(billing::Cycle::monthly));
  co_return CheckoutReply{std::move(made.url), std::move(made.id)};
}

Task<PortalReply> Payment::portal(http::Caller caller) {
  co_return PortalReply{co_await shop_.portal(std::move(caller))};
}

Task<SubscriptionReply> Payment::subscription(http::Caller caller) {
  const std::string product(kProduct);
  const auto entitled = co_await subscriptions_.entitlement(caller.user_id, product);
  const auto recorded = co_await allowances_.of(caller.user_id, product, "recording");
  const auto storage = co_await allowances_.of(caller.user_id, product, "storage");
  const auto podcasts = co_await allowances_.of(caller.user_id, product, "podcasts");
  const billing::Plan& plan = *entitled.plan;
  co_return SubscriptionReply{.tier = plan.name,
                              .status = status_of(entitled),
                              .current_period_end = or_null(entitled.expires_at),
                              .cancel_at_period_end = entitled.cancel_at_period_end,
                              .plan = shown_plan(plan),
                              .usage = {.recording_minutes_used = recorded.used / kMinute,
                                        .recording_minutes_limit = plan.limit("recording_minutes_per_month"),
                                        .storage_used_gb = static_cast<double>(storage.used) / kGigabyte,
                                        .storage_limit_gb = plan.limit("storage_gb"),
                                        .podcasts_used = podcasts.used + podcasts.reserved,
                                        .podcasts_limit = plan.limit("podcasts"),
                                        .resets_at = or_null(recorded.resets_at)}};
}

Task<SubscriptionReply> Payment::cancel(http::Caller caller) {
  co_await shop_.cancel(caller);
  co_return co_await subscription(std::move(caller));
}

}  // namespace odeon::podcasts

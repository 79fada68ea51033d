#include "engine/billing/plan_rates.hpp"

namespace odeon::billing {
namespace {

constexpr std::string_view kRequests = "requests_per_minute";
constexpr std::chrono::minutes kRequestsWindow{1};

}  // namespace

Task<void> PlanRates::identify(const http::Request& request, std::string product, http::Caller& caller) {
  const ProductPlans* plans = subscriptions_.find_plans(product);
  if (plans == nullptr || !plans->standard().limits.contains(kRequests))
    return access_.identify(request, std::move(product), caller);
  return identify_and_count(request, std::move(product), caller, *plans);
}

Task<void> PlanRates::identify_and_count(const http::Request& request, std::string product, http::Caller& caller,
                                         const ProductPlans& plans) {
  co_await access_.identify(request, product, caller);
  if (caller.anonymous()) co_return;
  const auto entitled = co_await subscriptions_.recent(caller.user_id, product);
  const std::int64_t limit = entitled.plan->limit(kRequests);
  if (limit == kUnlimited) co_return;
  const auto verdict = co_await coordination_.take(fmt::format("billing.requests|{}|{}", product, caller.user_id),
                                                   {limit, kRequestsWindow});
  if (!verdict.allowed)
    throw Error(Fault::rate_limited, "RATE_LIMITED",
                fmt::format("Your plan allows {} requests a minute. Please wait a little.", limit))
        .with_retry_after(verdict.retry_after)
        .with_upgrade_url(plans.upgrade_url);
}

}  // namespace odeon::billing

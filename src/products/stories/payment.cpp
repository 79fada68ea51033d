#include "products/stories/payment.hpp"

#include <map>

#include "base/nullable.hpp"
#include "engine/http/binding.hpp"
#include "products/stories/made.hpp"

namespace odeon::stories {
namespace {

constexpr double kNanosInDollar = 1'000'000'000;

struct PeriodSpan {
  Instant from;
  Instant to;
};

PeriodSpan span_of(UsagePeriod period, Instant now) {
  const Instant month = billing::start_of(billing::Period::month, now);
  switch (period) {
    case UsagePeriod::last_month:
      return {billing::start_of(billing::Period::month, month - Micros(1)), month};
    case UsagePeriod::all_time:
      return {Instant{}, now + Micros(1)};
    case UsagePeriod::current_month:
      break;
  }
  return {month, now + Micros(1)};
}

std::int64_t percentage(const billing::Allowance& stories) {
  if (stories.limit <= 0) return 0;
  return stories.used * 100 / stories.limit;
}

}  // namespace

void Payment::mount(http::Api& api) {
  http::mount(api, stories::usage, &Payment::usage, *this);
  http::mount(api, stories::subscription, &Payment::subscription, *this);
  http::mount(api, stories::checkout, &Payment::checkout, *this);
  http::mount(api, stories::portal, &Payment::portal, *this);
  http::mount(api, cancel_subscription, &Payment::cancel, *this);
  http::mount(api, stripe_webhook, &billing::Storefront::stripe, shop_);
  shop_.mount(api);
}

Task<UsageReply> Payment::usage(http::Caller caller, UsageRequest request) {
  const std::string product(kProduct);
  UsageReply reply{.period = request.period.value_or(UsagePeriod::current_month)};
  const PeriodSpan span = span_of(reply.period, clock_.now());
  std::int64_t cost = 0;
  std::map<std::string, billing::Total, std::less<>> operations;
  for (const auto& total :
       co_await ledger_.totals(caller.user_id, product, billing::Ledger::By::operation, span.from, span.to)) {
    const auto name = operation_of(total.name);
    auto& operation = operations[std::string(name)];
    // What was made counts, not the calls that it took.
    if (name == total.name) operation.count += total.count;
    operation.cost += total.cost;
    operation.tokens_in += total.tokens_in + total.tokens_out;
  }
  for (const auto& [name, operation] : operations) {
    cost += operation.cost;
    reply.summary.totalTokensUsed += operation.tokens_in;
    if (name == kStoryMade) reply.summary.storiesGenerated = operation.count;
    if (name == kAudioMade) reply.summary.audioGenerated = operation.count;
    if (name == kImageMade) reply.summary.imagesGenerated = operation.count;
    OperationUsage shown{
        .operation = name, .count = operation.count, .cost = static_cast<double>(operation.cost) / kNanosInDollar};
    if (operation.tokens_in > 0) shown.tokensUsed = operation.tokens_in;
    reply.breakdown.push_back(std::move(shown));
  }
  reply.summary.totalCost = static_cast<double>(cost) / kNanosInDollar;
  const auto stories = co_await allowances_.of(caller.user_id, product, "stories");
  reply.limits = {stories.used, stories.limit, percentage(stories)};
  co_return reply;
}

Task<SubscriptionReply> Payment::subscription(http::Caller caller) {
  const std::string product(kProduct);
  const auto entitled = co_await subscriptions_.entitlement(caller.user_id, product);
  const auto stories = co_await allowances_.of(caller.user_id, product, "stories");
  co_return SubscriptionReply{.subscriptionTier = entitled.plan->name,
                              .status = entitled.status,
                              .subscriptionExpiry = or_null(entitled.expires_at),
                              .cancelAtPeriodEnd = entitled.cancel_at_period_end,
                              .monthlyStoriesUsed = stories.used,
                              .monthlyStoriesLimit = stories.limit,
                              .resetsAt = or_null(stories.resets_at)};
}

Task<CheckoutReply> Payment::checkout(http::Caller caller, CheckoutRequest request) {
  auto made = co_await shop_.buy(std::move(caller), request.tier, request.period.value_or(billing::Cycle::monthly));
  co_return CheckoutReply{std::move(made.url), std::move(made.id)};
}

Task<PortalReply> Payment::portal(http::Caller caller) {
  co_return PortalReply{co_await shop_.portal(std::move(caller))};
}

Task<SubscriptionReply> Payment::cancel(http::Caller caller) {
  co_await shop_.cancel(caller);
  co_return co_await subscription(std::move(caller));
}

}  // namespace odeon::stories

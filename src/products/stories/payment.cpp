#include "products/stories/payment.hpp"

#include "base/nullable.hpp"
#include "engine/http/binding.hpp"

namespace odeon::stories {
namespace {

constexpr double kNanosInDollar = 1'000'000'000;

// What operations are called in the ledger.
constexpr std::string_view kStory = "story_generation", kAudio = "audio_synthesis", kImage = "image_generation";

struct Span {
  Instant from;
  Instant to;
};

Span span_of(UsagePeriod period, Instant now) {
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
  const Span span = span_of(reply.period, clock_.now());
  std::int64_t cost = 0;
  for (auto& total :
       co_await ledger_.totals(caller.user_id, product, billing::Ledger::By::operation, span.from, span.to)) {
    const auto tokens = total.tokens_in + total.tokens_out;
    cost += total.cost;
    reply.summary.totalTokensUsed += tokens;
    if (total.name == kStory) reply.summary.storiesGenerated = total.count;
    if (total.name == kAudio) reply.summary.audioGenerated = total.count;
    if (total.name == kImage) reply.summary.imagesGenerated = total.count;
    OperationUsage shown{.operation = std::move(total.name),
                         .count = total.count,
                         .cost = static_cast<double>(total.cost) / kNanosInDollar};
    if (tokens > 0) shown.tokensUsed = tokens;
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
  auto made = co_await shop_.buy(std::move(caller), request.tier, request.period);
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

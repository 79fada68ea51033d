// Plans of stories: buying and ending them, and what was used and spent.
#pragma once

#include "engine/billing/allowances.hpp"
#include "engine/billing/ledger.hpp"
#include "engine/billing/shop.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "products/stories/stories.hpp"

namespace odeon::stories {

enum class UsagePeriod { current_month, last_month, all_time };
BOOST_DESCRIBE_ENUM(UsagePeriod, current_month, last_month, all_time)

struct UsageRequest {
  std::optional<UsagePeriod> period;
};
BOOST_DESCRIBE_STRUCT(UsageRequest, (), (period))

struct UsageSummary {
  double totalCost = 0;  // US dollars
  std::int64_t storiesGenerated = 0;
  std::int64_t audioGenerated = 0;
  std::int64_t imagesGenerated = 0;
  std::int64_t totalTokensUsed = 0;
};
BOOST_DESCRIBE_STRUCT(UsageSummary, (), (totalCost, storiesGenerated, audioGenerated, imagesGenerated, totalTokensUsed))

struct OperationUsage {
  std::string operation;  // story_generation, audio_synthesis, image_generation, …
  std::int64_t count = 0;
  double cost = 0;                    // US dollars
  Nullable<std::int64_t> tokensUsed;  // of what is priced by tokens
};
BOOST_DESCRIBE_STRUCT(OperationUsage, (), (operation, count, cost, tokensUsed))

struct UsageLimits {
  std::int64_t storiesUsed = 0;
  std::int64_t storiesLimit = 0;  // −1: unlimited
  std::int64_t percentage = 0;
};
BOOST_DESCRIBE_STRUCT(UsageLimits, (), (storiesUsed, storiesLimit, percentage))

struct UsageReply {
  UsagePeriod period = UsagePeriod::current_month;
  UsageSummary summary;
  std::vector<OperationUsage> breakdown;
  UsageLimits limits;  // of the current month, whatever period was asked for
};
BOOST_DESCRIBE_STRUCT(UsageReply, (), (period, summary, breakdown, limits))

struct CheckoutRequest {
  Text<1, 40> tier;  // premium
  billing::Cycle period = billing::Cycle::monthly;
};
BOOST_DESCRIBE_STRUCT(CheckoutRequest, (), (tier, period))
struct CheckoutReply {
  std::string checkoutUrl;
  std::string sessionId;
};
BOOST_DESCRIBE_STRUCT(CheckoutReply, (), (checkoutUrl, sessionId))
struct PortalReply {
  std::string portalUrl;
};
BOOST_DESCRIBE_STRUCT(PortalReply, (), (portalUrl))

struct SubscriptionReply {
  std::string subscriptionTier;
  billing::SubscriptionStatus status = billing::SubscriptionStatus::active;
  Nullable<Instant> subscriptionExpiry;
  bool cancelAtPeriodEnd = false;
  std::int64_t monthlyStoriesUsed = 0;
  std::int64_t monthlyStoriesLimit = 0;
  Nullable<Instant> resetsAt;
};
BOOST_DESCRIBE_STRUCT(SubscriptionReply, (),
                      (subscriptionTier, status, subscriptionExpiry, cancelAtPeriodEnd, monthlyStoriesUsed,
                       monthlyStoriesLimit, resetsAt))

inline constexpr http::Rate kBuying{10, http::per_minute};

inline constexpr Endpoint<UsageRequest, UsageReply> usage{{.method = Method::get,
                                                           .path = "/api/user/usage",
                                                           .summary = "What was used and what it cost",
                                                           .auth = Auth::user,
                                                           .rate = {60, http::per_minute}}};
inline constexpr Endpoint<Nothing, SubscriptionReply> subscription{{.method = Method::get,
                                                                    .path = "/api/subscription",
                                                                    .summary = "One's plan",
                                                                    .auth = Auth::user,
                                                                    .rate = {100, http::per_minute}}};
inline constexpr Endpoint<CheckoutRequest, CheckoutReply> checkout{{.method = Method::post,
                                                                    .path = "/api/subscription/checkout",
                                                                    .summary = "Where to pay for a plan",
                                                                    .auth = Auth::user,
                                                                    .rate = kBuying}};
inline constexpr Endpoint<Nothing, PortalReply> portal{{.method = Method::post,
                                                        .path = "/api/subscription/portal",
                                                        .summary = "Where to change, pay and cancel a subscription",
                                                        .auth = Auth::user,
                                                        .rate = kBuying}};
inline constexpr Endpoint<Nothing, SubscriptionReply> cancel_subscription{
    {.method = Method::post,
     .path = "/api/subscription/cancel",
     .summary = "Let the subscription end with what is paid",
     .auth = Auth::user,
     .rate = kBuying}};
inline constexpr Endpoint<billing::StripeWebhook, billing::WebhookReply> stripe_webhook{
    {.method = Method::post, .path = "/api/webhooks/stripe", .summary = "For Stripe: something has changed"}};

class Payment {
 public:
  Payment(billing::Storefront& shop, billing::Subscriptions& subscriptions, billing::Allowances& allowances,
          billing::Ledger& ledger, const Clock& clock)
      : shop_(shop), subscriptions_(subscriptions), allowances_(allowances), ledger_(ledger), clock_(clock) {}

  Task<UsageReply> usage(http::Caller caller, UsageRequest request);
  Task<SubscriptionReply> subscription(http::Caller caller);
  Task<CheckoutReply> checkout(http::Caller caller, CheckoutRequest request);
  Task<PortalReply> portal(http::Caller caller);
  Task<SubscriptionReply> cancel(http::Caller caller);

  void mount(http::Api& api);

 private:
  billing::Storefront& shop_;
  billing::Subscriptions& subscriptions_;
  billing::Allowances& allowances_;
  billing::Ledger& ledger_;
  const Clock& clock_;
};

}  // namespace odeon::stories

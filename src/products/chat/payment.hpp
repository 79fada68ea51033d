// Tiers of chat: what they cost in each currency, buying and ending them, and what was used and spent.
#pragma once

#include "engine/billing/allowances.hpp"
#include "engine/billing/currencies.hpp"
#include "engine/billing/ledger.hpp"
#include "engine/billing/shop.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "products/chat/chat.hpp"

namespace odeon::chat {

struct PriceShown {
  std::string currency;     // USD, EUR, TRY
  std::int64_t amount = 0;  // a month, in the smallest unit of the currency
};
BOOST_DESCRIBE_STRUCT(PriceShown, (), (currency, amount))

struct TierShown {
  std::string tier;  // PRO, ULTRA
  std::vector<PriceShown> prices;
  std::int64_t conversations_per_month = 0;  // −1: unlimited, as the others
  std::int64_t voice_sessions_per_day = 0;
  std::int64_t daily_budget_usd = 0;
  std::vector<std::string> features;
};
BOOST_DESCRIBE_STRUCT(TierShown, (),
                      (tier, prices, conversations_per_month, voice_sessions_per_day, daily_budget_usd, features))
struct TierList {
  std::vector<TierShown> tiers;
  std::int64_t trial_days = 0;
};
BOOST_DESCRIBE_STRUCT(TierList, (), (tiers, trial_days))

enum class Currency { USD, EUR, TRY };
BOOST_DESCRIBE_ENUM(Currency, USD, EUR, TRY)

struct CheckoutRequest {
  Text<1, 20> tier;  // PRO or ULTRA, in any case
  std::optional<Currency> currency;
};
BOOST_DESCRIBE_STRUCT(CheckoutRequest, (), (tier, currency))
struct CheckoutReply {
  std::string checkout_url;
  std::string session_id;
};
BOOST_DESCRIBE_STRUCT(CheckoutReply, (), (checkout_url, session_id))
struct PortalReply {
  std::string portal_url;
};
BOOST_DESCRIBE_STRUCT(PortalReply, (), (portal_url))

struct SubscriptionReply {
  std::string tier;
  std::string status;  // active, trialing, past_due, canceled
  Nullable<Instant> ends_at;
  bool cancel_at_period_end = false;
  std::vector<std::string> features;
};
BOOST_DESCRIBE_STRUCT(SubscriptionReply, (), (tier, status, ends_at, cancel_at_period_end, features))

struct Counted {
  std::int64_t used = 0;
  std::int64_t limit = 0;  // −1: unlimited
  Nullable<Instant> resets_at;
};
BOOST_DESCRIBE_STRUCT(Counted, (), (used, limit, resets_at))
struct Budget {
  double spent_usd = 0;
  double limit_usd = 0;  // −1: unlimited, as what is left
  double left_usd = 0;
  Nullable<Instant> resets_at;
};
BOOST_DESCRIBE_STRUCT(Budget, (), (spent_usd, limit_usd, left_usd, resets_at))
struct Cost {
  std::string model;
  std::int64_t requests = 0;
  std::int64_t tokens = 0;
  double cost_usd = 0;
};
BOOST_DESCRIBE_STRUCT(Cost, (), (model, requests, tokens, cost_usd))
struct UsageReply {
  std::string tier;
  Counted conversations;
  Counted voice_sessions;
  Budget daily_budget;
  std::vector<Cost> costs_this_month;  // by model
};
BOOST_DESCRIBE_STRUCT(UsageReply, (), (tier, conversations, voice_sessions, daily_budget, costs_this_month))

inline constexpr http::Rate kBuying{10, http::per_minute}, kLooking{120, http::per_minute};

inline constexpr Endpoint<Nothing, TierList> list_tiers{
    {.method = Method::get,
     .path = "/api/billing/plans",
     .summary = "What tiers there are and what they cost",
     .description = "Amounts are in the smallest unit of the currency. A currency without a known rate is left out.",
     .rate = kLooking}};
inline constexpr Endpoint<CheckoutRequest, CheckoutReply> checkout{
    {.method = Method::post,
     .path = "/api/billing/checkout",
     .summary = "Where to pay for a tier",
     .description = "In US dollars unless `currency` says otherwise.",
     .auth = Auth::user,
     .rate = kBuying}};
inline constexpr Endpoint<Nothing, PortalReply> portal{{.method = Method::post,
                                                        .path = "/api/billing/portal",
                                                        .summary = "Where to change, pay and cancel a subscription",
                                                        .auth = Auth::user,
                                                        .rate = kBuying}};
inline constexpr Endpoint<Nothing, SubscriptionReply> subscription{{.method = Method::get,
                                                                    .path = "/api/billing/subscription",
                                                                    .summary = "One's tier",
                                                                    .auth = Auth::user,
                                                                    .rate = kLooking}};
inline constexpr Endpoint<Nothing, SubscriptionReply> cancel_subscription{
    {.method = Method::post,
     .path = "/api/billing/cancel",
     .summary = "Let the subscription end with what is paid",
     .auth = Auth::user,
     .rate = kBuying}};
inline constexpr Endpoint<Nothing, UsageReply> usage{{.method = Method::get,
                                                      .path = "/api/user/usage",
                                                      .summary = "What was used and what it cost",
                                                      .auth = Auth::user,
                                                      .rate = kLooking}};
inline constexpr Endpoint<billing::StripeWebhook, billing::WebhookReply> stripe_webhook{
    {.method = Method::post, .path = "/api/webhooks/stripe", .summary = "For Stripe: something has changed"}};
inline constexpr Endpoint<billing::PolarWebhook, billing::WebhookReply> polar_webhook{
    {.method = Method::post, .path = "/api/webhooks/polar", .summary = "For Polar: something has changed"}};

class Payment {
 public:
  Payment(billing::Storefront& shop, billing::Subscriptions& subscriptions, billing::Allowances& allowances,
          billing::Currencies& currencies, billing::Ledger& ledger, const Clock& clock)
      : shop_(shop),
        subscriptions_(subscriptions),
        allowances_(allowances),
        currencies_(currencies),
        ledger_(ledger),
        clock_(clock) {}

  Task<TierList> tiers();
  Task<CheckoutReply> checkout(http::Caller caller, CheckoutRequest request);
  Task<PortalReply> portal(http::Caller caller);
  Task<SubscriptionReply> subscription(http::Caller caller);
  Task<SubscriptionReply> cancel(http::Caller caller);
  Task<UsageReply> usage(http::Caller caller);

  void mount(http::Api& api);

 private:
  billing::Storefront& shop_;
  billing::Subscriptions& subscriptions_;
  billing::Allowances& allowances_;
  billing::Currencies& currencies_;
  billing::Ledger& ledger_;
  const Clock& clock_;
};

// "PRO" of "pro".
std::string tier_of(const billing::Plan& plan);
// "trialing" for who tries it out.
std::string status_of(const billing::Entitlement& entitled);

}  // namespace odeon::chat

// Tiers of studio: what one has and has used of it, buying and ending it, and paying for what goes past it.
#pragma once

#include "engine/billing/allowances.hpp"
#include "engine/billing/overage.hpp"
#include "engine/billing/shop.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "engine/privacy/audit.hpp"
#include "products/studio/studio.hpp"

namespace odeon::studio {

inline constexpr std::string_view kStripe = "stripe";  // as billing knows it

struct Subscription {
  std::string id;
  std::string user_id;
  std::string tier;    // free, pro, studio
  std::string status;  // active, past_due, canceled, trialing
  Nullable<std::string> stripe_subscription_id;
  Nullable<std::string> stripe_price_id;
  Instant current_period_start;
  Instant current_period_end;
  bool cancel_at_period_end = false;
  std::int64_t assets_limit = 0;  // −1: unlimited
  std::int64_t assets_used = 0;
  std::int64_t platforms_limit = 0;  // −1: unlimited
  Instant created_at;
  Instant updated_at;
};
BOOST_DESCRIBE_STRUCT(Subscription, (),
                      (id, user_id, tier, status, stripe_subscription_id, stripe_price_id, current_period_start,
                       current_period_end, cancel_at_period_end, assets_limit, assets_used, platforms_limit, created_at,
                       updated_at))

struct CheckoutRequest {
  Text<1, 40> tier;                      // pro or studio
  std::optional<billing::Cycle> period;  // left out: monthly
};
BOOST_DESCRIBE_STRUCT(CheckoutRequest, (), (tier, period))
struct CheckoutReply {
  std::string checkout_url;
  std::string session_id;
};
BOOST_DESCRIBE_STRUCT(CheckoutReply, (), (checkout_url, session_id))
struct PortalReply {
  std::string portal_url;
};
BOOST_DESCRIBE_STRUCT(PortalReply, (), (portal_url))

struct Overage {
  bool available = false;  // the tier has it
  bool enabled = false;    // the person wants it
  std::int64_t price_cents = 0;
  std::int64_t assets = 0;  // past the limit, in this period
  std::int64_t cost_cents = 0;
};
BOOST_DESCRIBE_STRUCT(Overage, (), (available, enabled, price_cents, assets, cost_cents))

struct Usage {
  std::int64_t assets_generated_this_month = 0;
  std::int64_t assets_in_progress = 0;
  std::int64_t assets_limit = 0;
  std::int64_t platforms_connected = 0;
  std::int64_t platforms_limit = 0;
  std::int64_t team_members = 0;
  std::int64_t team_members_limit = 0;
  Nullable<Instant> resets_at;
  Overage overage;
  std::string upgrade_url;
};
BOOST_DESCRIBE_STRUCT(Usage, (),
                      (assets_generated_this_month, assets_in_progress, assets_limit, platforms_connected,
                       platforms_limit, team_members, team_members_limit, resets_at, overage, upgrade_url))

struct OverageChoice {
  bool enabled = false;
};
BOOST_DESCRIBE_STRUCT(OverageChoice, (), (enabled))

inline constexpr http::Rate kBuying{10, http::per_minute}, kLooking{120, http::per_minute};

inline constexpr Endpoint<Nothing, Subscription> subscription{{.method = Method::get,
                                                               .path = "/api/v1/subscription",
                                                               .summary = "One's tier",
                                                               .auth = Auth::user,
                                                               .rate = kLooking}};
inline constexpr Endpoint<CheckoutRequest, CheckoutReply> checkout{
    {.method = Method::post,
     .path = "/api/v1/subscription/checkout",
     .summary = "Where to pay for a tier",
     .description = "409 ALREADY_SUBSCRIBED for who has a subscription: it is changed where it is managed.",
     .auth = Auth::user,
     .rate = kBuying}};
inline constexpr Endpoint<Nothing, PortalReply> portal{{.method = Method::post,
                                                        .path = "/api/v1/subscription/portal",
                                                        .summary = "Where to change, pay and cancel a subscription",
                                                        .auth = Auth::user,
                                                        .rate = kBuying}};
inline constexpr Endpoint<Nothing, Subscription> cancel_subscription{
    {.method = Method::post,
     .path = "/api/v1/subscription/cancel",
     .summary = "Let the subscription end with what is paid",
     .auth = Auth::user,
     .rate = kBuying}};
inline constexpr Endpoint<Nothing, Usage> usage{{.method = Method::get,
                                                 .path = "/api/v1/subscription/usage",
                                                 .summary = "What was used of one's tier",
                                                 .auth = Auth::user,
                                                 .rate = kLooking}};
inline constexpr Endpoint<OverageChoice, Usage> choose_overage{
    {.method = Method::put,
     .path = "/api/v1/subscription/overage",
     .summary = "Whether to go on past the limit, for a price by the asset",
     .description = "Off unless it is turned on. 409 NO_OVERAGE in tiers that do not have it.",
     .auth = Auth::user,
     .rate = kBuying}};
inline constexpr Endpoint<billing::StripeWebhook, billing::WebhookReply> stripe_webhook{
    {.method = Method::post, .path = "/api/v1/subscription/webhook", .summary = "For Stripe: something has changed"}};

class Payment {
 public:
  struct Rooms {
    database::Database& database;
    billing::Storefront& shop;
    billing::Subscriptions& subscriptions;
    billing::Allowances& allowances;
    billing::Overages& overages;
    privacy::Audit& audit;
    const Clock& clock;
  };
  explicit Payment(Rooms rooms) : rooms_(rooms) {}

  Task<Subscription> subscription(http::Caller caller);
  Task<CheckoutReply> checkout(http::Caller caller, CheckoutRequest request);
  Task<PortalReply> portal(http::Caller caller);
  Task<Subscription> cancel(http::Caller caller);
  Task<Usage> usage(http::Caller caller);
  Task<Usage> choose_overage(http::Caller caller, OverageChoice choice);

  void mount(http::Api& api);

 private:
  Rooms rooms_;
};

}  // namespace odeon::studio

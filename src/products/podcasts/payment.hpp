// Plans of podcasts: what there is, what one has and has used of it, buying and ending it.
#pragma once

#include "engine/billing/allowances.hpp"
#include "engine/billing/shop.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "products/podcasts/podcasts.hpp"

namespace odeon::podcasts {

struct PlanShown {
  std::string name;
  std::string slug;
  std::int64_t price_monthly = 0;                // cents
  Nullable<std::int64_t> price_yearly;           // cents
  std::int64_t recording_minutes_per_month = 0;  // −1: unlimited, as the others
  std::int64_t storage_gb = 0;
  std::int64_t max_podcasts = 0;
  std::vector<std::string> features;
  bool is_active = true;
};
BOOST_DESCRIBE_STRUCT(PlanShown, (),
                      (name, slug, price_monthly, price_yearly, recording_minutes_per_month, storage_gb, max_podcasts,
                       features, is_active))
struct PlanList {
  std::vector<PlanShown> plans;
};
BOOST_DESCRIBE_STRUCT(PlanList, (), (plans))

struct CheckoutRequest {
  Text<1, 50> plan;  // the slug of one that is sold
  billing::Cycle period = billing::Cycle::monthly;
};
BOOST_DESCRIBE_STRUCT(CheckoutRequest, (), (plan, period))
struct CheckoutReply {
  std::string checkout_url;  // where to pay
  std::string session_id;
};
BOOST_DESCRIBE_STRUCT(CheckoutReply, (), (checkout_url, session_id))
struct PortalReply {
  std::string portal_url;
};
BOOST_DESCRIBE_STRUCT(PortalReply, (), (portal_url))

struct Used {
  std::int64_t recording_minutes_used = 0;
  std::int64_t recording_minutes_limit = 0;
  double storage_used_gb = 0;
  std::int64_t storage_limit_gb = 0;
  std::int64_t podcasts_used = 0;
  std::int64_t podcasts_limit = 0;
  Nullable<Instant> resets_at;  // of the minutes
};
BOOST_DESCRIBE_STRUCT(Used, (),
                      (recording_minutes_used, recording_minutes_limit, storage_used_gb, storage_limit_gb,
                       podcasts_used, podcasts_limit, resets_at))

struct SubscriptionReply {
  std::string tier;
  std::string status;  // active, inactive, cancelled, past_due
  Nullable<Instant> current_period_end;
  bool cancel_at_period_end = false;
  PlanShown plan;
  Used usage;
};
BOOST_DESCRIBE_STRUCT(SubscriptionReply, (), (tier, status, current_period_end, cancel_at_period_end, plan, usage))

inline constexpr http::Rate kBuying{10, http::per_minute};

inline constexpr Endpoint<Nothing, PlanList> list_plans{
    {.method = Method::get, .path = "/api/billing/plans", .summary = "What plans there are"}};
inline constexpr Endpoint<CheckoutRequest, CheckoutReply> checkout{
    {.method = Method::post,
     .path = "/api/billing/checkout",
     .summary = "Where to pay for a plan",
     .description = "409 ALREADY_SUBSCRIBED for who has a subscription: it is changed where it is managed.",
     .auth = Auth::user,
     .rate = kBuying}};
inline constexpr Endpoint<Nothing, PortalReply> portal{{.method = Method::post,
                                                        .path = "/api/billing/portal",
                                                        .summary = "Where to change, pay and cancel a subscription",
                                                        .auth = Auth::user,
                                                        .rate = kBuying}};
inline constexpr Endpoint<Nothing, SubscriptionReply> subscription{{.method = Method::get,
                                                                    .path = "/api/billing/subscription",
                                                                    .summary = "One's plan, and what was used of it",
                                                                    .auth = Auth::user,
                                                                    .rate = {120, http::per_minute}}};
inline constexpr Endpoint<Nothing, SubscriptionReply> cancel_subscription{
    {.method = Method::post,
     .path = "/api/billing/cancel",
     .summary = "Let the subscription end with what is paid",
     .auth = Auth::user,
     .rate = kBuying}};
inline constexpr Endpoint<billing::StripeWebhook, billing::WebhookReply> stripe_webhook{
    {.method = Method::post, .path = "/api/webhooks/stripe", .summary = "For Stripe: something has changed"}};

class Payment {
 public:
  Payment(billing::Storefront& shop, billing::Subscriptions& subscriptions, billing::Allowances& allowances)
      : shop_(shop), subscriptions_(subscriptions), allowances_(allowances) {}

  Task<PlanList> plans();
  Task<CheckoutReply> checkout(http::Caller caller, CheckoutRequest request);
  Task<PortalReply> portal(http::Caller caller);
  Task<SubscriptionReply> subscription(http::Caller caller);
  Task<SubscriptionReply> cancel(http::Caller caller);

  void mount(http::Api& api);

 private:
  billing::Storefront& shop_;
  billing::Subscriptions& subscriptions_;
  billing::Allowances& allowances_;
};

// "active", "past_due", "cancelled", or "inactive" for who pays nothing.
std::string status_of(const billing::Entitlement& entitled);

}  // namespace odeon::podcasts

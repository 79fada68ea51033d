// Buying a plan, managing it, and hearing of it from Stripe.
#pragma once

#include "engine/billing/shop.hpp"
#include "products/briefings/briefings.hpp"

namespace odeon::briefings {

struct CheckoutRequest {
  Text<1, 40> tier;  // a plan that is sold: premium or pro
  billing::Cycle period = billing::Cycle::monthly;
};
BOOST_DESCRIBE_STRUCT(CheckoutRequest, (), (tier, period))

struct MonthlyCheckout {
  Text<1, 40> tier;  // as there
};
BOOST_DESCRIBE_STRUCT(MonthlyCheckout, (), (tier))

struct CheckoutReply {
  std::string checkout_url;  // where to pay
  std::string session_id;
};
BOOST_DESCRIBE_STRUCT(CheckoutReply, (), (checkout_url, session_id))

struct PortalReply {
  std::string portal_url;  // where to change, pay and cancel; good for a short while
};
BOOST_DESCRIBE_STRUCT(PortalReply, (), (portal_url))

inline constexpr Endpoint<CheckoutRequest, CheckoutReply> create_checkout{
    {.method = Method::post,
     .path = "/api/subscription/create-checkout",
     .summary = "Where to pay for a plan",
     .description =
         "Earlier checkouts of the same person end. 409 ALREADY_SUBSCRIBED for who has a subscription: it is "
         "changed where it is managed.",
     .auth = Auth::user,
     .rate = {10, http::per_minute}}};
// For apps that sell nothing by the year.
inline constexpr Endpoint<MonthlyCheckout, CheckoutReply> create_monthly_checkout{
    {.method = Method::post,
     .path = "/api/subscription/checkout",
     .summary = "Where to pay for a plan by the month",
     .auth = Auth::user,
     .rate = {10, http::per_minute}}};
inline constexpr Endpoint<http::Nothing, PortalReply> manage_subscription{
    {.method = Method::post,
     .path = "/api/subscription/manage",
     .summary = "Where to change, pay and cancel a subscription",
     .description = "404 NO_SUBSCRIPTION for who never had one.",
     .auth = Auth::user,
     .rate = {10, http::per_minute}}};
inline constexpr Endpoint<billing::StripeWebhook, billing::WebhookReply> stripe_webhook{
    {.method = Method::post,
     .path = "/api/webhooks/stripe",
     .summary = "For Stripe: something has changed",
     .description = "The body is one of Stripe's events, signed. Duplicates are taken and do nothing."}};
class Payment {
 public:
  // As billing::Storefront.
  Payment(billing::Payments& payments, std::string app_url)
      : shop_(payments, std::string(kProduct), std::move(app_url)) {}

  Task<CheckoutReply> checkout(http::Caller caller, CheckoutRequest request);
  Task<CheckoutReply> checkout_monthly(http::Caller caller, MonthlyCheckout request);
  Task<PortalReply> manage(http::Caller caller);

  void mount(http::Api& api);

 private:
  billing::Storefront shop_;
};

}  // namespace odeon::briefings

// Buying a plan, managing it, and hearing of it from Stripe.
#pragma once

#include "engine/billing/payments.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "products/briefings/briefings.hpp"

namespace odeon::briefings {

struct CheckoutRequest {
  Text<1, 40> tier;  // a plan that is sold: premium or pro
  billing::Cycle period = billing::Cycle::monthly;
};
BOOST_DESCRIBE_STRUCT(CheckoutRequest, (), (tier, period))

struct CheckoutReply {
  std::string checkout_url;  // where to pay
  std::string session_id;
};
BOOST_DESCRIBE_STRUCT(CheckoutReply, (), (checkout_url, session_id))

struct PortalReply {
  std::string portal_url;  // where to change, pay and cancel; good for a short while
};
BOOST_DESCRIBE_STRUCT(PortalReply, (), (portal_url))

struct WebhookReply {
  bool received = true;
};
BOOST_DESCRIBE_STRUCT(WebhookReply, (), (received))

using StripeWebhook = http::Raw<"Stripe-Signature">;

inline constexpr Endpoint<CheckoutRequest, CheckoutReply> create_checkout{
    {.method = Method::post,
     .path = "/api/subscription/create-checkout",
     .summary = "Where to pay for a plan",
     .description =
         "Earlier checkouts of the same person end. 409 ALREADY_SUBSCRIBED for who has a subscription: it is "
         "changed where it is managed.",
     .auth = Auth::user,
     .rate = {10, http::per_minute}}};
inline constexpr Endpoint<http::Nothing, PortalReply> manage_subscription{
    {.method = Method::post,
     .path = "/api/subscription/manage",
     .summary = "Where to change, pay and cancel a subscription",
     .description = "404 NO_SUBSCRIPTION for who never had one.",
     .auth = Auth::user,
     .rate = {10, http::per_minute}}};
inline constexpr Endpoint<StripeWebhook, WebhookReply> stripe_webhook{
    {.method = Method::post,
     .path = "/api/webhooks/stripe",
     .summary = "For Stripe: something has changed",
     .description = "The body is one of Stripe's events, signed. Duplicates are taken and do nothing."}};
inline constexpr Endpoint<http::Nothing, http::Content> subscription_success{
    {.method = Method::get, .path = "/subscription/success", .summary = "Where a payment ends, unless APP_URL is set"}};
inline constexpr Endpoint<http::Nothing, http::Content> subscription_cancel{
    {.method = Method::get,
     .path = "/subscription/cancel",
     .summary = "Where a payment that was not made ends, unless APP_URL is set"}};

class Payment {
 public:
  // `app_url`, without a trailing slash, is where people come back to; empty: pages of ours.
  Payment(billing::Payments& payments, std::string app_url) : payments_(payments), app_url_(std::move(app_url)) {}

  Task<CheckoutReply> checkout(http::Caller caller, CheckoutRequest request);
  Task<PortalReply> manage(http::Caller caller);
  Task<WebhookReply> stripe(StripeWebhook webhook);
  Task<http::Content> success();
  Task<http::Content> cancelled();

  void mount(http::Api& api);

 private:
  std::string back_to(const http::Caller& caller, std::string_view path) const;

  billing::Payments& payments_;
  std::string app_url_;
};

}  // namespace odeon::briefings

// Buying, managing and ending a product's plans over HTTP: what every product does alike. A product declares its own
// endpoints, in the shapes of its API, and asks this.
#pragma once

#include "engine/billing/payments.hpp"
#include "engine/http/endpoint.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"

namespace odeon::billing {

using StripeWebhook = http::Raw<"Stripe-Signature">;
using PolarWebhook = http::Raw<"webhook-id", "webhook-timestamp", "webhook-signature">;

struct WebhookReply {
  bool received = true;
};
BOOST_DESCRIBE_STRUCT(WebhookReply, (), (received))

// Thread-safe; what it is given outlives it.
class Storefront {
 public:
  // `app_url`, without a trailing slash, is where people come back to: they find "/subscription/success" (with
  // `session_id`) and "/subscription/cancel" there. Empty: pages of ours.
  Storefront(Payments& payments, std::string product, std::string app_url)
      : payments_(payments), product_(std::move(product)), app_url_(std::move(app_url)) {}

  // As Payments::checkout, portal and cancel.
  Task<Checkout> buy(http::Caller caller, std::string plan, Cycle cycle, std::string currency = std::string(kDollars));
  Task<std::string> portal(http::Caller caller);
  Task<void> cancel(http::Caller caller);
  // For the product's webhook endpoints. They throw Error{invalid} unless it is signed; duplicates are taken and do
  // nothing.
  Task<WebhookReply> stripe(StripeWebhook webhook);
  Task<WebhookReply> polar(PolarWebhook webhook);

  // Mounts the pages where a payment ends.
  void mount(http::Api& api);

 private:
  Task<http::Content> success();
  Task<http::Content> cancelled();
  std::string back_to(const http::Caller& caller, std::string_view path) const;

  Payments& payments_;
  std::string product_;
  std::string app_url_;
};

}  // namespace odeon::billing

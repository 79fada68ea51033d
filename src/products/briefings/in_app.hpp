// What was bought in an app store: the receipt that the app brings, and hearing of it from the stores.
#pragma once

#include "engine/billing/payments.hpp"
#include "engine/billing/store_provider.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "products/briefings/account.hpp"
#include "products/briefings/briefings.hpp"
#include "products/briefings/payment.hpp"

namespace odeon::briefings {

enum class AppSystem { ios, android };
BOOST_DESCRIBE_ENUM(AppSystem, ios, android)

struct ValidatePurchase {
  AppSystem platform = AppSystem::ios;
  Text<1, 50'000> receipt;  // StoreKit 2's signed transaction or a transaction's id; Google Play's purchase token
  Text<1, 200> product_id;  // as the store names it
};
BOOST_DESCRIBE_STRUCT(ValidatePurchase, (), (platform, receipt, product_id))

using AppleWebhook = http::Raw<"Content-Type">;
using GoogleWebhook = http::Raw<"Authorization">;

inline constexpr Endpoint<ValidatePurchase, SubscriptionReply> validate_purchase{
    {.method = Method::post,
     .path = "/api/subscription/validate-iap",
     .summary = "Here is what I bought in the app",
     .description = "Answers what GET /api/subscription/status does. 400 INVALID_RECEIPT or PRODUCT_MISMATCH, 404 "
                    "NO_SUCH_PURCHASE for what the store does not know, 409 PURCHASE_TAKEN for what belongs to another "
                    "account. The same again does nothing.",
     .auth = Auth::user,
     .rate = {20, http::per_minute}}};
inline constexpr Endpoint<AppleWebhook, billing::WebhookReply> apple_webhook{
    {.method = Method::post,
     .path = "/api/webhooks/apple",
     .summary = "For the App Store: something has changed",
     .description = "An App Store Server Notification, version 2. Duplicates are taken and do nothing."}};
inline constexpr Endpoint<GoogleWebhook, billing::WebhookReply> google_webhook{
    {.method = Method::post,
     .path = "/api/webhooks/google",
     .summary = "For Google Play: something has changed",
     .description = "A real-time developer notification, pushed by Pub/Sub with a token. Duplicates are taken and do "
                    "nothing."}};

class InApp {
 public:
  // `app_store` and `google_play` are null where they are not set up.
  InApp(billing::Payments& payments, Account& account, billing::StoreProvider* app_store,
        billing::StoreProvider* google_play)
      : payments_(payments), account_(account), app_store_(app_store), google_play_(google_play) {}

  Task<SubscriptionReply> validate(http::Caller caller, ValidatePurchase request);
  Task<billing::WebhookReply> apple(AppleWebhook webhook);
  Task<billing::WebhookReply> google(GoogleWebhook webhook);

  void mount(http::Api& api);

 private:
  billing::Payments& payments_;
  Account& account_;
  billing::StoreProvider* app_store_;
  billing::StoreProvider* google_play_;
};

}  // namespace odeon::briefings

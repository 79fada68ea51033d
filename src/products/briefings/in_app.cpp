#include "products/briefings/in_app.hpp"

#include "engine/http/binding.hpp"

namespace odeon::briefings {

void InApp::mount(http::Api& api) {
  http::mount(api, validate_purchase, &InApp::validate, *this);
  http::mount(api, apple_webhook, &InApp::apple, *this);
  http::mount(api, google_webhook, &InApp::google, *this);
}

Task<SubscriptionReply> InApp::validate(http::Caller caller, ValidatePurchase request) {
  billing::StoreProvider* store = request.platform == AppSystem::ios ? app_store_ : google_play_;
  if (store == nullptr)
    throw Error(Fault::unavailable, "PAYMENT_NOT_CONFIGURED", "Purchases in this store cannot be checked here.");
  const auto purchase = co_await store->read_receipt(request.receipt);
  if (purchase.product != request.product_id)
    throw Error(Fault::invalid, "PRODUCT_MISMATCH", "The store says that something else was bought.")
        .with_fields({{"product_id", "not_allowed", "This must be the product that was bought."}});
  co_await payments_.adopt(std::string(store->name()), purchase.contract, caller.user_id);
  co_await store->confirm(purchase.contract);
  co_return co_await account_.subscription(std::move(caller));
}

Task<billing::WebhookReply> InApp::apple(AppleWebhook webhook) {
  co_await payments_.receive("app_store", std::move(webhook.body), std::move(webhook.headers));
  co_return billing::WebhookReply{};
}

Task<billing::WebhookReply> InApp::google(GoogleWebhook webhook) {
  co_await payments_.receive("google_play", std::move(webhook.body), std::move(webhook.headers));
  co_return billing::WebhookReply{};
}

}  // namespace odeon::briefings

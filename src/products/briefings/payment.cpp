#include "products/briefings/payment.hpp"

#include "engine/http/binding.hpp"

namespace odeon::briefings {
namespace {

// "https://example.com" of "https://example.com/briefings".
std::string server_of(const std::string& base_url) {
  return base_url.substr(0, base_url.find('/', base_url.find("://") + 3));
}

http::Content page(std::string_view title, std::string_view text) {
  return {"text/html; charset=utf-8",
          fmt::format("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                      "content=\"width=device-width, initial-scale=1\"><title>{0}</title></head>"
                      "<body><main><h1>{0}</h1><p>{1}</p></main></body></html>",
                      title, text)};
}

}  // namespace

void Payment::mount(http::Api& api) {
  http::mount(api, create_checkout, &Payment::checkout, *this);
  http::mount(api, manage_subscription, &Payment::manage, *this);
  http::mount(api, stripe_webhook, &Payment::stripe, *this);
  http::mount(api, subscription_success, &Payment::success, *this);
  http::mount(api, subscription_cancel, &Payment::cancelled, *this);
}

std::string Payment::back_to(const http::Caller& caller, std::string_view path) const {
  return fmt::format("{}{}", app_url_.empty() ? caller.base_url : app_url_, path);
}

Task<CheckoutReply> Payment::checkout(http::Caller caller, CheckoutRequest request) {
  billing::Purchase purchase{.user_id = caller.user_id,
                             .mail = caller.email,
                             .offer = {std::string(kProduct), request.tier, request.period},
                             .success_url = back_to(caller, "/subscription/success?session_id={CHECKOUT_SESSION_ID}"),
                             .cancel_url = back_to(caller, "/subscription/cancel"),
                             .server_url = server_of(caller.base_url),
                             .request_key = caller.idempotency_key};
  auto made = co_await payments_.checkout(std::move(purchase));
  co_return CheckoutReply{std::move(made.url), std::move(made.id)};
}

Task<PortalReply> Payment::manage(http::Caller caller) {
  billing::Visit visit{.user_id = caller.user_id,
                       .product = std::string(kProduct),
                       .return_url = app_url_.empty() ? caller.base_url : app_url_,
                       .server_url = server_of(caller.base_url)};
  co_return PortalReply{co_await payments_.portal(std::move(visit))};
}

Task<WebhookReply> Payment::stripe(StripeWebhook webhook) {
  co_await payments_.receive("stripe", std::move(webhook.body), std::move(webhook.headers));
  co_return WebhookReply{};
}

Task<http::Content> Payment::success() {
  co_return page("Thank you", "It is paid. You can close this page and go back to the app.");
}

Task<http::Content> Payment::cancelled() {
  co_return page("Nothing was paid", "You can close this page and go back to the app.");
}

}  // namespace odeon::briefings

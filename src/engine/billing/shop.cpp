#include "engine/billing/shop.hpp"

#include "engine/http/binding.hpp"

namespace odeon::billing {
namespace {

using http::Endpoint;
using http::Method;
using http::Nothing;

constexpr Endpoint<Nothing, http::Content> subscription_success{
    {.method = Method::get,
     .path = "/subscription/success",
     .summary = "Where a payment ends, unless APP_URL is set",
     .media_type = "text/html"}};
constexpr Endpoint<Nothing, http::Content> subscription_cancel{
    {.method = Method::get,
     .path = "/subscription/cancel",
     .summary = "Where a payment that was not made ends, unless APP_URL is set",
     .media_type = "text/html"}};

// "https://example.com" of "https://example.com/briefings".
std::string server_of(const std::string& base_url) {
  return base_url.substr(0, base_url.find('/', base_url.find("://") + 3));
}

http::Content closing_page(std::string_view title, std::string_view text) {
  return {"text/html; charset=utf-8",
          fmt::format("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                      "content=\"width=device-width, initial-scale=1\"><title>{0}</title></head>"
                      "<body><main><h1>{0}</h1><p>{1}</p></main></body></html>",
                      title, text)};
}

}  // namespace

void Storefront::mount(http::Api& api) {
  http::mount(api, subscription_success, &Storefront::success, *this);
  http::mount(api, subscription_cancel, &Storefront::cancelled, *this);
}

std::string Storefront::back_to(const http::Caller& caller, std::string_view path) const {
  return fmt::format("{}{}", app_url_.empty() ? caller.base_url : app_url_, path);
}

Task<Checkout> Storefront::buy(http::Caller caller, std::string plan, Cycle cycle, std::string currency) {
  Purchase purchase{.user_id = caller.user_id,
                    .mail = caller.email,
                    .offer = {product_, std::move(plan), cycle},
                    .currency = std::move(currency),
                    .success_url = back_to(caller, "/subscription/success?session_id={CHECKOUT_SESSION_ID}"),
                    .cancel_url = back_to(caller, "/subscription/cancel"),
                    .server_url = server_of(caller.base_url),
                    .request_key = caller.idempotency_key};
  return payments_.checkout(std::move(purchase));
}

Task<std::string> Storefront::portal(http::Caller caller) {
  Visit visit{.user_id = caller.user_id,
              .product = product_,
              .return_url = back_to(caller, ""),
              .server_url = server_of(caller.base_url)};
  return payments_.portal(std::move(visit));
}

Task<void> Storefront::cancel(http::Caller caller) {
  return payments_.cancel(std::move(caller.user_id), product_);
}

Task<WebhookReply> Storefront::stripe(StripeWebhook webhook) {
  co_await payments_.receive("stripe", std::move(webhook.body), std::move(webhook.headers));
  co_return WebhookReply{};
}

Task<WebhookReply> Storefront::polar(PolarWebhook webhook) {
  co_await payments_.receive("polar", std::move(webhook.body), std::move(webhook.headers));
  co_return WebhookReply{};
}

Task<http::Content> Storefront::success() {
  co_return closing_page("Thank you", "It is paid. You can close this page and go back to the app.");
}

Task<http::Content> Storefront::cancelled() {
  co_return closing_page("Nothing was paid", "You can close this page and go back to the app.");
}

}  // namespace odeon::billing

// Polar (polar.sh/docs/api-reference), a merchant of record: subscriptions by its hosted checkout, managed in its
// customer portal. A product of Polar's stands for a plan and period; its prices may differ by currency.
//
// Polar has no way to close a checkout: one that was superseded stays open until it expires, an hour after it was made.
// What keeps people from paying twice is that Polar refuses a second subscription of one customer, unless its
// organization is set to allow several.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "engine/billing/payment.hpp"
#include "engine/http/client.hpp"

namespace odeon::billing {

struct PolarOptions {
  std::string base_url = "https://api.polar.sh";  // without a trailing slash
  std::string access_token;
  std::vector<std::string> webhook_secrets;  // as Polar shows them; several while one is replaced
  PriceList products;                        // ids of Polar's products
  std::chrono::milliseconds time{20'000};    // for one request, all in all
};

class Polar final : public PaymentProvider {
 public:
  Polar(http::Client& client, const Clock& clock, PolarOptions options);

  std::string_view name() const override { return "polar"; }
  bool sells(const Offer& offer) const override { return options_.products.price_of(offer) != nullptr; }
  bool charges_in(std::string_view currency) const override { return is_currency(currency); }
  Task<Checkout> create_checkout(CheckoutOrder order) override;
  Task<std::optional<std::string>> close_checkout(std::string id) override;
  Task<std::string> portal(PortalOrder order) override;
  Task<void> cancel_at_period_end(std::string contract) override;
  Task<std::optional<Contract>> fetch(std::string contract) override;
  Task<std::optional<Invoice>> fetch_invoice(std::string id) override;
  Task<WebhookEvent> read_webhook(std::string body, http::Headers headers) override;

 private:
  struct Answer;
  Task<Answer> get(std::string path);
  Task<Answer> send(http::Method method, std::string path, json::object body);
  Task<Answer> exchange(http::ClientRequest request);
  json::value good(Answer answer) const;
  json::object body_of(const CheckoutOrder& order) const;

  http::Client& client_;
  const Clock& clock_;
  PolarOptions options_;
};

}  // namespace odeon::billing

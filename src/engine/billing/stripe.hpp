// Stripe (docs.stripe.com/api), version pinned: subscriptions by Checkout, managed in its billing portal.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/billing/payment.hpp"
#include "engine/http/client.hpp"

namespace odeon::billing {

// How what is used past a plan's limit is charged for: a metered price, whose meter sums up events of a name by
// `stripe_customer_id` and `value`.
struct StripeOverage {
  std::string price;
  std::string event_name;
};

struct StripeOptions {
  std::string base_url = "https://api.stripe.com";  // without a trailing slash
  std::string secret_key;
  std::vector<std::string> webhook_secrets;  // several while one is rolled
  PriceList prices;
  std::map<std::pair<std::string, std::string>, StripeOverage> overages;  // by product and plan
  std::chrono::milliseconds time{20'000};                                 // for one request, all in all
};

class Stripe final : public PaymentProvider {
 public:
  static constexpr std::string_view api_version = "2026-10-28.endive";

  Stripe(http::Client& client, const Clock& clock, StripeOptions options);

  std::string_view name() const override { return "stripe"; }
  bool sells(const Offer& offer) const override { return options_.prices.price_of(offer) != nullptr; }
  Task<Checkout> create_checkout(CheckoutOrder order) override;
  Task<std::optional<std::string>> close_checkout(std::string id) override;
  Task<std::string> portal(PortalOrder order) override;
  Task<void> cancel_at_period_end(std::string contract) override;
  bool charges_overage(const Offer& offer) const override { return overage_of(offer) != nullptr; }
  Task<void> report_overage(OverageReport report) override;
  Task<std::optional<Contract>> fetch(std::string contract) override;
  Task<std::optional<Invoice>> fetch_invoice(std::string id) override;
  Task<std::optional<Refund>> fetch_refund(std::string charge) override;
  Task<WebhookEvent> read_webhook(std::string body, http::Headers headers) override;

 private:
  struct Answer;
  using Form = std::vector<std::pair<std::string, std::string>>;
  Task<Answer> get(std::string path);
  Task<Answer> post(std::string path, Form form, std::string key);
  Task<Answer> exchange(http::ClientRequest request);
  json::object good(Answer answer) const;
  Form form_of(const CheckoutOrder& order) const;
  // Null if there is none: prices by the month and by the year do not go together.
  const StripeOverage* overage_of(const Offer& offer) const;

  http::Client& client_;
  const Clock& clock_;
  StripeOptions options_;
};

}  // namespace odeon::billing

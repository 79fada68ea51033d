// A payment provider of our own in which no money moves, for development: whoever comes can pay or decline on a
// page. It keeps its contracts as a real one does, out of sight of the rest of billing, renews them by the clock,
// and tells of changes by signed webhooks through the same inbox.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/billing/payment.hpp"
#include "engine/billing/plans.hpp"
#include "engine/billing/sandbox_store.hpp"

namespace odeon::billing {

// Thread-safe; what it is given outlives it.
class Sandbox final : public PaymentProvider {
 public:
  static constexpr std::string_view provider_name = "sandbox";
  static constexpr std::string_view mounted_at = "pay/sandbox";
  static constexpr std::string_view signature_field = "Sandbox-Signature";

  Sandbox(database::Database& database, const Plans& plans, const Clock& clock, std::string secret);
  // Where webhooks go: Payments::receive. Set before the first request.
  using Deliver = std::function<Task<void>(std::string body, http::Headers headers)>;
  void on_event(Deliver deliver) { deliver_ = std::move(deliver); }

  std::string_view name() const override { return provider_name; }
  bool sells(const Offer&) const override { return true; }
  bool charges_in(std::string_view currency) const override { return is_currency(currency); }
  // Throws Error{invalid, "CURRENCY_NOT_SOLD"} for another currency than the US dollar without an amount: its own
  // prices are those of the plans.
  Task<Checkout> create_checkout(CheckoutOrder order) override;
  Task<std::optional<std::string>> close_checkout(std::string id) override;
  Task<std::string> portal(PortalOrder order) override;
  Task<void> cancel_at_period_end(std::string contract) override;
  bool charges_overage(const Offer&) const override { return true; }
  Task<void> report_overage(OverageReport report) override;
  Task<std::optional<Contract>> fetch(std::string contract) override;
  Task<std::optional<Invoice>> fetch_invoice(std::string id) override;
  Task<WebhookEvent> read_webhook(std::string body, http::Headers headers) override;

  // ---- what people do on its pages -------------------------------------------------------------------

  // Throws Error{not_found}.
  Task<sandbox::CheckoutRow> checkout(std::string id);
  // Nothing happens to one that is paid, closed or older than a day.
  Task<void> pay(std::string checkout);
  Task<void> decline(std::string checkout);
  // Of a customer, as of now, the newest first. Throws Error{not_found} for nobody.
  Task<std::vector<sandbox::ContractRow>> contracts(std::string customer);
  // What was used past the limit in the contract's present period.
  Task<std::int64_t> overage_of(sandbox::ContractRow contract);
  enum class Act {
    cancel,  // at the end of the period
    resume,
    fail,  // the period ends at once and its renewal is not paid
    settle,
  };
  BOOST_DESCRIBE_NESTED_ENUM(Act, cancel, resume, fail, settle)
  Task<void> act(std::string customer, std::string contract, Act act);
  // To another plan, from now on for a whole period, at its price in US dollars. Throws Error{invalid} for what is
  // not sold.
  Task<void> change(std::string customer, std::string contract, std::string plan, Cycle cycle);
  const ProductPlans& plans_of(std::string_view product) const { return plans_.of(product); }
  // What a period costs.
  Money price_of(const Offer& offer, const std::string& currency, std::int64_t amount) const;

 private:
  Task<sandbox::ContractRow> own(std::string customer, std::string contract);
  Task<void> announce(std::string type, std::string contract, std::string customer);

  database::Database& database_;
  const Plans& plans_;
  const Clock& clock_;
  std::string secret_;
  Deliver deliver_;
};

}  // namespace odeon::billing

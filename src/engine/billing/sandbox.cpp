#include "engine/billing/sandbox.hpp"

#include "base/crypto.hpp"
#include "base/ids.hpp"
#include "engine/billing/stripe_signature.hpp"
#include "engine/billing/stripe_wire.hpp"

namespace odeon::billing {
namespace {

using sandbox::CheckoutState;
using sandbox::ContractRow;

constexpr std::chrono::hours kCheckoutsLive{24};

// Nobody guesses it: it opens a checkout or a portal.
std::string secret_id(std::string_view prefix) {
  return fmt::format("{}_sandbox_{}", prefix, crypto::to_hex(crypto::random_bytes(16)));
}

std::string address(const std::string& server_url, std::string_view page, std::string_view id) {
  return fmt::format("{}/{}/{}/{}", server_url, Sandbox::mounted_at, page, id);
}

Error nothing_here() {
  return Error(Fault::not_found, "NOT_FOUND", "There is no such purchase here.");
}

}  // namespace

Sandbox::Sandbox(database::Database& database, const Plans& plans, const Clock& clock, std::string secret)
    : database_(database), plans_(plans), clock_(clock), secret_(std::move(secret)) {}

Task<Checkout> Sandbox::create_checkout(CheckoutOrder order) {
  if (order.amount == 0 && order.currency != kDollars)
    throw Error(Fault::invalid, "CURRENCY_NOT_SOLD", "The sandbox has prices in US dollars only.");
  const Checkout made{secret_id("cs"), ""};
  const std::string url = address(order.server_url, "checkout", made.id);
  order.success_url = text::replace_all(std::move(order.success_url), "{CHECKOUT_SESSION_ID}", made.id);
  co_await sandbox::add_checkout(database_,
                                 {.id = made.id, .checkout_order = std::move(order), .created_at = clock_.now()});
  co_return Checkout{made.id, url};
}

Task<std::optional<std::string>> Sandbox::close_checkout(std::string id) {
  co_await sandbox::end_checkout(database_, id, CheckoutState::closed, "", Instant{});
  const auto row = co_await sandbox::checkout(database_, id);
  co_return row && row->state == CheckoutState::paid ? std::optional(row->contract) : std::nullopt;
}

Task<std::string> Sandbox::portal(PortalOrder order) {
  co_return address(order.server_url, "portal", order.customer);
}

Task<void> Sandbox::cancel_at_period_end(std::string contract) {
  const auto row = co_await sandbox::contract(database_, contract);
  if (!row) throw nothing_here();
  co_await act(row->customer, contract, Act::cancel);
}

Task<void> Sandbox::report_overage(OverageReport report) {
  co_await sandbox::add_overage(database_, report.key, report.contract, report.count, report.at);
}

Task<std::int64_t> Sandbox::overage_of(ContractRow contract) {
  return sandbox::overage_since(database_, contract.id, contract.period_start);
}

Money Sandbox::price_of(const Offer& offer, const std::string& currency, std::int64_t amount) const {
  if (amount > 0) return {amount, currency};
  const ProductPlans* plans = plans_.find(offer.product);
  const Plan* plan = plans != nullptr ? plans->find(offer.plan) : nullptr;
  if (plan == nullptr) return {0, std::string(kDollars)};
  return {offer.cycle == Cycle::yearly ? plan->yearly_price : plan->monthly_price, std::string(kDollars)};
}

Task<std::optional<Contract>> Sandbox::fetch(std::string contract) {
  const auto kept = co_await sandbox::contract(database_, contract);
  if (!kept) co_return std::nullopt;
  const ContractRow row = sandbox::as_of(*kept, clock_.now());
  const Money price = price_of({row.product, row.plan, row.cycle}, row.currency, row.amount);
  Contract truth{.id = row.id,
                 .customer = row.customer,
                 .user_id = row.user_id,
                 .offer = {row.product, row.plan, row.cycle},
                 .status = row.status,
                 .period_start = row.period_start,
                 .period_end = row.period_end,
                 .cancel_at_period_end = row.cancel_at_period_end,
                 .past_due_since = row.past_due_since,
                 .had_trial = row.had_trial};
  if (row.status == ContractStatus::active || row.status == ContractStatus::past_due)
    truth.latest_invoice = Invoice{.id = fmt::format("in_{}_{}", row.id, row.period_start.time_since_epoch().count()),
                                   .contract = row.id,
                                   .plan = row.plan,
                                   .amount = price.amount,
                                   .currency = price.currency,
                                   .paid = row.status == ContractStatus::active,
                                   .at = row.period_start};
  co_return truth;
}

// The newest comes with its contract.
Task<std::optional<Invoice>> Sandbox::fetch_invoice(std::string) {
  co_return std::nullopt;
}

Task<WebhookEvent> Sandbox::read_webhook(std::string body, http::Headers headers) {
  if (!is_signed(headers.get(signature_field), body, {secret_}, clock_.now()))
    throw Error(Fault::invalid, "INVALID_SIGNATURE", "The signature is missing, wrong or too old.");
  co_return stripe::event_of(body);
}

Task<sandbox::CheckoutRow> Sandbox::checkout(std::string id) {
  auto row = co_await sandbox::checkout(database_, std::move(id));
  if (!row) throw nothing_here();
  if (row->state != CheckoutState::paid && row->created_at < clock_.now() - kCheckoutsLive)
    row->state = CheckoutState::closed;
  co_return std::move(*row);
}

Task<void> Sandbox::pay(std::string id) {
  const auto row = co_await checkout(id);
  const CheckoutOrder& order = row.checkout_order;
  const Instant now = clock_.now();
  const bool trial = order.trial_days > 0;
  ContractRow contract{.id = secret_id("sub"),
                       .customer = order.customer.empty() ? secret_id("cus") : order.customer,
                       .user_id = order.user_id,
                       .product = order.offer.product,
                       .plan = order.offer.plan,
                       .cycle = order.offer.cycle,
                       .currency = order.currency,
                       .amount = order.amount,
                       .status = trial ? ContractStatus::trialing : ContractStatus::active,
                       .period_start = now,
                       .had_trial = trial};
  contract.period_end = trial ? now + std::chrono::days(order.trial_days) : sandbox::after(now, contract.cycle);
  auto tx = co_await database_.begin(database::Isolation::statement);
  if (!co_await sandbox::end_checkout(*tx, id, CheckoutState::paid, contract.id, now - kCheckoutsLive)) co_return;
  co_await sandbox::keep_contract(*tx, contract);
  co_await tx->commit();
  co_await announce("customer.subscription.created", contract.id, contract.customer);
}

Task<void> Sandbox::decline(std::string id) {
  co_await sandbox::end_checkout(database_, std::move(id), CheckoutState::declined, "", clock_.now() - kCheckoutsLive);
}

Task<std::vector<ContractRow>> Sandbox::contracts(std::string customer) {
  auto rows = co_await sandbox::contracts_of(database_, std::move(customer));
  if (rows.empty()) throw nothing_here();
  for (auto& row : rows) row = sandbox::as_of(std::move(row), clock_.now());
  co_return rows;
}

Task<ContractRow> Sandbox::own(std::string customer, std::string contract) {
  const auto row = co_await sandbox::contract(database_, std::move(contract));
  if (!row || row->customer != customer) throw nothing_here();
  co_return sandbox::as_of(*row, clock_.now());
}

Task<void> Sandbox::act(std::string customer, std::string contract, Act act) {
  auto row = co_await own(std::move(customer), std::move(contract));
  const bool runs = row.status == ContractStatus::active || row.status == ContractStatus::trialing;
  if (act == Act::cancel && row.status != ContractStatus::ended) {
    row.cancel_at_period_end = true;
  } else if (act == Act::resume && row.status != ContractStatus::ended) {
    row.cancel_at_period_end = false;
  } else if (act == Act::fail && runs) {
    row.status = ContractStatus::past_due;
    row.period_start = clock_.now();
    row.period_end = sandbox::after(row.period_start, row.cycle);
    row.past_due_since = row.period_start;
  } else if (act == Act::settle && row.status == ContractStatus::past_due) {
    row.status = ContractStatus::active;
    row.past_due_since.reset();
  }
  co_await sandbox::keep_contract(database_, row);
  co_await announce("customer.subscription.updated", row.id, row.customer);
}

Task<void> Sandbox::change(std::string customer, std::string contract, std::string plan, Cycle cycle) {
  auto row = co_await own(std::move(customer), std::move(contract));
  row.plan = std::move(plan);
  row.cycle = cycle;
  row.currency = kDollars;
  row.amount = 0;
  if (price_of({row.product, row.plan, row.cycle}, row.currency, 0).amount == 0)
    throw Error(Fault::invalid, "PLAN_NOT_SOLD", "There is no such plan to buy.");
  if (row.status == ContractStatus::ended) throw nothing_here();
  if (row.status == ContractStatus::active) {
    row.period_start = clock_.now();
    row.period_end = sandbox::after(row.period_start, cycle);
  }
  co_await sandbox::keep_contract(database_, row);
  co_await announce("customer.subscription.updated", row.id, row.customer);
}

Task<void> Sandbox::announce(std::string type, std::string contract, std::string customer) {
  const std::string body = json::write(json::object{
      {"id", new_id("evt_sandbox", clock_)},
      {"object", "event"},
      {"type", type},
      {"data",
       json::object{{"object", json::object{{"id", contract}, {"object", "subscription"}, {"customer", customer}}}}}});
  http::Headers headers;
  headers.add(std::string(signature_field), sign(body, secret_, clock_.now()));
  co_await deliver_(body, std::move(headers));
}

}  // namespace odeon::billing

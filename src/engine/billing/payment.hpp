// What takes people's money: the outside world as billing sees it. A provider keeps contracts (subscriptions, in
// its words) and tells of changes by webhooks. A webhook is only a hint of what to look at again: what holds is
// what `fetch` says, so neither the order of webhooks nor their repetition matters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/task.hpp"
#include "base/time.hpp"
#include "engine/billing/money.hpp"
#include "engine/billing/prices.hpp"
#include "engine/http/message.hpp"

namespace odeon::billing {

enum class ContractStatus {
  incomplete,  // not paid for the first time yet, or waiting for a way to pay: gives nothing
  trialing,
  active,
  past_due,  // a renewal was not paid
  ended,
};
BOOST_DESCRIBE_ENUM(ContractStatus, incomplete, trialing, active, past_due, ended)

// Of what is to be paid for a contract's period.
struct Invoice {
  std::string id;
  std::string contract;
  std::string plan;         // by its price; empty: unknown
  std::int64_t amount = 0;  // in the smallest unit of the currency
  std::string currency;     // "usd"
  bool paid = false;        // else the attempt failed
  Instant at;
};

// The truth about one, as of now.
struct Contract {
  std::string id;
  std::string customer;
  std::string user_id;  // as the checkout said it; empty: made elsewhere
  Offer offer;          // by the price that is paid, whatever else it says
  std::string price{};  // as the provider names it; empty: it has no name
  ContractStatus status = ContractStatus::incomplete;
  Instant period_start, period_end;
  bool cancel_at_period_end = false;
  std::optional<Instant> past_due_since;
  bool had_trial = false;
  std::optional<Invoice> latest_invoice;  // paid or failed ones only
};

struct CheckoutOrder {
  std::string user_id;
  std::string mail;      // may be empty
  std::string customer;  // of an earlier contract of this person; empty: somebody new
  Offer offer;
  std::string currency = "usd";  // as in Money
  std::int64_t amount = 0;       // of each period, in its smallest unit; 0: as in the provider's own price list
  std::int64_t trial_days = 0;   // 0: no trial
  std::string success_url;       // `{CHECKOUT_SESSION_ID}` in it is replaced
  std::string cancel_url;
  std::string server_url;  // of this server as the person reached it: "https://example.com"
  std::string key;         // a second order of this key gives the first checkout, where a provider has such keys
};
BOOST_DESCRIBE_STRUCT(CheckoutOrder, (),
                      (user_id, mail, customer, offer, currency, amount, trial_days, success_url, cancel_url,
                       server_url, key))

struct Checkout {
  std::string id;
  std::string url;  // where the person pays
  // Nobody can pay there any more. Empty: after a day.
  std::optional<Instant> expires_at{};
};

struct PortalOrder {
  std::string customer;
  std::string return_url;
  std::string server_url;
};

// What was used past a plan's limit, to be charged for.
struct OverageReport {
  std::string contract;
  std::string customer;
  Offer offer;
  std::int64_t count = 0;
  std::string key;  // a second report of this key charges nothing
  Instant at;
};

// What became of a payment later. Plans follow the contract all the same: whoever gives money back ends it too, if
// that is meant.
struct Refund {
  std::string invoice;
  std::int64_t amount = 0;  // given back in all, in the smallest unit of the currency
  bool disputed = false;    // at the bank
};

// What a webhook says of itself, once its signature was found good.
struct WebhookEvent {
  std::string id;  // the same each time it is delivered
  std::string type;
  std::string customer;  // may be empty
  std::string contract;  // to fetch again; empty: nothing of ours has changed
  std::string invoice;   // to fetch as well; may be empty
  std::string charge;    // whose refund to fetch; may be empty
};

inline constexpr std::string_view kManagedByStore = "MANAGED_BY_STORE";

// Thread-safe. Calls throw Error; with may_pass() if another attempt may do better.
class PaymentProvider {
 public:
  virtual ~PaymentProvider() = default;
  virtual std::string_view name() const = 0;  // as stored: "stripe"
  // Whether `offer` can be bought by `create_checkout`.
  virtual bool sells(const Offer& offer) const = 0;
  // Whether an order may name that currency. Who takes dollars alone keeps to its own price list.
  virtual bool charges_in(std::string_view currency) const { return currency == kDollars; }

  virtual Task<Checkout> create_checkout(CheckoutOrder order) = 0;
  // Afterwards nobody can pay there, where a provider can close one. If somebody has paid already: the contract that
  // came of it. Throws Error{unavailable, "PAYMENT_UNDER_WAY"} while that is being found out.
  virtual Task<std::optional<std::string>> close_checkout(std::string id) = 0;
  // An address, good for a short while, where a customer changes, pays and cancels what they have.
  virtual Task<std::string> portal(PortalOrder order) = 0;
  // Throws Error{conflict, kManagedByStore} where that is for the customer alone to do.
  virtual Task<void> cancel_at_period_end(std::string contract) = 0;

  // Whether what is used past the limits of `offer` can be charged for.
  virtual bool charges_overage(const Offer&) const { return false; }
  virtual Task<void> report_overage(OverageReport report);

  // Nothing: there is no such contract, or it is for something that is not ours. Throws Error{invalid,
  // "UNKNOWN_PRICE"} for one of ours with a price that the settings do not name.
  virtual Task<std::optional<Contract>> fetch(std::string contract) = 0;
  // Nothing: unknown, or neither paid nor failed yet.
  virtual Task<std::optional<Invoice>> fetch_invoice(std::string id) = 0;

  // Nothing: unknown, or not of an invoice.
  virtual Task<std::optional<Refund>> fetch_refund(std::string charge);

  // `body` is as it came, byte for byte. Throws Error{invalid} unless it is signed by the provider, lately, and
  // Error{unavailable} while that cannot be told.
  virtual Task<WebhookEvent> read_webhook(std::string body, http::Headers headers) = 0;
};

}  // namespace odeon::billing

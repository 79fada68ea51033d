// Polar's objects (as its OpenAPI document and the types of its SDK have them), as far as they are read here, and as
// ours. What is missing or of another type is a fault of Polar's, not a crash.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/billing/payment.hpp"

namespace odeon::billing::polar {

struct Checkout {
  std::string id;
  std::string url;
  std::string status;  // open, expired, confirmed (being paid), succeeded, failed
  Instant expires_at;
  std::optional<std::string> customer_id;
};
BOOST_DESCRIBE_STRUCT(Checkout, (), (id, url, status, expires_at, customer_id))

struct CustomerSession {
  std::string customer_portal_url;
};
BOOST_DESCRIBE_STRUCT(CustomerSession, (), (customer_portal_url))

struct Subscription {
  std::string id;
  std::string status;
  std::string customer_id;
  std::string product_id;
  std::optional<std::string> checkout_id;
  Instant current_period_start;
  std::optional<Instant> current_period_end;
  std::optional<Instant> trial_start;
  bool cancel_at_period_end = false;
  std::optional<Instant> ends_at;   // cancelled: until when it goes on
  std::optional<Instant> ended_at;  // over
  std::optional<Instant> past_due_at;
  std::optional<json::object> metadata;  // the checkout's
};
BOOST_DESCRIBE_STRUCT(Subscription, (),
                      (id, status, customer_id, product_id, checkout_id, current_period_start, current_period_end,
                       trial_start, cancel_at_period_end, ends_at, ended_at, past_due_at, metadata))

struct Order {
  std::string id;
  std::string status;  // draft, pending, paid, refunded, partially_refunded, void
  bool paid = false;
  std::int64_t total_amount = 0;
  std::string currency;
  Instant created_at;
  std::optional<std::string> product_id;
  std::optional<std::string> subscription_id;
  std::optional<Instant> next_payment_attempt_at;  // set once an attempt has failed
};
BOOST_DESCRIBE_STRUCT(Order, (),
                      (id, status, paid, total_amount, currency, created_at, product_id, subscription_id,
                       next_payment_attempt_at))

struct Subscriptions {
  std::vector<Subscription> items;
};
BOOST_DESCRIBE_STRUCT(Subscriptions, (), (items))

struct Orders {
  std::vector<Order> items;
};
BOOST_DESCRIBE_STRUCT(Orders, (), (items))

Error nonsense(std::string detail);

// Throws Error{upstream} with every fault.
template <class T>
T read(const json::value& document) {
  T object;
  json::Faults faults;
  json::read(object, document, "", json::Source::body, faults);
  if (faults.empty()) return object;
  std::vector<std::string> places;
  for (const auto& fault : faults.list()) places.push_back(fault.path + " " + fault.code);
  throw nonsense(text::join(places, ", "));
}

// As PaymentProvider's fetch and fetch_invoice.
std::optional<Contract> contract_of(const Subscription& subscription, const PriceList& products);
std::optional<Invoice> invoice_of(const Order& order, const PriceList& products);
// `id` is the webhook's. Throws Error{invalid}: the body was signed, but is no event.
WebhookEvent event_of(std::string_view body, std::string id);

}  // namespace odeon::billing::polar

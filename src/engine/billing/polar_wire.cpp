#include "engine/billing/polar_wire.hpp"

namespace odeon::billing::polar {
namespace {

struct Event {
  std::string type;
  json::object data;
};
BOOST_DESCRIBE_STRUCT(Event, (), (type, data))

std::string text_at(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

// Polar calls "canceled" what was cancelled and goes on until the end of what is paid, and says "revoked" only in the
// name of an event: a subscription is over once it has an end behind it.
ContractStatus status_of(const Subscription& subscription) {
  const std::string_view status = subscription.status;
  if (subscription.ended_at || status == "incomplete_expired") return ContractStatus::ended;
  // Every attempt to collect the renewal has failed: Polar takes the benefits back.
  if (status == "unpaid") return ContractStatus::ended;
  if (status == "canceled") return subscription.ends_at ? ContractStatus::active : ContractStatus::ended;
  if (status == "trialing") return ContractStatus::trialing;
  if (status == "active") return ContractStatus::active;
  if (status == "past_due") return ContractStatus::past_due;
  return ContractStatus::incomplete;  // "incomplete", "paused", and what is invented later
}

}  // namespace

Error nonsense(std::string detail) {
  return Error(Fault::upstream, "PAYMENT_ANSWER", "The payment service gave an answer that cannot be read.")
      .with_detail(std::move(detail));
}

std::optional<Contract> contract_of(const Subscription& subscription, const PriceList& products) {
  Contract contract{.id = subscription.id, .customer = subscription.customer_id};
  if (subscription.metadata) contract.user_id = text_at(*subscription.metadata, "user_id");
  const Offer* offer = products.offer_of(subscription.product_id);
  if (offer == nullptr && contract.user_id.empty()) return std::nullopt;  // something else that is sold there
  if (offer == nullptr)
    throw Error(
        Fault::invalid, "UNKNOWN_PRICE",
        fmt::format("{} is for the product {}, which no POLAR_PRODUCT_… names.", contract.id, subscription.product_id));
  contract.offer = *offer;
  contract.status = status_of(subscription);
  const auto period_end = subscription.current_period_end ? subscription.current_period_end : subscription.ends_at;
  if (!period_end) throw nonsense("a subscription without a period");
  contract.period_start = subscription.current_period_start;
  contract.period_end = *period_end;
  contract.cancel_at_period_end = subscription.cancel_at_period_end;
  if (subscription.ends_at && (subscription.status == "canceled" || *subscription.ends_at <= *period_end)) {
    contract.cancel_at_period_end = true;
    contract.period_end = *subscription.ends_at;
  }
  contract.had_trial = subscription.trial_start.has_value();
  if (contract.status == ContractStatus::past_due)
    contract.past_due_since = subscription.past_due_at.value_or(contract.period_start);
  return contract;
}

std::optional<Invoice> invoice_of(const Order& order, const PriceList& products) {
  const bool failed = order.status == "pending" && order.next_payment_attempt_at;
  if (order.total_amount <= 0 || !order.subscription_id || (!order.paid && !failed)) return std::nullopt;
  const Offer* offer = products.offer_of(order.product_id.value_or(""));
  return Invoice{.id = order.id,
                 .contract = *order.subscription_id,
                 .plan = offer != nullptr ? offer->plan : "",
                 .amount = order.total_amount,
                 .currency = text::to_lower(order.currency),
                 .paid = order.paid,
                 .at = order.created_at};
}

WebhookEvent event_of(std::string_view body, std::string id) {
  const auto event = json::from<Event>(body);
  if (event.type.empty()) throw Error(Fault::invalid, "INVALID_EVENT", "This is signed, but not an event.");
  WebhookEvent out{.id = std::move(id), .type = event.type};
  out.customer = text_at(event.data, "customer_id");
  if (event.type.starts_with("subscription.")) {
    out.contract = text_at(event.data, "id");
  } else if (event.type.starts_with("order.")) {
    out.contract = text_at(event.data, "subscription_id");
    if (!out.contract.empty()) out.invoice = text_at(event.data, "id");
  }
  return out;
}

}  // namespace odeon::billing::polar

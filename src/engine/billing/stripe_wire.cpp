#include "engine/billing/stripe_wire.hpp"

namespace odeon::billing::stripe {
namespace {

const json::object* object_at(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found != nullptr ? found->if_object() : nullptr;
}

// Seconds since the epoch; nothing if there are none, or none that a calendar has.
std::optional<Instant> time_at(const json::object& object, std::string_view name) {
  constexpr std::int64_t year_10000 = 253'402'300'800;
  const auto* found = object.if_contains(name);
  const auto seconds = found != nullptr ? json::as_integer(*found, json::Source::body) : std::nullopt;
  if (!seconds || *seconds <= 0 || *seconds >= year_10000) return std::nullopt;
  return Instant(std::chrono::seconds(*seconds));
}

std::int64_t integer_at(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found != nullptr ? json::as_integer(*found, json::Source::body).value_or(0) : 0;
}

bool flag_at(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found != nullptr && found->is_bool() && found->get_bool();
}

// The objects of a list ({"object": "list", "data": […]}).
std::vector<const json::object*> items_of(const json::object& list) {
  std::vector<const json::object*> all;
  const auto* data = list.if_contains("data");
  if (data == nullptr || !data->is_array()) return all;
  for (const auto& item : data->get_array())
    if (item.is_object()) all.push_back(&item.get_object());
  return all;
}

std::vector<const json::object*> list_at(const json::object& object, std::string_view name) {
  const auto* list = object_at(object, name);
  return list != nullptr ? items_of(*list) : std::vector<const json::object*>{};
}

ContractStatus status_of(std::string_view status) {
  if (status == "trialing") return ContractStatus::trialing;
  if (status == "active") return ContractStatus::active;
  if (status == "past_due" || status == "unpaid") return ContractStatus::past_due;
  if (status == "canceled" || status == "incomplete_expired") return ContractStatus::ended;
  return ContractStatus::incomplete;  // "incomplete", "paused", and what is invented later
}

// Newer versions have the period at the items, older ones at the subscription.
std::optional<Instant> period_at(const json::object& subscription, std::string_view name) {
  for (const auto* item : list_at(subscription, "items"))
    if (const auto at = time_at(*item, name)) return at;
  return time_at(subscription, name);
}

// Since the invoice that is unpaid became final, which is when Stripe first tried to take the money.
Instant due_since(const json::object& subscription, Instant period_start) {
  const auto* invoice = object_at(subscription, "latest_invoice");
  if (invoice == nullptr) return period_start;
  const auto* steps = object_at(*invoice, "status_transitions");
  const auto final_at = steps != nullptr ? time_at(*steps, "finalized_at") : std::nullopt;
  return final_at ? *final_at : time_at(*invoice, "created").value_or(period_start);
}

std::string contract_of_invoice(const json::object& invoice) {
  if (const auto* parent = object_at(invoice, "parent"))
    if (const auto* details = object_at(*parent, "subscription_details")) return id_at(*details, "subscription");
  return id_at(invoice, "subscription");
}

std::string plan_of_invoice(const json::object& invoice, const PriceList& prices) {
  for (const auto* line : list_at(invoice, "lines")) {
    std::string price = id_at(*line, "price");
    if (const auto* pricing = object_at(*line, "pricing"))
      if (const auto* details = object_at(*pricing, "price_details")) price = id_at(*details, "price");
    const Offer* offer = prices.offer_of(price);
    if (offer != nullptr && integer_at(*line, "amount") >= 0) return offer->plan;
  }
  return "";
}

}  // namespace

Error nonsense(std::string detail) {
  return Error(Fault::upstream, "PAYMENT_ANSWER", "The payment service gave an answer that cannot be read.")
      .with_detail(std::move(detail));
}

std::string encode_form(const std::vector<std::pair<std::string, std::string>>& form) {
  std::string out;
  for (const auto& [name, value] : form) {
    if (!out.empty()) out += '&';
    out += text::percent_encode(name) + '=' + text::percent_encode(value);
  }
  return out;
}

std::string text_at(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::string id_at(const json::object& object, std::string_view name) {
  const auto* inside = object_at(object, name);
  return inside != nullptr ? text_at(*inside, "id") : text_at(object, name);
}

std::optional<Contract> contract_of(const json::object& subscription, const PriceList& prices) {
  Contract contract{.id = text_at(subscription, "id"), .customer = id_at(subscription, "customer")};
  if (contract.id.empty() || contract.customer.empty() || text_at(subscription, "status").empty())
    throw nonsense("no subscription");
  const auto* metadata = object_at(subscription, "metadata");
  if (metadata != nullptr) contract.user_id = text_at(*metadata, "user_id");
  const Offer* offer = nullptr;
  std::string price;
  for (const auto* item : list_at(subscription, "items")) {
    price = id_at(*item, "price");
    if ((offer = prices.offer_of(price)) != nullptr) break;
  }
  if (offer == nullptr && contract.user_id.empty()) return std::nullopt;  // something else that the account sells
  if (offer == nullptr)
    throw Error(Fault::invalid, "UNKNOWN_PRICE",
                fmt::format("{} is paid with the price {}, which no STRIPE_PRICE_… names.", contract.id, price));
  contract.offer = *offer;
  contract.price = std::move(price);
  contract.status = status_of(text_at(subscription, "status"));
  const auto start = period_at(subscription, "current_period_start"),
             end = period_at(subscription, "current_period_end");
  if (!start || !end) throw nonsense("a subscription without a period");
  contract.period_start = *start;
  contract.period_end = *end;
  contract.cancel_at_period_end = flag_at(subscription, "cancel_at_period_end");
  // What the portal sets in newer versions: an end, which may be that of the period or before it.
  if (const auto ends = time_at(subscription, "cancel_at"); ends && *ends <= contract.period_end) {
    contract.cancel_at_period_end = true;
    contract.period_end = *ends;
  }
  contract.had_trial = time_at(subscription, "trial_start").has_value();
  if (contract.status == ContractStatus::past_due) contract.past_due_since = due_since(subscription, *start);
  if (const auto* invoice = object_at(subscription, "latest_invoice"))
    contract.latest_invoice = invoice_of(*invoice, prices);
  if (contract.latest_invoice) contract.latest_invoice->contract = contract.id;
  return contract;
}

std::optional<Invoice> invoice_of(const json::object& invoice, const PriceList& prices) {
  Invoice made{.id = text_at(invoice, "id"),
               .contract = contract_of_invoice(invoice),
               .plan = plan_of_invoice(invoice, prices),
               .currency = text_at(invoice, "currency")};
  const std::string status = text_at(invoice, "status");
  const auto created = time_at(invoice, "created");
  if (made.id.empty() || !created) throw nonsense("no invoice");
  made.paid = status == "paid";
  made.amount = integer_at(invoice, made.paid ? "amount_paid" : "amount_due");
  const bool failed = (status == "open" || status == "uncollectible") && integer_at(invoice, "attempt_count") > 0;
  if (made.amount <= 0 || (!made.paid && !failed)) return std::nullopt;
  const auto* steps = object_at(invoice, "status_transitions");
  made.at =
      (steps != nullptr ? time_at(*steps, made.paid ? "paid_at" : "finalized_at") : std::nullopt).value_or(*created);
  return made;
}

std::optional<Refund> refund_of(const json::object& charge, const json::object& payments) {
  for (const auto* payment : items_of(payments))
    if (std::string invoice = id_at(*payment, "invoice"); !invoice.empty())
      return Refund{.invoice = std::move(invoice),
                    .amount = integer_at(charge, "amount_refunded"),
                    .disputed = flag_at(charge, "disputed")};
  return std::nullopt;
}

WebhookEvent event_of(std::string_view body) {
  const Error no_event(Fault::invalid, "INVALID_EVENT", "This is signed, but not an event.");
  const json::value document = json::parse(body);
  const auto* event = document.if_object();
  if (event == nullptr) throw no_event;
  WebhookEvent out{.id = text_at(*event, "id"), .type = text_at(*event, "type")};
  const auto* data = object_at(*event, "data");
  const auto* object = data != nullptr ? object_at(*data, "object") : nullptr;
  if (out.id.empty() || out.type.empty() || object == nullptr) throw no_event;
  out.customer = id_at(*object, "customer");
  const std::string_view type = out.type;
  if (type.starts_with("customer.subscription.")) {
    out.contract = text_at(*object, "id");
  } else if (type.starts_with("checkout.session.")) {
    out.contract = id_at(*object, "subscription");
  } else if (type.starts_with("invoice.")) {
    out.contract = contract_of_invoice(*object);
    if (!out.contract.empty()) out.invoice = text_at(*object, "id");
  } else if (type == "charge.refunded") {
    out.charge = text_at(*object, "id");
  } else if (type.starts_with("charge.dispute.") || type == "charge.refund.updated") {
    out.charge = id_at(*object, "charge");
  }
  return out;
}

}  // namespace odeon::billing::stripe

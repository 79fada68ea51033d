// Stripe's objects as ours. Fields that are missing or of another type are a fault of Stripe's, not a crash.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/billing/payment.hpp"

namespace odeon::billing::stripe {

// application/x-www-form-urlencoded
std::string encode_form(const std::vector<std::pair<std::string, std::string>>& form);

// The member as text; empty if there is none.
std::string text_at(const json::object& object, std::string_view name);
// Of an object, or of the id alone, as Stripe has it where something is not expanded.
std::string id_at(const json::object& object, std::string_view name);

// Throw Error{upstream} for what is not such an object. As PaymentProvider's fetch and fetch_invoice.
std::optional<Contract> contract_of(const json::object& subscription, const PriceList& prices);
std::optional<Invoice> invoice_of(const json::object& invoice, const PriceList& prices);
// `payments` is the list of invoices that the charge's payment was for. Nothing: for none.
std::optional<Refund> refund_of(const json::object& charge, const json::object& payments);
// Throws Error{invalid}: the body was signed, but is no event.
WebhookEvent event_of(std::string_view body);

Error nonsense(std::string detail);

}  // namespace odeon::billing::stripe

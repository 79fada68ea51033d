// Polar's objects in their full shapes: its SDK reads them, as a test of the clients shows.
#pragma once

#include "base/json.hpp"

namespace odeon::billing::polar_objects {

using json::array;
using json::object;

inline object merged(object into, object more) {
  for (auto& [name, value] : more) into[name] = std::move(value);
  return into;
}

inline object base(const std::string& id, const std::string& now) {
  return {{"id", id}, {"created_at", now}, {"modified_at", nullptr}, {"metadata", object()}};
}

inline object customer(const std::string& id, const std::string& now, json::value external_id,
                       const std::string& mail) {
  return merged(base(id, now), {{"external_id", std::move(external_id)},
                                {"email", mail},
                                {"email_verified", false},
                                {"type", "individual"},
                                {"name", nullptr},
                                {"billing_name", nullptr},
                                {"billing_address", nullptr},
                                {"tax_id", nullptr},
                                {"locale", "en"},
                                {"organization_id", "org-1"},
                                {"default_payment_method_id", nullptr},
                                {"deleted_at", nullptr},
                                {"avatar_url", nullptr}});
}

inline object price(const std::string& product, const std::string& now, const std::string& currency,
                    std::int64_t amount, const char* source) {
  object made = merged(base("price-" + product + "-" + currency, now), {{"source", source},
                                                                        {"amount_type", "fixed"},
                                                                        {"price_currency", currency},
                                                                        {"tax_behavior", nullptr},
                                                                        {"is_archived", false},
                                                                        {"product_id", product},
                                                                        {"price_amount", amount}});
  made.erase("metadata");
  return made;
}

inline object product(const std::string& id, const std::string& now, array prices) {
  return merged(base(id, now), {{"trial_interval", nullptr},
                                {"trial_interval_count", nullptr},
                                {"name", id},
                                {"description", nullptr},
                                {"visibility", "public"},
                                {"recurring_interval", "month"},
                                {"recurring_interval_count", 1},
                                {"meter_interval", nullptr},
                                {"meter_interval_count", nullptr},
                                {"is_recurring", true},
                                {"is_archived", false},
                                {"organization_id", "org-1"},
                                {"prices", std::move(prices)},
                                {"benefits", array()},
                                {"medias", array()},
                                {"attached_custom_fields", array()}});
}

// What it is made of comes from `asked`, the body of the request.
inline object checkout(const std::string& id, const std::string& now, const std::string& expires_at,
                       const object& asked, const object& product, std::int64_t amount) {
  const auto given = [&](const char* name) {
    const auto* found = asked.if_contains(name);
    return found != nullptr ? *found : json::value();
  };
  const json::value days = given("trial_interval_count");
  return merged(base(id, now), {{"payment_processor", "stripe"},
                                {"status", "open"},
                                {"client_secret", "polar_c_" + id},
                                {"url", "https://polar.test/checkout/polar_c_" + id},
                                {"expires_at", expires_at},
                                {"success_url", given("success_url")},
                                {"return_url", given("return_url")},
                                {"embed_origin", nullptr},
                                {"amount", amount},
                                {"discount_amount", 0},
                                {"net_amount", amount},
                                {"tax_amount", nullptr},
                                {"tax_behavior", nullptr},
                                {"total_amount", amount},
                                {"currency", given("currency")},
                                {"allow_trial", given("allow_trial")},
                                {"active_trial_interval", given("trial_interval")},
                                {"active_trial_interval_count", days},
                                {"trial_end", nullptr},
                                {"organization_id", "org-1"},
                                {"product_id", product.at("id")},
                                {"product_price_id", nullptr},
                                {"discount_id", nullptr},
                                {"allow_discount_codes", given("allow_discount_codes")},
                                {"require_billing_address", false},
                                {"is_discount_applicable", true},
                                {"is_free_product_price", false},
                                {"is_payment_required", days.is_null()},
                                {"is_payment_setup_required", !days.is_null()},
                                {"is_payment_form_required", true},
                                {"customer_id", given("customer_id")},
                                {"is_business_customer", false},
                                {"customer_name", nullptr},
                                {"customer_email", given("customer_email")},
                                {"customer_ip_address", nullptr},
                                {"customer_billing_name", nullptr},
                                {"customer_billing_address", nullptr},
                                {"customer_tax_id", nullptr},
                                {"payment_processor_metadata", object()},
                                {"billing_address_fields", object{{"country", "required"},
                                                                  {"state", "disabled"},
                                                                  {"city", "disabled"},
                                                                  {"postal_code", "disabled"},
                                                                  {"line1", "disabled"},
                                                                  {"line2", "disabled"}}},
                                {"trial_interval", given("trial_interval")},
                                {"trial_interval_count", days},
                                {"metadata", given("metadata")},
                                {"external_customer_id", given("external_customer_id")},
                                {"products", array{product}},
                                {"product", product},
                                {"product_price", product.at("prices").at(0)},
                                {"prices", nullptr},
                                {"discount", nullptr},
                                {"subscription_id", nullptr},
                                {"attached_custom_fields", array()},
                                {"customer_metadata", object()}});
}

// With `product` and `customer` to be added.
inline object subscription(const std::string& id, const std::string& now, const object& checkout, bool trial) {
  return merged(base(id, now), {{"amount", checkout.at("amount")},
                                {"currency", checkout.at("currency")},
                                {"recurring_interval", "month"},
                                {"recurring_interval_count", 1},
                                {"status", trial ? "trialing" : "active"},
                                {"current_period_start", now},
                                {"current_meter_period_start", nullptr},
                                {"current_meter_period_end", nullptr},
                                {"trial_start", trial ? json::value(now) : json::value()},
                                {"trial_end", nullptr},
                                {"cancel_at_period_end", false},
                                {"canceled_at", nullptr},
                                {"started_at", now},
                                {"ends_at", nullptr},
                                {"ended_at", nullptr},
                                {"past_due_at", nullptr},
                                {"pause_at_period_end", false},
                                {"paused_at", nullptr},
                                {"resumes_at", nullptr},
                                {"discount_id", nullptr},
                                {"checkout_id", checkout.at("id")},
                                {"customer_cancellation_reason", nullptr},
                                {"customer_cancellation_comment", nullptr},
                                {"metadata", checkout.at("metadata")},
                                {"discount", nullptr},
                                {"meters", array()},
                                {"pending_update", nullptr}});
}

inline object order(const std::string& id, const std::string& now, const object& subscription, std::int64_t amount,
                    bool paid, const char* reason) {
  return merged(base(id, now), {{"status", paid ? "paid" : "pending"},
                                {"paid", paid},
                                {"subtotal_amount", amount},
                                {"discount_amount", 0},
                                {"net_amount", amount},
                                {"tax_amount", 0},
                                {"total_amount", amount},
                                {"applied_balance_amount", 0},
                                {"due_amount", amount},
                                {"refunded_amount", 0},
                                {"refunded_tax_amount", 0},
                                {"currency", subscription.at("currency")},
                                {"billing_reason", reason},
                                {"billing_name", nullptr},
                                {"billing_address", nullptr},
                                {"invoice_number", "ODEON-0001"},
                                {"is_invoice_generated", false},
                                {"receipt_number", nullptr},
                                {"customer_id", subscription.at("customer_id")},
                                {"product_id", subscription.at("product_id")},
                                {"discount_id", nullptr},
                                {"subscription_id", subscription.at("id")},
                                {"checkout_id", subscription.at("checkout_id")},
                                {"next_payment_attempt_at", paid ? json::value() : json::value(now)},
                                {"metadata", subscription.at("metadata")},
                                {"platform_fee_amount", 0},
                                {"platform_fee_currency", nullptr},
                                {"customer", subscription.at("customer")},
                                {"product", subscription.at("product")},
                                {"discount", nullptr},
                                {"subscription", subscription},
                                {"items", array()},
                                {"description", "Odeon"},
                                {"refundable_amount", 0},
                                {"refundable_tax_amount", 0}});
}

}  // namespace odeon::billing::polar_objects

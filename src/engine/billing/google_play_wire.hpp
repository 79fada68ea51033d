// Google Play's objects as ours (developers.google.com/android-publisher/api-ref/rest/v3/purchases.subscriptionsv2).
#pragma once

#include <optional>
#include <string_view>

#include "engine/billing/payment.hpp"

namespace odeon::billing::google_play {

// What is bought and lasts longest; what will only take its place later does not count yet. Null if there is none.
const json::object* item_of(const json::object& purchase);
// Of a SubscriptionPurchaseV2. Throws Error{invalid, "UNKNOWN_PRICE"} for a product that is not in the list, and
// Error{upstream} for what is no purchase.
Contract contract_of(std::string token, const json::object& purchase, const PriceList& products, Instant now);
// Whether somebody has paid, or has a trial: only then the store is told that it has arrived.
bool is_bought(const json::object& purchase);

// Of a message as Pub/Sub pushes it. Throws Error{invalid} for what is none, or is about another app.
WebhookEvent event_of(std::string_view body, std::string_view package);

Error nonsense(std::string detail);

}  // namespace odeon::billing::google_play

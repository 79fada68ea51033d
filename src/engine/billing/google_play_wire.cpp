#include "engine/billing/google_play_wire.hpp"

#include "base/crypto.hpp"
#include "base/ids.hpp"
#include "engine/billing/store_fields.hpp"
#include "engine/billing/subscriptions.hpp"

namespace odeon::billing::google_play {
namespace {

std::optional<Instant> time_at(const json::object& object, std::string_view name) {
  return parse_iso8601(fields::text(object, name));
}

std::string state_of(const json::object& purchase) {
  constexpr std::string_view prefix = "SUBSCRIPTION_STATE_";
  const std::string state = fields::text(purchase, "subscriptionState");
  if (!state.starts_with(prefix)) throw nonsense("a purchase without a state");
  return state.substr(prefix.size());
}

ContractStatus status_of(std::string_view state, bool trial) {
  if (state == "ACTIVE" || state == "CANCELED") return trial ? ContractStatus::trialing : ContractStatus::active;
  if (state == "IN_GRACE_PERIOD" || state == "ON_HOLD") return ContractStatus::past_due;
  if (state == "EXPIRED" || state == "PENDING_PURCHASE_CANCELED") return ContractStatus::ended;
  return ContractStatus::incomplete;  // "PENDING", "PAUSED", and what is invented later
}

// One that is paid in advance, or whose owner has ended it, does not go on by itself.
bool renews(const json::object& item) {
  const auto* plan = fields::object(item, "autoRenewingPlan");
  return plan != nullptr && fields::flag(*plan, "autoRenewEnabled");
}

}  // namespace

Error nonsense(std::string detail) {
  return Error(Fault::upstream, "PAYMENT_ANSWER", "Google Play gave an answer that cannot be read.")
      .with_detail(std::move(detail));
}

const json::object* item_of(const json::object& purchase) {
  const json::object* best = nullptr;
  for (const auto* item : fields::list(purchase, "lineItems"))
    if (best == nullptr || time_at(*item, "expiryTime") > time_at(*best, "expiryTime")) best = item;
  return best;
}

bool is_bought(const json::object& purchase) {
  const std::string state = state_of(purchase);
  return state != "UNSPECIFIED" && !state.starts_with("PENDING");
}

Contract contract_of(std::string token, const json::object& purchase, const PriceList& products, Instant now) {
  const std::string state = state_of(purchase);
  const auto* item = item_of(purchase);
  if (item == nullptr) throw nonsense("a purchase of nothing");
  const std::string product = fields::text(*item, "productId");
  const Offer* offer = products.offer_of(product);
  if (offer == nullptr)
    throw Error(Fault::invalid, "UNKNOWN_PRICE", fmt::format("The product {} is named by no IAP_….", product));
  const auto* phase = fields::object(*item, "offerPhase");
  const bool trial = phase != nullptr && phase->contains("freeTrial");
  // Everybody is a customer of Google's; of ours by this purchase.
  Contract contract{.id = token,
                    .customer = std::move(token),
                    .offer = *offer,
                    .status = status_of(state, trial),
                    .period_start = time_at(purchase, "startTime").value_or(now),
                    .had_trial = trial};
  if (const auto* account = fields::object(purchase, "externalAccountIdentifiers"))
    if (auto id = text::to_lower(fields::text(*account, "obfuscatedExternalAccountId")); is_uuid(id))
      contract.user_id = std::move(id);
  const auto end = time_at(*item, "expiryTime");
  if (!end && contract.status != ContractStatus::incomplete && contract.status != ContractStatus::ended)
    throw nonsense("a purchase without an end");
  contract.period_end = end.value_or(contract.period_start);
  // In its grace period a purchase ends when that does.
  if (contract.status == ContractStatus::past_due)
    contract.past_due_since = contract.period_end - kGrace;
  else
    contract.cancel_at_period_end = state == "CANCELED" || !renews(*item);
  return contract;
}

WebhookEvent event_of(std::string_view body, std::string_view package) {
  auto no_event = [](const char* detail) {
    return Error(Fault::invalid, "INVALID_EVENT", "This is no notification of Google Play's for this app.")
        .with_detail(detail);
  };
  const json::value document = json::parse(body);
  const auto* push = document.if_object();
  const auto* message = push != nullptr ? fields::object(*push, "message") : nullptr;
  if (message == nullptr) throw no_event("no message");
  const auto data = crypto::from_base64(fields::text(*message, "data"));
  const json::value inner = json::parse(data.value_or(""));
  const auto* notification = inner.if_object();
  WebhookEvent event{.id = fields::text(*message, "messageId")};
  if (notification == nullptr || event.id.empty()) throw no_event("no notification");
  if (fields::text(*notification, "packageName") != package) throw no_event("another app");
  if (const auto* about = fields::object(*notification, "subscriptionNotification")) {
    event.type = fmt::format("subscription.{}", fields::integer(*about, "notificationType").value_or(0));
    event.contract = fields::text(*about, "purchaseToken");
  } else if (const auto* voided = fields::object(*notification, "voidedPurchaseNotification")) {
    constexpr std::int64_t subscription = 1;
    event.type = "voided";
    if (fields::integer(*voided, "productType") == subscription)
      event.contract = fields::text(*voided, "purchaseToken");
  } else {
    event.type = notification->contains("testNotification") ? "test" : "other";
  }
  event.customer = event.contract;
  return event;
}

}  // namespace odeon::billing::google_play

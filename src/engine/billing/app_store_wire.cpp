#include "engine/billing/app_store_wire.hpp"

#include "base/ids.hpp"
#include "engine/billing/store_fields.hpp"
#include "engine/billing/subscriptions.hpp"

namespace odeon::billing::app_store {
namespace {

constexpr std::int64_t kBillingRetry = 3, kGracePeriod = 4;

ContractStatus status_of(std::int64_t status, bool trial) {
  switch (status) {
    case 1:
      return trial ? ContractStatus::trialing : ContractStatus::active;
    case kBillingRetry:
    case kGracePeriod:
      return ContractStatus::past_due;
    case 2:
    case 5:
      return ContractStatus::ended;
    default:
      return ContractStatus::incomplete;  // what is invented later
  }
}

bool is_subscription(const json::object& transaction) {
  return fields::text(transaction, "type") == "Auto-Renewable Subscription";
}

bool is_trial(const json::object& transaction) {
  constexpr std::int64_t introductory = 1;
  const std::string discount = fields::text(transaction, "offerDiscountType");
  // Older transactions do not say of what kind their offer is.
  return discount == "FREE_TRIAL" || (discount.empty() && fields::integer(transaction, "offerType") == introductory &&
                                      fields::integer(transaction, "price").value_or(0) == 0);
}

}  // namespace

Error nonsense(std::string detail) {
  return Error(Fault::upstream, "PAYMENT_ANSWER", "The App Store gave an answer that cannot be read.")
      .with_detail(std::move(detail));
}

// ISO 4217, of the currencies that the App Store sells in.
std::int64_t smallest_units(std::int64_t thousandths, std::string_view currency) {
  constexpr std::array<std::string_view, 15> whole{"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW",
                                                   "PYG", "RWF", "UGX", "VND", "XAF", "XOF", "XPF"};
  constexpr std::array<std::string_view, 7> thirds{"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
  if (std::ranges::find(whole, currency) != whole.end()) return thousandths / 1000;
  return std::ranges::find(thirds, currency) != thirds.end() ? thousandths : thousandths / 10;
}

std::optional<Contract> contract_of(std::int64_t status, const json::object& transaction, const json::object& renewal,
                                    const PriceList& products) {
  if (!is_subscription(transaction)) return std::nullopt;
  Contract contract{.id = fields::text(transaction, "originalTransactionId")};
  const auto start = fields::millis(transaction, "purchaseDate"), end = fields::millis(transaction, "expiresDate");
  if (contract.id.empty() || !start || !end) throw nonsense("a subscription without id or period");
  const std::string product = fields::text(transaction, "productId");
  const Offer* offer = products.offer_of(product);
  if (offer == nullptr)
    throw Error(Fault::invalid, "UNKNOWN_PRICE",
                fmt::format("{} is of the product {}, which no IAP_… names.", contract.id, product));
  contract.offer = *offer;
  // Everybody is a customer of Apple's; of ours by this subscription.
  contract.customer = contract.id;
  if (auto account = text::to_lower(fields::text(transaction, "appAccountToken")); is_uuid(account))
    contract.user_id = std::move(account);
  contract.had_trial = is_trial(transaction);
  contract.status = status_of(status, contract.had_trial);
  contract.period_start = *start;
  contract.period_end = *end;
  if (contract.status == ContractStatus::past_due) {
    const auto grace = status == kGracePeriod ? fields::millis(renewal, "gracePeriodExpiresDate") : std::nullopt;
    contract.past_due_since = grace.value_or(*end) - kGrace;
  } else {
    contract.cancel_at_period_end = fields::integer(renewal, "autoRenewStatus") == 0;
  }
  contract.latest_invoice = invoice_of(transaction, products);
  return contract;
}

std::optional<Invoice> invoice_of(const json::object& transaction, const PriceList& products) {
  const auto at = fields::millis(transaction, "purchaseDate");
  const std::string currency = fields::text(transaction, "currency");
  const Offer* offer = products.offer_of(fields::text(transaction, "productId"));
  Invoice invoice{.id = fields::text(transaction, "transactionId"),
                  .contract = fields::text(transaction, "originalTransactionId"),
                  .plan = offer != nullptr ? offer->plan : "",
                  .amount = smallest_units(fields::integer(transaction, "price").value_or(0), currency),
                  .currency = text::to_lower(currency),
                  .paid = true};
  const bool shared = fields::text(transaction, "inAppOwnershipType") == "FAMILY_SHARED";
  if (!is_subscription(transaction) || invoice.id.empty() || !at || invoice.amount <= 0 || shared) return std::nullopt;
  invoice.at = *at;
  return invoice;
}

}  // namespace odeon::billing::app_store

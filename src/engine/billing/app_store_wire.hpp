// The App Store's objects as ours, once their signatures were found good.
#pragma once

#include <optional>
#include <string_view>

#include "engine/billing/payment.hpp"

namespace odeon::billing::app_store {

// Of a transaction's payload (JWSTransactionDecodedPayload), the renewal's that belongs to it, and the subscription's
// status (1 to 5). Nothing for what is no subscription; throws Error{invalid, "UNKNOWN_PRICE"} for one of a product
// that is not in the list, and Error{upstream} for what lacks what every subscription has.
std::optional<Contract> contract_of(std::int64_t status, const json::object& transaction, const json::object& renewal,
                                    const PriceList& products);
// Nothing for what costs nothing: trials, and what a family shares.
std::optional<Invoice> invoice_of(const json::object& transaction, const PriceList& products);

// In the smallest unit of the currency, from the thousandths of its main unit that Apple counts in.
std::int64_t smallest_units(std::int64_t thousandths, std::string_view currency);

Error nonsense(std::string detail);

}  // namespace odeon::billing::app_store

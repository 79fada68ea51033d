// A shop of somebody else's, in which people buy with their account there: nothing is sold here, what was bought is
// adopted (Payments::adopt), and it is managed there. How long a plan stays after a renewal that was not paid is what
// its shop says: the grace period that is set up there, without another on top.
#pragma once

#include "engine/billing/payment.hpp"
#include "engine/billing/subscriptions.hpp"

namespace odeon::billing {

// What a client hands over, understood.
struct StorePurchase {
  std::string contract;
  std::string product;  // the store's id of what was bought
};

class StoreProvider : public PaymentProvider {
 public:
  // Throws Error{invalid, "INVALID_RECEIPT"} for what is none, or none of this app's, and Error{not_found,
  // "NO_SUCH_PURCHASE"} for what the store does not know.
  virtual Task<StorePurchase> read_receipt(std::string receipt) = 0;
  // Tells the store that the purchase has arrived at its owner. Any number of times.
  virtual Task<void> confirm(std::string contract) = 0;

  bool sells(const Offer&) const final { return false; }
  Task<Checkout> create_checkout(CheckoutOrder) final {
    throw Error(Fault::unavailable, "PAYMENT_NOT_CONFIGURED", "This is bought in the app.");
    co_return Checkout{};
  }
  Task<std::optional<std::string>> close_checkout(std::string) final { co_return std::nullopt; }

 protected:
  // Of what gives access up to `until` without being paid for.
  static Instant due_since(Instant until) { return until - kGrace; }
  static Error no_receipt(std::string detail) {
    return Error(Fault::invalid, "INVALID_RECEIPT", "This is no receipt of a purchase in this app.")
        .with_fields({{"receipt", "not_allowed", "This must be what the store gave for the purchase."}})
        .with_detail(std::move(detail));
  }
  static Error no_purchase() {
    return Error(Fault::not_found, "NO_SUCH_PURCHASE", "The store does not know this purchase.");
  }
};

}  // namespace odeon::billing

// What an account may still do of what its plan counts: the one question and the one act for every product.
//
//   auto tx = co_await database.begin(Isolation::statement);
//   auto held = co_await allowances.reserve(*tx, user_id, "stories", "stories");
//   if (!held) throw held.error().error("MONTHLY_LIMIT_REACHED", "…");
//   co_await queue.enqueue(*tx, Make{id, *held});
//   co_await tx->commit();                    // held if, and only if, the work was asked for
//
// and then, in the transaction that ends the work, settle (it succeeded) or release (it did not). What is in use for
// as long as it exists (stocks, storage) is given back when it goes.
//
// However many ask at once, on however many nodes, used and reserved together never exceed the plan's limit. What
// was used in truth may: more minutes than were held count as what they are.
#pragma once

#include <algorithm>
#include <expected>
#include <functional>
#include <string>
#include <vector>

#include "engine/billing/refusals.hpp"
#include "engine/billing/subscriptions.hpp"
#include "engine/billing/usage_store.hpp"

namespace odeon::billing {

// Of one meter in its present period, in what it counts.
struct Allowance {
  const Plan* plan = nullptr;  // never null; lives as long as the Plans
  std::string meter;
  std::int64_t limit = 0;            // kUnlimited or not negative
  std::int64_t used = 0;             // settled
  std::int64_t reserved = 0;         // by work under way
  std::optional<Instant> resets_at;  // nothing: never

  // What may still be reserved: kUnlimited or not negative.
  std::int64_t left() const {
    return limit == kUnlimited ? kUnlimited : std::max<std::int64_t>(0, limit - used - reserved);
  }
};

// A limit that is near or reached.
struct UsageWarning {
  std::string user_id;
  std::string product;
  std::string meter;
  std::int64_t percent = 80;  // or 100
  std::int64_t used = 0;
  std::int64_t limit = 0;
  std::optional<Instant> resets_at;
};

// What was used past a limit by who turned that on.
struct OverLimit {
  std::string reservation;
  std::string user_id;
  std::string product;
  std::string meter;
  Instant period_start;
  std::int64_t amount = 0;
};

// Thread-safe; what it is given outlives it.
class Allowances {
 public:
  Allowances(database::Database& database, Subscriptions& subscriptions, const Clock& clock);

  Task<Allowance> of(std::string user_id, std::string product, std::string meter);
  // As that transaction sees it.
  Task<Allowance> of(database::Executor& executor, std::string user_id, std::string product, std::string meter);
  // Of all meters of a product, by name.
  Task<std::vector<Allowance>> all(std::string user_id, std::string product);

  // What `reserve` would be refused with just now; nothing where it would not. For who counts something else before
  // they reserve: it holds nothing, so that may still be refused.
  Task<std::optional<Refusal>> refusal(std::string user_id, std::string product, std::string meter,
                                       std::int64_t amount = 1);

  using Reserved = std::expected<std::string, Refusal>;
  // The reservation's id. What is wanted at once is reserved at once, by its amount (> 0): a refusal is remembered
  // for a second on this node, and counts what the same transaction reserved before.
  Task<Reserved> reserve(database::Transaction& transaction, std::string user_id, std::string product,
                         std::string meter, std::int64_t amount = 1);
  // Of a reservation that grows, is settled in parts and lasts until it is released, or until `expires_at` if nobody
  // sets that anew (leases.hpp). Adds to it, or begins it; the caller keeps apart what lies in different periods.
  struct Extended {
    Instant period_start;
    std::optional<Instant> resets_at;
    std::int64_t limit = 0;  // of the plan, without what overage adds
  };
  Task<std::expected<Extended, Refusal>> extend(database::Transaction& transaction, std::string reservation,
                                                std::string user_id, std::string product, std::string meter,
                                                std::int64_t amount, Instant expires_at);
  // Counts what was used of it, also where it has ended meanwhile. False where nothing is counted of that account any
  // more.
  Task<bool> settle_part(database::Transaction& transaction, store::Part part);
  // What a reservation holds: 0 where it has ended or is unknown.
  Task<std::int64_t> held(database::Executor& executor, std::string reservation);
  // Gives back what expired: whoever held it is gone. Returns how many.
  Task<std::int64_t> release_expired();

  // Counts what was reserved as used, or `amount` (≥ 0) where the truth is another. False if the reservation had
  // ended before or is unknown: then nothing changed.
  Task<bool> settle(database::Transaction& transaction, std::string reservation,
                    std::optional<std::int64_t> amount = {});
  // It was not used. False as above.
  Task<bool> release(database::Transaction& transaction, std::string reservation);
  // Of a meter that never begins anew: what was settled is in use no more.
  Task<void> give_back(database::Transaction& transaction, std::string user_id, std::string product, std::string meter,
                       std::int64_t amount = 1);

  // Sees what `of` and `all` read before it is shown, before first use: for who holds more than is in use.
  void read_through(
      std::function<void(const std::string& user_id, const std::string& product, Allowance& allowance)> call) {
    read_through_ = std::move(call);
  }
  // Called in the settling transaction, before first use: for meters with `warns`, once in a period each, and where
  // none ends no more than once a month.
  void on_warning(std::function<Task<void>(database::Transaction& transaction, UsageWarning warning)> call) {
    on_warning_ = std::move(call);
  }
  // Called in the settling transaction, before first use.
  void on_overage(std::function<Task<void>(database::Transaction& transaction, OverLimit over)> call) {
    on_overage_ = std::move(call);
  }

 private:
  struct Wanted {
    std::string id, user_id, product, meter;
    std::int64_t amount = 1;
    std::optional<Instant> expires_at;
  };
  Task<std::expected<Extended, Refusal>> hold(database::Transaction& transaction, Wanted wanted);
  Task<bool> end(database::Transaction& transaction, std::string reservation, std::optional<std::int64_t> used);
  // Tells whoever has to know that `more` was used.
  Task<void> counted(database::Transaction& transaction, std::string cause, store::Ended ended, std::int64_t more);
  Task<void> warn(database::Transaction& transaction, store::Ended ended);
  // Once that is committed.
  void forget_after(database::Transaction& transaction, std::string key);

  database::Database& database_;
  Subscriptions& subscriptions_;
  const Clock& clock_;
  Refusals refusals_;
  std::function<void(const std::string&, const std::string&, Allowance&)> read_through_;
  std::function<Task<void>(database::Transaction&, UsageWarning)> on_warning_;
  std::function<Task<void>(database::Transaction&, OverLimit)> on_overage_;
};

}  // namespace odeon::billing

// All SQL of contracts, payments and webhooks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/billing/payment.hpp"
#include "engine/database/database.hpp"

namespace odeon::billing::store {

using database::Database;
using database::Executor;
using database::Transaction;

// A contract as it was last seen.
struct Seen {
  std::string provider;
  std::string id;
  std::int64_t revision = 0;
  std::string user_id;
  std::string customer;
  std::string plan;
  ContractStatus status = ContractStatus::incomplete;
  Instant period_end;
  bool cancel_at_period_end = false;
};
BOOST_DESCRIBE_STRUCT(Seen, (),
                      (provider, id, revision, user_id, customer, plan, status, period_end, cancel_at_period_end))

Task<std::optional<Seen>> contract(Executor& executor, std::string provider, std::string id);
// Of a person and product, the newest first.
Task<std::vector<Seen>> contracts_of(Executor& executor, std::string user_id, std::string product);
// Whose customer that is; nothing if nobody's.
Task<std::optional<std::string>> owner(Executor& executor, std::string provider, std::string customer);
// As which customer a provider knows a person.
Task<std::optional<std::string>> customer_of(Executor& executor, std::string provider, std::string user_id);
// Those whose period has ended without news, `limit` of them from the one after `after` (provider, id).
struct Key {
  std::string provider;
  std::string id;
};
BOOST_DESCRIBE_STRUCT(Key, (), (provider, id))
Task<std::vector<Key>> overdue(Executor& executor, Instant now, Key after, std::int64_t limit);

// False if somebody has written since `revision` was read (0: there was none): then nothing changed.
Task<bool> keep_contract(Transaction& tx, std::string provider, Contract contract, std::int64_t revision, Instant now);
// A payment that succeeded stays so.
Task<void> keep_payment(Transaction& tx, std::string provider, Contract contract, Invoice invoice);
// False if the payment is not known.
Task<bool> note_refund(Executor& executor, std::string provider, Refund refund);
Task<void> use_trial(Transaction& tx, std::string user_id, std::string product, Instant now);
Task<bool> had_trial(Executor& executor, std::string user_id, std::string product);

// The newest checkout of a person.
struct OpenCheckout {
  std::int64_t attempt = 0;
  std::string provider;
  std::string id;  // empty: it never came to be
  std::string url;
  std::string plan;
  Cycle cycle = Cycle::monthly;
  std::string currency;
  std::int64_t amount = 0;
  std::string request_key;
  Instant created_at;
  std::optional<Instant> expires_at;
};
BOOST_DESCRIBE_STRUCT(OpenCheckout, (),
                      (attempt, provider, id, url, plan, cycle, currency, amount, request_key, created_at, expires_at))
Task<std::optional<OpenCheckout>> open_checkout(Executor& executor, std::string user_id, std::string product);
// The number of a new one, which takes the other's place.
Task<std::int64_t> begin_checkout(Executor& executor, std::string provider, CheckoutOrder order,
                                  std::string request_key, Instant now);
// False if a newer one has begun.
Task<bool> keep_checkout(Executor& executor, std::string user_id, std::string product, std::int64_t attempt,
                         Checkout checkout);

// False if it is known already.
Task<bool> add_webhook(Transaction& tx, std::string provider, WebhookEvent event, std::string payload, Instant now,
                       std::optional<Instant> applied_at, std::string result);
Task<void> mark_applied(Transaction& tx, std::string provider, std::string event_id, std::string result, Instant now);
Task<std::int64_t> prune_webhooks(Executor& executor, Instant applied_before);

}  // namespace odeon::billing::store

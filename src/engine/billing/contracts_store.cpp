#include "engine/billing/contracts_store.hpp"

namespace odeon::billing::store {

Task<std::optional<Seen>> contract(Executor& executor, std::string provider, std::string id) {
  return executor.find<Seen>(
      "SELECT provider, id, revision, user_id, customer, plan, status, period_end, cancel_at_period_end "
      "FROM billing_contracts WHERE provider = $1 AND id = $2",
      provider, id);
}

Task<std::vector<Seen>> contracts_of(Executor& executor, std::string user_id, std::string product) {
  return executor.query<Seen>(
      "SELECT provider, id, revision, user_id, customer, plan, status, period_end, cancel_at_period_end "
      "FROM billing_contracts WHERE user_id = $1 AND product = $2 ORDER BY period_end DESC, id",
      user_id, product);
}

Task<std::optional<std::string>> owner(Executor& executor, std::string provider, std::string customer) {
  return executor.find<std::string>(
      "SELECT user_id FROM billing_contracts WHERE provider = $1 AND customer = $2 ORDER BY id LIMIT 1", provider,
      customer);
}

Task<std::optional<std::string>> customer_of(Executor& executor, std::string provider, std::string user_id) {
  return executor.find<std::string>(
      "SELECT customer FROM billing_contracts WHERE provider = $1 AND user_id = $2 ORDER BY period_end DESC, id LIMIT "
      "1",
      provider, user_id);
}

Task<std::vector<Key>> overdue(Executor& executor, Instant now, Key after, std::int64_t limit) {
  return executor.query<Key>(
      "SELECT provider, id FROM billing_contracts WHERE period_end <= $1 AND status <> 'ended' "
      "AND (provider > $2 OR (provider = $2 AND id > $3)) ORDER BY provider, id LIMIT $4",
      now, after.provider, after.id, limit);
}

Task<bool> keep_contract(Transaction& tx, std::string provider, Contract contract, std::int64_t revision, Instant now) {
  // One that was known and is gone was forgotten meanwhile: it does not come back.
  const auto changed =
      revision == 0
          ? co_await tx.execute(
                "INSERT INTO billing_contracts (provider, id, revision, user_id, customer, product, plan, cycle, "
                "status, "
                "period_start, period_end, cancel_at_period_end, past_due_since, created_at, updated_at, price) "
                "VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14) "
                "ON CONFLICT (provider, id) DO NOTHING",
                provider, contract.id, contract.user_id, contract.customer, contract.offer.product, contract.offer.plan,
                contract.offer.cycle, contract.status, contract.period_start, contract.period_end,
                contract.cancel_at_period_end, contract.past_due_since, now, contract.price)
          : co_await tx.execute(
                "UPDATE billing_contracts SET revision = revision + 1, user_id = $3, customer = $4, product = $5, "
                "plan = $6, cycle = $7, status = $8, period_start = $9, period_end = $10, cancel_at_period_end = $11, "
                "past_due_since = $12, updated_at = $13, price = $15 "
                "WHERE provider = $1 AND id = $2 AND revision = $14",
                provider, contract.id, contract.user_id, contract.customer, contract.offer.product, contract.offer.plan,
                contract.offer.cycle, contract.status, contract.period_start, contract.period_end,
                contract.cancel_at_period_end, contract.past_due_since, now, revision, contract.price);
  co_return changed == 1;
}

Task<void> keep_payment(Transaction& tx, std::string provider, Contract contract, Invoice invoice) {
  const std::string status = invoice.paid ? "succeeded" : "failed";
  co_await tx.execute(
      "INSERT INTO billing_payments (provider, invoice, contract, user_id, product, plan, amount, currency, status, "
      "at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (provider, invoice) DO UPDATE "
      "SET amount = excluded.amount, status = excluded.status, at = excluded.at "
      "WHERE billing_payments.status <> 'succeeded'",
      provider, invoice.id, contract.id, contract.user_id, contract.offer.product, invoice.plan, invoice.amount,
      invoice.currency, status, invoice.at);
}

Task<bool> note_refund(Executor& executor, std::string provider, Refund refund) {
  const auto changed = co_await executor.execute(
      "UPDATE billing_payments SET refunded = $3, disputed = $4 WHERE provider = $1 AND invoice = $2", provider,
      refund.invoice, refund.amount, refund.disputed);
  co_return changed == 1;
}

Task<void> use_trial(Transaction& tx, std::string user_id, std::string product, Instant now) {
  co_await tx.execute(
      "INSERT INTO billing_trials (user_id, product, used_at) VALUES ($1, $2, $3) ON CONFLICT (user_id, product) "
      "DO NOTHING",
      user_id, product, now);
}

Task<bool> had_trial(Executor& executor, std::string user_id, std::string product) {
  const auto used = co_await executor.find<Instant>(
      "SELECT used_at FROM billing_trials WHERE user_id = $1 AND product = $2", user_id, product);
  co_return used.has_value();
}

Task<std::optional<OpenCheckout>> open_checkout(Executor& executor, std::string user_id, std::string product) {
  return executor.find<OpenCheckout>(
      "SELECT attempt, provider, id, url, plan, cycle, currency, amount, request_key, created_at, expires_at "
      "FROM billing_checkouts WHERE user_id = $1 AND product = $2",
      user_id, product);
}

Task<std::int64_t> begin_checkout(Executor& executor, std::string provider, CheckoutOrder order,
                                  std::string request_key, Instant now) {
  const auto attempt = co_await executor.find<std::int64_t>(
      "INSERT INTO billing_checkouts (user_id, product, attempt, provider, plan, cycle, currency, amount, request_key, "
      "created_at) VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (user_id, product) DO UPDATE "
      "SET attempt = billing_checkouts.attempt + 1, provider = excluded.provider, id = '', url = '', "
      "plan = excluded.plan, cycle = excluded.cycle, currency = excluded.currency, amount = excluded.amount, "
      "request_key = excluded.request_key, created_at = excluded.created_at, expires_at = NULL RETURNING attempt",
      order.user_id, order.offer.product, provider, order.offer.plan, order.offer.cycle, order.currency, order.amount,
      request_key, now);
  co_return attempt.value();
}

Task<bool> keep_checkout(Executor& executor, std::string user_id, std::string product, std::int64_t attempt,
                         Checkout checkout) {
  const auto changed = co_await executor.execute(
      "UPDATE billing_checkouts SET id = $4, url = $5, expires_at = $6 WHERE user_id = $1 AND product = $2 "
      "AND attempt = $3",
      user_id, product, attempt, checkout.id, checkout.url, checkout.expires_at);
  co_return changed == 1;
}

Task<bool> add_webhook(Transaction& tx, std::string provider, WebhookEvent event, std::string payload, Instant now,
                       std::optional<Instant> applied_at, std::string result) {
  const auto added = co_await tx.execute(
      "INSERT INTO billing_webhooks (provider, event_id, type, payload, received_at, applied_at, result) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (provider, event_id) DO NOTHING",
      provider, event.id, event.type, payload, now, applied_at, result);
  co_return added == 1;
}

Task<void> mark_applied(Transaction& tx, std::string provider, std::string event_id, std::string result, Instant now) {
  co_await tx.execute("UPDATE billing_webhooks SET applied_at = $3, result = $4 WHERE provider = $1 AND event_id = $2",
                      provider, event_id, now, result);
}

Task<std::int64_t> prune_webhooks(Executor& executor, Instant applied_before) {
  return executor.execute("DELETE FROM billing_webhooks WHERE applied_at < $1", applied_before);
}

}  // namespace odeon::billing::store

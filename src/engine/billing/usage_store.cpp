#include "engine/billing/usage_store.hpp"

#include <limits>

namespace odeon::billing::store {
namespace {

struct Reservation {
  std::string user_id;
  std::string product;
  std::string meter;
  Instant period_start;
  std::int64_t amount = 0;
  std::int64_t plan_limit = 0;
  bool overage = false;
};
BOOST_DESCRIBE_STRUCT(Reservation, (), (user_id, product, meter, period_start, amount, plan_limit, overage))

struct Terms {
  std::int64_t plan_limit = -1;
  bool overage = false;
};
BOOST_DESCRIBE_STRUCT(Terms, (), (plan_limit, overage))

}  // namespace

Task<bool> hold(Transaction& tx, Hold hold) {
  const bool limited = hold.plan_limit >= 0 && !hold.overage;
  if (limited && hold.amount > hold.plan_limit) co_return false;
  const std::int64_t limit = limited ? hold.plan_limit : std::numeric_limits<std::int64_t>::max();
  const Count& of = hold.of;
  const auto counted = co_await tx.execute(
      "INSERT INTO billing_usage (user_id, product, meter, period_start, used, reserved) "
      "VALUES ($1, $2, $3, $4, 0, $5) ON CONFLICT (user_id, product, meter, period_start) "
      "DO UPDATE SET reserved = billing_usage.reserved + excluded.reserved "
      "WHERE billing_usage.used + billing_usage.reserved <= $6",
      of.user_id, of.product, of.meter, of.period_start, hold.amount, limit - hold.amount);
  if (counted == 0) co_return false;
  co_await tx.execute(
      "INSERT INTO billing_reservations (id, user_id, product, meter, period_start, amount, plan_limit, overage, "
      "created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO UPDATE SET "
      "amount = billing_reservations.amount + excluded.amount, plan_limit = excluded.plan_limit, "
      "expires_at = excluded.expires_at",
      hold.id, of.user_id, of.product, of.meter, of.period_start, hold.amount, hold.plan_limit, hold.overage, hold.at,
      hold.expires_at);
  co_return true;
}

// The count first, as `hold` does: two of one reservation at once wait for each other in one order.
Task<std::optional<Ended>> count(Transaction& tx, Part part) {
  const Count& of = part.of;
  const auto used = co_await tx.find<std::int64_t>(
      "UPDATE billing_usage SET used = used + $5, reserved = reserved - $6 "
      "WHERE user_id = $1 AND product = $2 AND meter = $3 AND period_start = $4 RETURNING used",
      of.user_id, of.product, of.meter, of.period_start, part.used, part.reserved);
  if (!used) co_return std::nullopt;
  const auto kept = co_await tx.find<Terms>(
      "UPDATE billing_reservations SET amount = amount - $2, expires_at = $3 WHERE id = $1 "
      "RETURNING plan_limit, overage",
      part.id, part.reserved, part.expires_at);
  if (!kept)
    co_await tx.execute(
        "UPDATE billing_usage SET reserved = reserved + $5 "
        "WHERE user_id = $1 AND product = $2 AND meter = $3 AND period_start = $4",
        of.user_id, of.product, of.meter, of.period_start, part.reserved);
  const Terms terms = kept.value_or(Terms{});
  co_return Ended{of.user_id, of.product, of.meter, of.period_start, part.used, terms.plan_limit, terms.overage, *used};
}

Task<std::optional<std::int64_t>> held(Executor& executor, std::string id) {
  return executor.find<std::int64_t>("SELECT amount FROM billing_reservations WHERE id = $1", id);
}

Task<std::vector<std::string>> expired(Executor& executor, Instant now) {
  return executor.query<std::string>("SELECT id FROM billing_reservations WHERE expires_at < $1 LIMIT 1000", now);
}

Task<std::optional<Ended>> end(Transaction& tx, std::string id, std::optional<std::int64_t> used) {
  const auto held = co_await tx.find<Reservation>(
      "DELETE FROM billing_reservations WHERE id = $1 "
      "RETURNING user_id, product, meter, period_start, amount, plan_limit, overage",
      id);
  if (!held) co_return std::nullopt;
  const auto now_used = co_await tx.find<std::int64_t>(
      "UPDATE billing_usage SET reserved = reserved - $5, used = used + $6 "
      "WHERE user_id = $1 AND product = $2 AND meter = $3 AND period_start = $4 RETURNING used",
      held->user_id, held->product, held->meter, held->period_start, held->amount, used.value_or(held->amount));
  co_return Ended{held->user_id, held->product,    held->meter,   held->period_start,
                  held->amount,  held->plan_limit, held->overage, now_used.value_or(0)};
}

Task<void> give_back(Transaction& tx, Count from, std::int64_t amount) {
  co_await tx.execute(
      "UPDATE billing_usage SET used = CASE WHEN used > $5 THEN used - $5 ELSE 0 END "
      "WHERE user_id = $1 AND product = $2 AND meter = $3 AND period_start = $4",
      from.user_id, from.product, from.meter, from.period_start, amount);
}

Task<std::optional<Used>> used(Executor& executor, Count of) {
  return executor.find<Used>(
      "SELECT meter, period_start, used, reserved FROM billing_usage "
      "WHERE user_id = $1 AND product = $2 AND meter = $3 AND period_start = $4",
      of.user_id, of.product, of.meter, of.period_start);
}

Task<std::vector<Used>> used_since(Executor& executor, std::string user_id, std::string product, Instant day,
                                   Instant month, Instant cycle) {
  return executor.query<Used>(
      "SELECT meter, period_start, used, reserved FROM billing_usage "
      "WHERE user_id = $1 AND product = $2 AND period_start IN ($3, $4, $5, 0)",
      user_id, product, day, month, cycle);
}

// Longer than any period that ends.
constexpr std::chrono::days kToldAgain{32};

Task<bool> note_warning(Transaction& tx, Count of, std::int64_t percent, Instant now) {
  const auto added = co_await tx.execute(
      "INSERT INTO billing_warnings (user_id, product, meter, period_start, percent, told_at) "
      "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (user_id, product, meter, period_start, percent) "
      "DO UPDATE SET told_at = excluded.told_at WHERE billing_warnings.told_at < $7",
      of.user_id, of.product, of.meter, of.period_start, percent, now, now - kToldAgain);
  co_return added == 1;
}

Task<bool> has_overage(Executor& executor, std::string user_id, std::string product) {
  const auto since = co_await executor.find<Instant>(
      "SELECT turned_on_at FROM billing_overage_choices WHERE user_id = $1 AND product = $2", user_id, product);
  co_return since.has_value();
}

Task<bool> turn_overage(Executor& executor, std::string user_id, std::string product, bool on, Instant now) {
  if (!on)
    co_return co_await executor.execute("DELETE FROM billing_overage_choices WHERE user_id = $1 AND product = $2",
                                        user_id, product) == 1;
  co_return co_await executor.execute(
      "INSERT INTO billing_overage_choices (user_id, product, turned_on_at) VALUES ($1, $2, $3) "
      "ON CONFLICT (user_id, product) DO NOTHING",
      user_id, product, now) == 1;
}

}  // namespace odeon::billing::store

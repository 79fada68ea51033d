#include "engine/billing/quotas.hpp"

#include <limits>

#include "base/ids.hpp"
#include "engine/billing/plans.hpp"

namespace odeon::billing {
namespace {

using std::chrono::days;

constexpr std::int64_t kPruneAtOnce = 2'000;  // so that others can write in between

struct Reservation {
  std::string user_id;
  std::string product;
  std::string meter;
  std::int64_t period_start = 0;
  std::int64_t amount = 0;
};
BOOST_DESCRIBE_STRUCT(Reservation, (), (user_id, product, meter, period_start, amount))

}  // namespace

Instant start_of(Period period, Instant when) {
  const auto day = std::chrono::floor<days>(when);
  const std::chrono::year_month_day date(day);
  switch (period) {
    case Period::day:
      return day;
    case Period::month:
      return std::chrono::sys_days(date.year() / date.month() / 1);
    case Period::always:
      break;
  }
  return Instant{};
}

std::optional<Instant> end_of(Period period, Instant when) {
  const auto day = std::chrono::floor<days>(when);
  const std::chrono::year_month_day date(day);
  switch (period) {
    case Period::day:
      return day + days(1);
    case Period::month:
      return std::chrono::sys_days((date.year() / date.month() + std::chrono::months(1)) / 1);
    case Period::always:
      break;
  }
  return std::nullopt;
}

Task<std::optional<std::string>> Quotas::reserve(database::Transaction& transaction, Hold hold) {
  const std::int64_t limit = hold.limit == kUnlimited ? std::numeric_limits<std::int64_t>::max() : hold.limit;
  if (hold.amount <= 0) throw std::logic_error("a reservation of nothing");
  if (hold.amount > limit) co_return std::nullopt;
  const Instant now = clock_.now(), start = start_of(hold.period, now);
  const auto counted = co_await transaction.execute(
      "INSERT INTO billing_usage (user_id, product, meter, period_start, used, reserved) "
      "VALUES ($1, $2, $3, $4, 0, $5) ON CONFLICT (user_id, product, meter, period_start) "
      "DO UPDATE SET reserved = billing_usage.reserved + excluded.reserved "
      "WHERE billing_usage.used + billing_usage.reserved <= $6",
      hold.user_id, hold.product, hold.meter, start, hold.amount, limit - hold.amount);
  if (counted == 0) co_return std::nullopt;
  std::string id = new_uuid(clock_);
  co_await transaction.execute(
      "INSERT INTO billing_reservations (id, user_id, product, meter, period_start, amount, state, created_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, 'reserved', $7)",
      id, hold.user_id, hold.product, hold.meter, start, hold.amount, now);
  co_return id;
}

Task<bool> Quotas::settle(database::Transaction& transaction, std::string reservation,
                          std::optional<std::int64_t> amount) {
  return end(transaction, std::move(reservation), "settled", amount);
}

Task<bool> Quotas::release(database::Transaction& transaction, std::string reservation) {
  return end(transaction, std::move(reservation), "released", 0);
}

Task<bool> Quotas::end(database::Transaction& transaction, std::string reservation, std::string state,
                       std::optional<std::int64_t> used) {
  const auto held = co_await transaction.find<Reservation>(
      "UPDATE billing_reservations SET state = $2 WHERE id = $1 AND state = 'reserved' "
      "RETURNING user_id, product, meter, period_start, amount",
      reservation, state);
  if (!held) co_return false;
  co_await transaction.execute(
      "UPDATE billing_usage SET reserved = reserved - $5, used = used + $6 "
      "WHERE user_id = $1 AND product = $2 AND meter = $3 AND period_start = $4",
      held->user_id, held->product, held->meter, held->period_start, held->amount,
      std::clamp<std::int64_t>(used.value_or(held->amount), 0, held->amount));
  co_return true;
}

// By their ids, which are the index of what is old.
Task<std::int64_t> Quotas::prune(Instant before) {
  std::int64_t pruned = 0;
  for (;;) {
    const auto some = co_await database_.execute(
        "DELETE FROM billing_reservations WHERE id IN (SELECT id FROM billing_reservations "
        "WHERE id < $1 AND state IN ('settled', 'released') ORDER BY id LIMIT $2)",
        first_uuid_of(before), kPruneAtOnce);
    pruned += some;
    if (some < kPruneAtOnce) co_return pruned;
  }
}

Task<Usage> Quotas::usage(std::string user_id, std::string product, std::string meter, Period period) {
  const auto row = co_await database_.find<Usage>(
      "SELECT used, reserved FROM billing_usage "
      "WHERE user_id = $1 AND product = $2 AND meter = $3 AND period_start = $4",
      user_id, product, meter, start_of(period, clock_.now()));
  co_return row.value_or(Usage{});
}

}  // namespace odeon::billing

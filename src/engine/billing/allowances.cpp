#include "engine/billing/allowances.hpp"

#include "base/ids.hpp"

namespace odeon::billing {
namespace {

constexpr std::int64_t kNear = 80, kReached = 100;  // per cent

Allowance empty_of(const Entitlement& entitled, const Meter& meter, Instant now) {
  return {.plan = entitled.plan,
          .meter = meter.name,
          .limit = meter.limit_of(*entitled.plan),
          .resets_at = end_of(meter.period, now, entitled.anchor)};
}

std::int64_t past(std::int64_t limit, std::int64_t used) {
  return std::max<std::int64_t>(0, used - limit);
}

}  // namespace

Allowances::Allowances(database::Database& database, Subscriptions& subscriptions, const Clock& clock)
    : database_(database), subscriptions_(subscriptions), clock_(clock) {
  subscriptions_.on_change([this](const std::string& user_id, const std::string& product) {
    for (const auto& meter : subscriptions_.plans_of(product).meters)
      refusals_.forget(Refusals::key(user_id, product, meter.name));
  });
}

Task<Allowance> Allowances::of(std::string user_id, std::string product, std::string meter) {
  return of(database_, std::move(user_id), std::move(product), std::move(meter));
}

Task<Allowance> Allowances::of(database::Executor& executor, std::string user_id, std::string product,
                               std::string meter) {
  const Meter& counted = subscriptions_.plans_of(product).meter(meter);
  const Entitlement entitled = co_await subscriptions_.entitlement(executor, user_id, product);
  const Instant now = clock_.now();
  Allowance allowance = empty_of(entitled, counted, now);
  const auto used =
      co_await store::used(executor, {user_id, product, meter, start_of(counted.period, now, entitled.anchor)});
  allowance.used = used ? used->used : 0;
  allowance.reserved = used ? used->reserved : 0;
  if (read_through_) read_through_(user_id, product, allowance);
  co_return allowance;
}

Task<std::vector<Allowance>> Allowances::all(std::string user_id, std::string product) {
  const Entitlement entitled = co_await subscriptions_.entitlement(user_id, product);
  const Instant now = clock_.now();
  auto begun = [&](Period period) { return start_of(period, now, entitled.anchor); };
  const auto rows = co_await store::used_since(database_, user_id, product, begun(Period::day), begun(Period::month),
                                               begun(Period::cycle));
  std::vector<Allowance> all;
  for (const auto& meter : subscriptions_.plans_of(product).meters) {
    Allowance& each = all.emplace_back(empty_of(entitled, meter, now));
    for (const auto& row : rows) {
      if (row.meter != meter.name || row.period_start != begun(meter.period)) continue;
      each.used = row.used;
      each.reserved = row.reserved;
    }
    if (read_through_) read_through_(user_id, product, each);
  }
  co_return all;
}

Task<std::optional<Refusal>> Allowances::refusal(std::string user_id, std::string product, std::string meter,
                                                 std::int64_t amount) {
  const Allowance now = co_await of(user_id, product, meter);
  if (now.limit == kUnlimited || now.left() >= amount) co_return std::nullopt;
  if (now.plan->overage.contains(meter) && co_await store::has_overage(database_, user_id, product))
    co_return std::nullopt;
  co_return Refusal{.plan = now.plan->name,
                    .meter = std::move(meter),
                    .limit = now.limit,
                    .used = now.used + now.reserved,
                    .resets_at = now.resets_at,
                    .upgrade_url = subscriptions_.plans_of(product).upgrade_url};
}

Task<Allowances::Reserved> Allowances::reserve(database::Transaction& transaction, std::string user_id,
                                               std::string product, std::string meter, std::int64_t amount) {
  std::string id = new_uuid(clock_);
  auto held = co_await hold(transaction, {id, std::move(user_id), std::move(product), std::move(meter), amount, {}});
  if (!held) co_return std::unexpected(std::move(held.error()));
  co_return id;
}

Task<std::expected<Allowances::Extended, Refusal>> Allowances::extend(database::Transaction& transaction,
                                                                      std::string reservation, std::string user_id,
                                                                      std::string product, std::string meter,
                                                                      std::int64_t amount, Instant expires_at) {
  return hold(transaction,
              {std::move(reservation), std::move(user_id), std::move(product), std::move(meter), amount, expires_at});
}

Task<std::expected<Allowances::Extended, Refusal>> Allowances::hold(database::Transaction& transaction, Wanted wanted) {
  if (wanted.amount <= 0) throw std::logic_error("a reservation of nothing");
  const Instant now = clock_.now();
  const std::string key = Refusals::key(wanted.user_id, wanted.product, wanted.meter);
  if (auto known = refusals_.find(key, wanted.amount, now)) co_return std::unexpected(std::move(*known));
  const auto moment = refusals_.moment(key);

  const ProductPlans& plans = subscriptions_.plans_of(wanted.product);
  const Meter& counted = plans.meter(wanted.meter);
  const Entitlement entitled = co_await subscriptions_.entitlement(transaction, wanted.user_id, wanted.product);
  const Plan& plan = *entitled.plan;
  const Extended period{start_of(counted.period, now, entitled.anchor), end_of(counted.period, now, entitled.anchor),
                        counted.limit_of(plan)};
  store::Hold hold{.id = std::move(wanted.id),
                   .of = {wanted.user_id, wanted.product, wanted.meter, period.period_start},
                   .amount = wanted.amount,
                   .plan_limit = counted.limit_of(plan),
                   .at = now,
                   .expires_at = wanted.expires_at};
  // Only who pays can be charged for more.
  if (entitled.anchor && plan.overage.contains(wanted.meter))
    hold.overage = co_await store::has_overage(transaction, wanted.user_id, wanted.product);
  if (co_await store::hold(transaction, hold)) co_return period;

  const auto used = co_await store::used(transaction, hold.of);
  Refusal refusal{.plan = plan.name,
                  .meter = wanted.meter,
                  .limit = hold.plan_limit,
                  .used = used ? used->used + used->reserved : 0,
                  .resets_at = period.resets_at,
                  .upgrade_url = plans.upgrade_url};
  refusals_.keep(key, refusal, moment, now);
  co_return std::unexpected(std::move(refusal));
}

Task<bool> Allowances::settle_part(database::Transaction& transaction, store::Part part) {
  const auto ended = co_await store::count(transaction, part);
  if (!ended) co_return false;
  co_await counted(transaction, new_uuid(clock_), *ended, part.used);
  co_return true;
}

Task<std::int64_t> Allowances::held(database::Executor& executor, std::string reservation) {
  co_return (co_await store::held(executor, std::move(reservation))).value_or(0);
}

Task<std::int64_t> Allowances::release_expired() {
  std::int64_t released = 0;
  for (auto& id : co_await store::expired(database_, clock_.now())) {
    auto tx = co_await database_.begin(database::Isolation::statement);
    released += co_await release(*tx, std::move(id));
    co_await tx->commit();
  }
  co_return released;
}

Task<bool> Allowances::settle(database::Transaction& transaction, std::string reservation,
                              std::optional<std::int64_t> amount) {
  if (amount.value_or(0) < 0) throw std::logic_error("less than nothing was used");
  return end(transaction, std::move(reservation), amount);
}

Task<bool> Allowances::release(database::Transaction& transaction, std::string reservation) {
  return end(transaction, std::move(reservation), 0);
}

Task<bool> Allowances::end(database::Transaction& transaction, std::string reservation,
                           std::optional<std::int64_t> used) {
  const auto ended = co_await store::end(transaction, reservation, used);
  if (!ended) co_return false;
  const std::int64_t more = used.value_or(ended->amount);
  if (more < ended->amount) forget_after(transaction, Refusals::key(ended->user_id, ended->product, ended->meter));
  co_await counted(transaction, std::move(reservation), *ended, more);
  co_return true;
}

Task<void> Allowances::counted(database::Transaction& transaction, std::string cause, store::Ended ended,
                               std::int64_t more) {
  if (more > 0) co_await warn(transaction, ended);
  // Whatever order work ends in, the sum is what the period's use is past the limit.
  const std::int64_t over = past(ended.plan_limit, ended.used) - past(ended.plan_limit, ended.used - more);
  if (ended.overage && over > 0 && on_overage_)
    co_await on_overage_(transaction,
                         {std::move(cause), ended.user_id, ended.product, ended.meter, ended.period_start, over});
}

Task<void> Allowances::give_back(database::Transaction& transaction, std::string user_id, std::string product,
                                 std::string meter, std::int64_t amount) {
  if (subscriptions_.plans_of(product).meter(meter).period != Period::always)
    throw std::logic_error(fmt::format("what was used of {} stays used", meter));
  if (amount <= 0) co_return;
  co_await store::give_back(transaction, {user_id, product, meter, Instant{}}, amount);
  forget_after(transaction, Refusals::key(user_id, product, meter));
}

Task<void> Allowances::warn(database::Transaction& transaction, store::Ended ended) {
  const Meter& meter = subscriptions_.plans_of(ended.product).meter(ended.meter);
  // Limits are below 2⁵³, so this does not overflow.
  auto percent_of = [used = ended.used](std::int64_t limit) -> std::int64_t {
    if (limit <= 0) return 0;
    if (used >= limit) return kReached;
    return used * kReached >= limit * kNear ? kNear : 0;
  };
  if (!meter.warns || !on_warning_ || percent_of(ended.plan_limit) == 0) co_return;
  // The plan may be another since that was reserved.
  const Entitlement entitled = co_await subscriptions_.entitlement(transaction, ended.user_id, ended.product);
  const std::int64_t limit = meter.limit_of(*entitled.plan), percent = percent_of(limit);
  if (percent == 0) co_return;
  const store::Count count{ended.user_id, ended.product, ended.meter, ended.period_start};
  bool fresh = co_await store::note_warning(transaction, count, kNear, clock_.now());
  if (percent == kReached) fresh = co_await store::note_warning(transaction, count, kReached, clock_.now());
  if (fresh)
    co_await on_warning_(transaction, {.user_id = ended.user_id,
                                       .product = ended.product,
                                       .meter = ended.meter,
                                       .percent = percent,
                                       .used = ended.used,
                                       .limit = limit,
                                       .resets_at = end_of(meter.period, ended.period_start, entitled.anchor)});
}

void Allowances::forget_after(database::Transaction& transaction, std::string key) {
  transaction.after_commit([this, key = std::move(key)] { refusals_.forget(key); });
}

}  // namespace odeon::billing

#include "engine/billing/currencies.hpp"

#include "engine/billing/rates_store.hpp"

namespace odeon::billing {
namespace {

// Less than a day, so that the hour does not wander.
constexpr std::chrono::hours kRested{20};

const store::KnownRate* find(const std::vector<store::KnownRate>& rates, const std::string& currency) {
  const auto found = std::ranges::find(rates, currency, &store::KnownRate::currency);
  return found == rates.end() ? nullptr : &*found;
}

}  // namespace

Currencies::Currencies(database::Database& database, Frankfurter& source, const Plans& plans, const Clock& clock,
                       Log& log)
    : database_(database), source_(source), plans_(plans), clock_(clock), log_(log) {
  std::set<std::string, std::less<>> all;
  for (const auto& [name, product] : plans.all()) all.insert(product.priced_daily.begin(), product.priced_daily.end());
  by_the_day_.assign(all.begin(), all.end());
}

Task<std::vector<Money>> Currencies::prices(Offer offer) {
  std::vector<Money> all;
  const ProductPlans* product = plans_.find(offer.product);
  const Plan* plan = product != nullptr ? product->find(offer.plan) : nullptr;
  const bool yearly = offer.cycle == Cycle::yearly;
  const std::int64_t cents = plan == nullptr ? 0 : yearly ? plan->yearly_price : plan->monthly_price;
  if (cents <= 0) co_return all;
  all.push_back({cents, std::string(kDollars)});
  for (const auto& [currency, price] : plan->prices)
    if (const auto amount = yearly ? price.yearly : price.monthly; amount > 0) all.push_back({amount, currency});
  if (product->priced_daily.empty()) co_return all;
  const auto rates = co_await store::newest_rates(database_);
  for (const auto& currency : product->priced_daily) {
    const auto* rate = find(rates, currency);
    if (rate == nullptr || std::ranges::find(all, currency, &Money::currency) != all.end()) continue;
    all.push_back(familiar_price(converted(cents, rate->rate, currency)));
  }
  co_return all;
}

Task<void> Currencies::refresh() {
  const Instant now = clock_.now();
  const auto known = co_await store::newest_rates(database_);
  const auto rested = [&](const std::string& currency) {
    const auto* rate = find(known, currency);
    return rate != nullptr && rate->looked_at > now - kRested;
  };
  if (std::ranges::all_of(by_the_day_, rested)) co_return;  // or there are none
  const auto fresh = co_await source_.newest(by_the_day_);
  for (const auto& currency : by_the_day_) {
    const auto* before = find(known, currency);
    const auto after = std::ranges::find(fresh, currency, &Rate::currency);
    if (after == fresh.end()) {
      log_.warning("billing.rate_missing", {{"currency", currency}});
    } else if (before != nullptr && !may_follow({currency, before->date, before->rate}, *after)) {
      log_.warning("billing.rate_refused",
                   {{"currency", currency}, {"date", after->date}, {"rate", after->rate}, {"held", before->rate}});
    } else {
      co_await store::keep_rate(database_, *after, now);
      continue;
    }
    co_await store::hold_rate(database_, currency, now);
  }
}

// A source that is away for a day is no reason for a job to fail each hour.
Task<void> Currencies::look() {
  const auto outcome = co_await settle(refresh());
  if (!outcome) log_.warning("billing.rates_unavailable", {{"detail", describe(outcome.error())}});
}

void Currencies::install(jobs::Worker& worker) {
  worker.handle<RefreshRates>([this](RefreshRates, jobs::Job&) { return look(); });
  worker.schedule("billing.refresh_rates", jobs::Cron("23 * * * *"), RefreshRates{});
}

}  // namespace odeon::billing

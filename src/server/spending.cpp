#include "server/spending.hpp"

namespace odeon::server {
namespace {

constexpr std::string_view kSpend = "spend";
constexpr std::chrono::days kActive{1}, kNewlyPaid{7};
constexpr std::chrono::seconds kSettlePatience{2};

double dollars(ai::NanoUsd cost) {
  return static_cast<double>(cost) / 1e9;
}

std::string provider_of(const std::string& model) {
  return model.substr(0, model.find('/'));
}

std::string id_of(const std::string& model) {
  const auto slash = model.find('/');
  return slash == std::string::npos ? model : model.substr(slash + 1);
}

Error used_up(const billing::Refusal& refusal) {
  return refusal.error("daily_budget_exceeded", "Today's budget for AI is used up. It begins anew at midnight UTC.",
                       Fault::payment_required);
}

// What costs nothing, and nobody's, is in the metrics only.
bool is_in_ledger(const ai::Metered& call) {
  return call.cost != 0 || !call.payer.user_id.empty();
}

billing::Expense expense_of(ai::Metered&& call) {
  return {.user_id = std::move(call.payer.user_id),
          .product = std::move(call.payer.product),
          .operation = std::move(call.task),
          .model = id_of(call.model),
          .provider = provider_of(call.model),
          .cost = call.cost,
          .tokens_in = call.usage.input_tokens,
          .tokens_out = call.usage.output_tokens,
          .units = call.usage.characters + call.usage.images,
          .tier = std::move(call.payer.tier),
          .id = std::move(call.id)};
}

class Leased final : public ai::Held {
 public:
  explicit Leased(billing::Leases::Hold hold) : hold_(std::move(hold)) {}
  Task<void> settle(ai::NanoUsd cost) override {
    settle_now(cost);
    co_return;
  }
  bool settle_now(ai::NanoUsd cost) override {
    hold_.settle(cost);
    return true;
  }

 private:
  billing::Leases::Hold hold_;
};

}  // namespace

LedgerMeter::LedgerMeter(Metrics& metrics, billing::Ledger& ledger, billing::Postings& postings)
    : input_tokens_(metrics, "odeon_ai_input_tokens_total", "tokens sent to models", {"task", "model"}),
      output_tokens_(metrics, "odeon_ai_output_tokens_total", "tokens received from models", {"task", "model"}),
      characters_(metrics, "odeon_ai_characters_total", "characters spoken", {"task", "model"}),
      seconds_(metrics, "odeon_ai_audio_seconds_total", "seconds of sound made", {"task", "model"}),
      dollars_(metrics, "model_api_cost_usd", "Total cost of model API calls", {"model", "user_tier"}),
      ledger_(ledger),
      postings_(postings) {}

void LedgerMeter::count(const ai::Metered& call) {
  const auto add = [&](Counters& counters, double amount) {
    if (amount > 0) counters.of({call.task, call.model}).add(amount);
  };
  add(input_tokens_, static_cast<double>(call.usage.input_tokens));
  add(output_tokens_, static_cast<double>(call.usage.output_tokens));
  add(characters_, static_cast<double>(call.usage.characters));
  add(seconds_, call.usage.seconds);
  if (call.cost > 0) dollars_.of({id_of(call.model), call.payer.tier}).add(dollars(call.cost));
}

bool LedgerMeter::record_now(ai::Metered& call) {
  if (!call.id.empty()) return false;
  count(call);
  if (is_in_ledger(call)) postings_.post(expense_of(std::move(call)));
  return true;
}

Task<void> LedgerMeter::record(ai::Metered call) {
  if (record_now(call)) co_return;
  count(call);
  if (is_in_ledger(call)) co_await ledger_.record(expense_of(std::move(call)));
}

Task<void> CostGauges::refresh() {
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  const Instant now = clock_.now();
  if (due_.begin(now) && !co_await settle(with_timeout(kSettlePatience, count()))) {
    due_.failed(now);
    show(all(kUnknown));
  }
  if (people_due_.begin(now) && !co_await settle(with_timeout(kSettlePatience, count_people()))) {
    people_due_.failed(now);
    show_people({}, {}, kUnknown);
  }
}

Task<void> CostGauges::count_people() {
  const auto uses = co_await costs_.uses(clock_.now() - kActive);
  const auto payers = co_await costs_.new_payers(clock_.now() - kNewlyPaid);
  show_people(uses, payers, 0);
}

void CostGauges::show_people(const std::vector<billing::Use>& uses, const std::vector<billing::NewPayers>& payers,
                             double otherwise) {
  const std::lock_guard lock(mutex_);
  people_[{}] = otherwise;
  for (const auto& [product, plans] : plans_.all()) {
    new_payers_[product] = otherwise;
    for (const auto& plan : plans.plans) people_[{product, "", plan.name}] = otherwise;
  }
  for (auto& [key, people] : people_) people = otherwise;
  for (const auto& use : uses) people_[{use.product, use.operation, use.tier}] = static_cast<double>(use.people);
  for (const auto& [key, people] : people_) {
    const auto& [product, feature, tier] = key;
    if (product.empty())
      metrics_.gauge("odeon_active_people", "People for whom models were called in the last 24 hours.").set(people);
    else if (feature.empty())
      metrics_
          .gauge("odeon_product_people", "The same, of a product and with a plan.",
                 {{"product", product}, {"tier", tier}})
          .set(people);
    else
      metrics_
          .gauge("odeon_feature_people", "The same, by what they had done.",
                 {{"product", product}, {"feature", feature}, {"tier", tier}})
          .set(people);
  }
  for (const auto& some : payers) new_payers_[some.product] = static_cast<double>(some.people);
  for (const auto& [product, people] : new_payers_)
    metrics_
        .gauge("odeon_new_payers", "People whose first contract of a product began in the last 7 days.",
               {{"product", product}})
        .set(people);
}

Task<void> CostGauges::count() {
  const auto today = std::chrono::floor<std::chrono::days>(clock_.now());
  Amounts amounts = all(0);
  for (const auto& cost : co_await costs_.totals(billing::Costs::By::product, "", {today, today}))
    amounts.costs[cost.name] = dollars(cost.cost);
  for (const auto& earning : co_await costs_.earnings("", {today, today})) {
    amounts.revenues[{earning.product, earning.plan}] = dollars(earning.revenue);
    amounts.contracts[{earning.product, earning.plan}] = static_cast<double>(earning.contracts);
  }
  show(amounts);
}

// Of everything that is sold, and of what no product has ordered.
CostGauges::Amounts CostGauges::all(double value) const {
  Amounts amounts{.costs = {{"", value}}};
  for (const auto& [product, plans] : plans_.all()) {
    amounts.costs[product] = value;
    for (const auto& plan : plans.plans)
      if (plan.monthly_price > 0 || plan.yearly_price > 0)
        amounts.revenues[{product, plan.name}] = amounts.contracts[{product, plan.name}] = value;
  }
  return amounts;
}

void CostGauges::show(const Amounts& amounts) {
  for (const auto& [product, cost] : amounts.costs)
    metrics_
        .gauge("odeon_cost_today_usd", "What calls of models cost since midnight UTC, on all nodes.",
               {{"product", product}})
        .set(cost);
  for (const auto& [plan, revenue] : amounts.revenues)
    metrics_
        .gauge("odeon_daily_revenue_usd", "What is paid for a plan, divided by the days of its period.",
               {{"product", plan.first}, {"tier", plan.second}})
        .set(revenue);
  for (const auto& [plan, contracts] : amounts.contracts)
    metrics_
        .gauge("odeon_contracts", "Contracts that pay for a plan.", {{"product", plan.first}, {"tier", plan.second}})
        .set(contracts);
}

bool SpendBudgets::counts(const std::string& product) const {
  const auto* plans = plans_.find(product);
  return plans != nullptr && std::ranges::find(plans->meters, kSpend, &billing::Meter::name) != plans->meters.end();
}

Task<std::unique_ptr<ai::Held>> SpendBudgets::hold(ai::Payer payer, ai::NanoUsd most) {
  if (!counts(payer.product)) co_return nullptr;
  auto hold = co_await leases_.hold(std::move(payer.user_id), std::move(payer.product), std::string(kSpend),
                                    std::max<ai::NanoUsd>(most, 1));
  if (!hold) throw used_up(hold.error());
  co_return std::make_unique<Leased>(std::move(*hold));
}

Task<std::string> SpendBudgets::reserve(ai::Payer payer, ai::NanoUsd most) {
  if (!counts(payer.product)) co_return "";
  ai::NanoUsd wanted = std::max<ai::NanoUsd>(most, 1);
  auto tx = co_await database_.begin(database::Isolation::statement);
  auto ask = [&](ai::NanoUsd amount) {
    return allowances_.reserve(*tx, payer.user_id, payer.product, std::string(kSpend), amount);
  };
  auto held = co_await ask(wanted);
  // What a refusal says is left may be a moment old.
  while (!held) {
    const ai::NanoUsd less = std::min(wanted - 1, held.error().limit - held.error().used);
    if (less <= 0) break;
    held = co_await ask(wanted = less);
  }
  if (!held) throw used_up(held.error());
  co_await tx->commit();
  co_return *held;
}

Task<void> SpendBudgets::settle(std::string reservation, ai::NanoUsd cost) {
  auto tx = co_await database_.begin(database::Isolation::statement);
  static_cast<void>(co_await allowances_.settle(*tx, std::move(reservation), cost));
  co_await tx->commit();
}

}  // namespace odeon::server

#include "engine/billing/personal_data.hpp"

#include "engine/billing/subscriptions.hpp"

namespace odeon::billing {
namespace {

struct PlanHeld {
  std::string product;
  std::string plan;
  std::string status;  // trials too
  std::optional<Instant> current_period_end;
  bool cancel_at_period_end = false;
  Instant created_at;
};
BOOST_DESCRIBE_STRUCT(PlanHeld, (), (product, plan, status, current_period_end, cancel_at_period_end, created_at))

struct PaymentMade {
  std::string product;
  std::string plan;
  std::int64_t amount = 0;
  std::string currency;
  std::string status;
  Instant at;
};
BOOST_DESCRIBE_STRUCT(PaymentMade, (), (product, plan, amount, currency, status, at))

struct ContractKey {
  std::string provider;
  std::string id;
  std::string customer;
  std::string product;
};
BOOST_DESCRIBE_STRUCT(ContractKey, (), (provider, id, customer, product))

struct MeterUsed {
  std::string product;
  std::string meter;
  Instant period_start;
  std::int64_t used = 0;
};
BOOST_DESCRIBE_STRUCT(MeterUsed, (), (product, meter, period_start, used))

struct CallMade {
  std::string product;
  std::string operation;
  std::string model;
  std::string provider;
  std::int64_t cost = 0;  // nano-dollars
  std::int64_t tokens_in = 0, tokens_out = 0;
  std::int64_t units = 0;
  std::string tier;
  Instant at;
};
BOOST_DESCRIBE_STRUCT(CallMade, (), (product, operation, model, provider, cost, tokens_in, tokens_out, units, tier, at))

struct OverageUsed {
  std::string product;
  std::string meter;
  std::int64_t amount = 0;
  Instant at;
};
BOOST_DESCRIBE_STRUCT(OverageUsed, (), (product, meter, amount, at))

struct OverageChoice {
  std::string product;
  Instant turned_on_at;
};
BOOST_DESCRIBE_STRUCT(OverageChoice, (), (product, turned_on_at))

// Twice as long as a batch may take.
constexpr std::chrono::days kLateFor{4};

// Returns how many rows went.
Task<std::int64_t> forget_use(database::Transaction& tx, std::string user_id, std::string product) {
  auto gone = co_await tx.execute("DELETE FROM billing_reservations WHERE user_id = $1 AND ($2 = '' OR product = $2)",
                                  user_id, product);
  gone += co_await tx.execute("DELETE FROM billing_usage WHERE user_id = $1 AND ($2 = '' OR product = $2)", user_id,
                              product);
  co_return gone;
}

// What was paid and spent stays in the books.
Task<void> leave_books(database::Transaction& tx, std::string user_id, std::string product) {
  co_await tx.execute("UPDATE billing_payments SET user_id = '' WHERE user_id = $1 AND ($2 = '' OR product = $2)",
                      user_id, product);
  co_await tx.execute("UPDATE billing_ledger SET user_id = '' WHERE user_id = $1 AND ($2 = '' OR product = $2)",
                      user_id, product);
}

}  // namespace

Task<void> BillingData::tell(std::string user_id, std::string product, PersonalArchive& archive) {
  const auto plans = co_await database_.query<PlanHeld>(
      "SELECT product, plan, status, current_period_end, cancel_at_period_end, created_at FROM billing_subscriptions "
      "WHERE user_id = $1 AND ($2 = '' OR product = $2) ORDER BY product",
      user_id, product);
  co_await archive.document("billing/plans.json", json::write(plans));
  const auto payments = co_await database_.query<PaymentMade>(
      "SELECT product, plan, amount, currency, status, at FROM billing_payments "
      "WHERE user_id = $1 AND ($2 = '' OR product = $2) ORDER BY at",
      user_id, product);
  co_await archive.document("billing/payments.json", json::write(payments));
  const auto used = co_await database_.query<MeterUsed>(
      "SELECT product, meter, period_start, used FROM billing_usage "
      "WHERE user_id = $1 AND ($2 = '' OR product = $2) ORDER BY product, meter, period_start",
      user_id, product);
  co_await archive.document("billing/usage.json", json::write(used));
  const auto calls = co_await database_.query<CallMade>(
      "SELECT product, operation, model, provider, cost, tokens_in, tokens_out, units, tier, at FROM billing_ledger "
      "WHERE user_id = $1 AND ($2 = '' OR product = $2) ORDER BY at, id",
      user_id, product);
  co_await archive.document("billing/calls.json", json::write(calls));
  const auto overages = co_await database_.query<OverageUsed>(
      "SELECT product, meter, amount, at FROM billing_overages "
      "WHERE user_id = $1 AND ($2 = '' OR product = $2) ORDER BY at, id",
      user_id, product);
  co_await archive.document("billing/overages.json", json::write(overages));
  const auto choices = co_await database_.query<OverageChoice>(
      "SELECT product, turned_on_at FROM billing_overage_choices "
      "WHERE user_id = $1 AND ($2 = '' OR product = $2) ORDER BY product",
      user_id, product);
  co_await archive.document("billing/overage_choices.json", json::write(choices));
}

Task<void> BillingData::end_contracts(std::string user_id, std::string product) {
  const auto products = co_await database_.query<std::string>(
      "SELECT DISTINCT product FROM billing_contracts WHERE user_id = $1 AND ($2 = '' OR product = $2)", user_id,
      product);
  for (const auto& each : products) {
    const auto ended = co_await settle(payments_.cancel(user_id, each));
    try {
      if (!ended) std::rethrow_exception(ended.error());
    } catch (const Error& error) {
      // It is with the store, which asks its customer.
      if (error.code != kManagedByStore) throw;
    }
  }
}

Task<Forgotten> BillingData::forget(std::string user_id, std::string product) {
  co_await end_contracts(user_id, product);
  const auto contracts = co_await database_.query<ContractKey>(
      "SELECT provider, id, customer, product FROM billing_contracts WHERE user_id = $1 AND ($2 = '' OR product = $2)",
      user_id, product);
  auto transaction = co_await database_.begin(database::Isolation::statement);
  Forgotten gone{.rows = co_await forget_use(*transaction, user_id, product)};
  gone.rows += co_await transaction->execute(
      "DELETE FROM billing_warnings WHERE user_id = $1 AND ($2 = '' OR product = $2)", user_id, product);
  gone.rows += co_await transaction->execute(
      "DELETE FROM billing_overages WHERE user_id = $1 AND ($2 = '' OR product = $2)", user_id, product);
  gone.rows += co_await transaction->execute(
      "DELETE FROM billing_overage_choices WHERE user_id = $1 AND ($2 = '' OR product = $2)", user_id, product);
  co_await database::Changes::tell(*transaction, user_id);
  gone.rows += co_await transaction->execute(
      "DELETE FROM billing_subscriptions WHERE user_id = $1 AND ($2 = '' OR product = $2)", user_id, product);
  // What providers told of them, in their words.
  for (const auto& contract : contracts)
    gone.rows += co_await transaction->execute(
        "DELETE FROM billing_webhooks WHERE provider = $1 AND (payload LIKE '%' || $2 || '%' OR "
        "($3 <> '' AND payload LIKE '%' || $3 || '%'))",
        contract.provider, contract.id, contract.customer);
  gone.rows += co_await transaction->execute(
      "DELETE FROM billing_contracts WHERE user_id = $1 AND ($2 = '' OR product = $2)", user_id, product);
  gone.rows += co_await transaction->execute(
      "DELETE FROM billing_trials WHERE user_id = $1 AND ($2 = '' OR product = $2)", user_id, product);
  gone.rows += co_await transaction->execute(
      "DELETE FROM billing_checkouts WHERE user_id = $1 AND ($2 = '' OR product = $2)", user_id, product);
  gone.rows += co_await transaction->execute(
      "DELETE FROM billing_sandbox_overages WHERE contract IN (SELECT id FROM billing_sandbox_contracts "
      "WHERE user_id = $1 AND ($2 = '' OR product = $2))",
      user_id, product);
  gone.rows += co_await transaction->execute(
      "DELETE FROM billing_sandbox_contracts WHERE user_id = $1 AND ($2 = '' OR product = $2)", user_id, product);
  co_await leave_books(*transaction, user_id, product);
  if (product.empty()) {
    gone.rows += co_await transaction->execute(
        "DELETE FROM billing_sandbox_checkouts WHERE checkout_order LIKE '%' || $1 || '%'", user_id);
    co_await transaction->execute(
        "INSERT INTO billing_forgotten (user_id, at) VALUES ($1, $2) "
        "ON CONFLICT (user_id) DO UPDATE SET at = excluded.at",
        user_id, clock_.now());
  }
  co_await transaction->commit();
  co_return gone;
}

Task<void> BillingData::forget_late() {
  const Instant over = clock_.now() - kLateFor;
  for (const auto& user_id : co_await database_.query<std::string>("SELECT user_id FROM billing_forgotten")) {
    auto transaction = co_await database_.begin(database::Isolation::statement);
    co_await forget_use(*transaction, user_id, "");
    co_await leave_books(*transaction, user_id, "");
    co_await transaction->execute("DELETE FROM billing_forgotten WHERE user_id = $1 AND at < $2", user_id, over);
    co_await transaction->commit();
  }
}

void BillingData::install(jobs::Worker& worker) {
  worker.handle<ForgetLate>([this](ForgetLate, jobs::Job&) { return forget_late(); });
  worker.schedule("billing.forget_late", jobs::Cron("47 * * * *"), ForgetLate{});
}

}  // namespace odeon::billing

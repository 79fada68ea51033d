#include "engine/billing/personal_data.hpp"

#include <gmock/gmock.h>

#include "engine/billing/ledger.hpp"
#include "engine/billing/overage.hpp"
#include "engine/billing/shop_test.hpp"

namespace odeon::billing {
namespace {

struct Told final : PersonalArchive {
  Task<void> document(std::string path, std::string text) override {
    documents[path] = std::move(text);
    co_return;
  }
  Task<void> object(std::string, std::string) override { co_return; }
  std::map<std::string, std::string> documents;
};

struct PersonalDataTest : ::testing::Test, Shop {
  // Somebody who pays, uses all that there is, was warned of it, and went on.
  PersonalDataTest() {
    Purchase purchase = wish();
    purchase.offer = {"studio", "pro", Cycle::monthly};
    sync(server.pay(begun(purchase).id));
    run_task(overages.turn("ann", "studio", true));
    allowances.on_warning([](this auto, database::Transaction&, UsageWarning) -> Task<void> { co_return; });
    for (const std::int64_t amount : {100, 3}) run_task(use(amount));
    run_task(begin_trial());
    run_task(ledger.record({.user_id = "ann", .product = "studio", .operation = "thumbnail", .cost = 42}));
  }
  Task<> begin_trial() {
    auto tx = co_await db->begin(database::Isolation::statement);
    static_cast<void>(co_await subscriptions.begin_trial(*tx, "ann", "chat"));
    co_await tx->commit();
  }
  Task<> use(std::int64_t amount) {
    auto tx = co_await db->begin(database::Isolation::statement);
    const auto held = co_await allowances.reserve(*tx, "ann", "studio", "assets", amount);
    co_await allowances.settle(*tx, held.value());
    static_cast<void>(co_await allowances.reserve(*tx, "ann", "studio", "platforms"));
    co_await tx->commit();
  }
  // As every hour.
  void sweep() {
    run_task(with_timeout(std::chrono::seconds(60), [](PersonalDataTest& test) -> Task<> {
      jobs::Worker worker{test.queue, test.clock, test.log, test.metrics, {}};
      test.data.install(worker);
      co_await worker.start();
      auto tx = co_await test.db->begin();
      const auto job = co_await test.queue.enqueue(*tx, ForgetLate{});
      co_await tx->commit();
      co_await test.queue.watch(job.id, [](this auto, const jobs::Progress&) -> Task<bool> { co_return true; });
      co_await worker.stop();
    }(*this)));
  }
  std::int64_t rows_of_ann() {
    return one<std::int64_t>(
        "SELECT (SELECT COUNT(*) FROM billing_subscriptions WHERE user_id = 'ann') + "
        "(SELECT COUNT(*) FROM billing_usage WHERE user_id = 'ann') + "
        "(SELECT COUNT(*) FROM billing_reservations WHERE user_id = 'ann') + "
        "(SELECT COUNT(*) FROM billing_contracts WHERE user_id = 'ann') + "
        "(SELECT COUNT(*) FROM billing_payments WHERE user_id = 'ann') + "
        "(SELECT COUNT(*) FROM billing_warnings WHERE user_id = 'ann') + "
        "(SELECT COUNT(*) FROM billing_overage_choices WHERE user_id = 'ann') + "
        "(SELECT COUNT(*) FROM billing_overages WHERE user_id = 'ann') + "
        "(SELECT COUNT(*) FROM billing_ledger WHERE user_id = 'ann')");
  }

  Overages overages{*db, queue, payments, allowances, subscriptions, clock};
  Ledger ledger{*db, clock};
  BillingData data{*db, payments, clock};
};

TEST_F(PersonalDataTest, IsToldAndForgotten) {
  Told told;
  run_task(data.tell("ann", "", told));
  EXPECT_THAT(told.documents["billing/calls.json"], ::testing::HasSubstr("thumbnail"));
  EXPECT_THAT(told.documents["billing/plans.json"], ::testing::HasSubstr("trial"));
  EXPECT_THAT(told.documents["billing/overages.json"], ::testing::HasSubstr("assets"));
  EXPECT_THAT(told.documents["billing/overage_choices.json"], ::testing::HasSubstr("studio"));
  EXPECT_THAT(told.documents["billing/usage.json"], ::testing::HasSubstr("103"));
  EXPECT_EQ(one<std::int64_t>("SELECT COUNT(*) FROM billing_warnings"), 2);

  Told other;
  run_task(data.tell("ann", "chat", other));
  EXPECT_EQ(other.documents["billing/calls.json"], "[]");

  EXPECT_GT(rows_of_ann(), 8);
  EXPECT_GE(run_task(data.forget("ann", "")).rows, 8);
  EXPECT_EQ(rows_of_ann(), 0);
  EXPECT_EQ(one<std::int64_t>("SELECT cost FROM billing_ledger"), 42) << "the books stay";
}

// A batch that was asked for before is answered two days later.
TEST_F(PersonalDataTest, LosesWhatComesUnderAnErasedNameAsWell) {
  run_task(data.forget("ann", ""));
  run_task(data.forget("ben", "studio"));
  clock.advance(std::chrono::days(3));
  for (const char* id : {"ann", "ben", "eve"})
    run_task(ledger.record({.user_id = id, .product = "studio", .operation = "thumbnail", .cost = 7}));
  run_task(
      db->execute("INSERT INTO billing_usage (user_id, product, meter, period_start) VALUES ('ann', 'chat', '', 0)"));
  EXPECT_EQ(rows_of_ann(), 2);
  sweep();
  EXPECT_EQ(rows_of_ann(), 0);
  EXPECT_EQ(one<std::int64_t>("SELECT CAST(SUM(cost) AS BIGINT) FROM billing_ledger"), 63) << "the books stay";
  EXPECT_EQ(one<std::int64_t>("SELECT COUNT(*) FROM billing_ledger WHERE user_id IN ('ben', 'eve')"), 2)
      << "they still have accounts";
  clock.advance(std::chrono::days(2));
  sweep();
  EXPECT_EQ(one<std::int64_t>("SELECT COUNT(*) FROM billing_forgotten"), 0) << "in the end nobody knows the name";
}

}  // namespace
}  // namespace odeon::billing

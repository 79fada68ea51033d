#include "engine/billing/postings.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "engine/billing/fixture_test.hpp"

namespace odeon::billing {
namespace {

using namespace std::chrono_literals;

struct PostingsTest : ::testing::Test, Till {
  PostingsTest() { loops.start(); }
  ~PostingsTest() override {
    run_task(postings.stop());
    run_task(db->close());
  }
  static Expense expense(std::int64_t cost, std::string id = "") {
    return {.user_id = "ann", .product = "chat", .operation = "chat.reply", .cost = cost, .id = std::move(id)};
  }
  std::int64_t cost() { return run_task(ledger.cost("ann", "chat", Instant{}, clock.now() + 1h)); }
  std::int64_t rows() { return run_task(db->find<std::int64_t>("SELECT COUNT(*) FROM billing_ledger")).value_or(0); }

  Log log{Log::Level::off};
  Ledger ledger{*db, clock};
  Loops loops{1};
  Postings postings{ledger, clock, log};
};

TEST_F(PostingsTest, AreInTheLedgerForWhoReadsIt) {
  postings.start(loops.executor(0));
  for (int i = 1; i <= 100; ++i) postings.post(expense(i));
  EXPECT_EQ(cost(), 5050);
  EXPECT_EQ(rows(), 100);
}

TEST_F(PostingsTest, AreWrittenThoughNobodyAsks) {
  postings.start(loops.executor(0));
  postings.post(expense(1));
  for (int waited = 0; rows() == 0 && waited < 1'000; ++waited) std::this_thread::sleep_for(10ms);
  EXPECT_EQ(rows(), 1);
}

TEST_F(PostingsTest, CountAsOfWhenTheyWerePosted) {
  postings.post(expense(1));
  clock.advance(1h);
  EXPECT_EQ(cost(), 1);
  EXPECT_EQ(run_task(ledger.cost("ann", "chat", clock.now() - 1min, clock.now() + 1min)), 0);
}

TEST_F(PostingsTest, OfOneNameAreOne) {
  for (int again = 0; again < 2; ++again) postings.post(expense(5, "batch#0"));
  EXPECT_EQ(cost(), 5);
  postings.post(expense(5, "batch#0"));
  EXPECT_EQ(cost(), 5);
}

TEST_F(PostingsTest, WaitWhileTheDatabaseIsAway) {
  run_task(db->execute("ALTER TABLE billing_ledger RENAME TO away"));
  postings.start(loops.executor(0));
  postings.post(expense(1));
  std::this_thread::sleep_for(50ms);
  postings.post(expense(2));
  run_task(db->execute("ALTER TABLE away RENAME TO billing_ledger"));
  EXPECT_EQ(cost(), 3);
}

TEST_F(PostingsTest, StoppedAreWritten) {
  postings.start(loops.executor(0));
  for (int i = 0; i < 2'500; ++i) postings.post(expense(1));
  run_task(postings.stop());
  EXPECT_EQ(rows(), 2'500);
}

TEST_F(PostingsTest, AreBounded) {
  run_task(db->execute("ALTER TABLE billing_ledger RENAME TO away"));
  for (std::size_t i = 0; i < Postings::most + 10; ++i) postings.post(expense(1));
  run_task(db->execute("ALTER TABLE away RENAME TO billing_ledger"));
  run_task(postings.stop());
  EXPECT_EQ(rows(), static_cast<std::int64_t>(Postings::most));
}

}  // namespace
}  // namespace odeon::billing

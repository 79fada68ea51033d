#include "engine/billing/overage.hpp"

#include <gmock/gmock.h>

#include "engine/billing/shop_test.hpp"

namespace odeon::billing {
namespace {

struct OverageTest : ::testing::Test, Shop {
  // Buys the plan that has 100 assets a month, and uses them up.
  void use_up() {
    Purchase purchase = wish();
    purchase.offer = {"studio", "pro", Cycle::monthly};
    contract = server.pay(begun(purchase).id);
    sync(contract);
    customer = std::string(server.object(contract).at("customer").as_string());
    EXPECT_TRUE(settle(*reserve(100)));
  }
  Allowances::Reserved reserve(std::int64_t amount = 1) {
    return run_task([](Shop& self, std::int64_t amount) -> Task<Allowances::Reserved> {
      auto tx = co_await self.db->begin(database::Isolation::statement);
      auto held = co_await self.allowances.reserve(*tx, "ann", "studio", "assets", amount);
      if (held) co_await tx->commit();
      co_return held;
    }(*this, amount));
  }
  bool settle(std::string id, std::optional<std::int64_t> amount = {}) {
    return run_task([](Shop& self, std::string id, std::optional<std::int64_t> amount) -> Task<bool> {
      auto tx = co_await self.db->begin(database::Isolation::statement);
      const bool done = co_await self.allowances.settle(*tx, id, amount);
      co_await tx->commit();
      co_return done;
    }(*this, std::move(id), amount));
  }
  bool turn(bool on) { return run_task(overages.turn("ann", "studio", on)); }
  // What Stripe has counted once every report has been made.
  std::int64_t charged() {
    run_task(with_timeout(std::chrono::seconds(60), [](OverageTest& self) -> Task<> {
      jobs::Worker worker{self.queue, self.clock, self.log, self.metrics, {}};
      self.overages.install(worker);
      co_await worker.start();
      for (const auto& id : co_await self.db->query<std::string>(
               "SELECT id FROM jobs WHERE kind = 'billing.report_overage' AND state NOT IN ('completed', 'failed')"))
        co_await self.queue.watch(id, [&self](this auto, const jobs::Progress& progress) -> Task<bool> {
          if (progress.state == jobs::State::scheduled) self.clock.advance(std::chrono::hours(2));
          co_return true;
        });
      co_await worker.stop();
    }(*this)));
    return server.metered("studio_assets", customer);
  }
  std::int64_t used() { return run_task(overages.used("ann", "studio", "assets")); }

  Overages overages{*db, queue, payments, allowances, subscriptions, clock};
  std::string contract, customer;
};

TEST_F(OverageTest, IsOffUntilItIsTurnedOn) {
  use_up();
  EXPECT_EQ(server.asked().front().form.at("line_items[1][price]"), "price_studio_pro_overage");
  EXPECT_FALSE(server.asked().front().form.contains("line_items[1][quantity]"));
  EXPECT_FALSE(reserve());
  EXPECT_TRUE(turn(true));
  EXPECT_FALSE(turn(true));
  EXPECT_TRUE(run_task(overages.is_on("ann", "studio")));
  const auto held = reserve(3);
  ASSERT_TRUE(held);
  EXPECT_EQ(charged(), 0);
  EXPECT_TRUE(settle(*held));
  EXPECT_EQ(used(), 3);
  EXPECT_EQ(charged(), 3);
  EXPECT_TRUE(turn(false));
  EXPECT_FALSE(reserve());
  EXPECT_EQ(charged(), 3);
}

TEST_F(OverageTest, OnlyWhatIsPastTheLimitInTheEndIsCharged) {
  use_up();
  turn(true);
  const auto first = reserve(4), second = reserve(2), third = reserve(1);
  settle(*third);
  settle(*first, 1);
  run_task([](Shop& self, std::string id) -> Task<> {
    auto tx = co_await self.db->begin(database::Isolation::statement);
    co_await self.allowances.release(*tx, id);
    co_await tx->commit();
  }(*this, *second));
  EXPECT_EQ(charged(), 2);
  EXPECT_EQ(run_task(allowances.of("ann", "studio", "assets")).used, 102);
}

TEST_F(OverageTest, AReportThatIsMadeAgainChargesOnce) {
  use_up();
  turn(true);
  settle(*reserve());
  server.misbehave(500);
  server.misbehave(429);
  EXPECT_EQ(charged(), 1);
  const auto asked = server.asked();
  EXPECT_EQ(asked.back().form.at("identifier"), asked[asked.size() - 3].form.at("identifier"));
  EXPECT_EQ(asked.back().path, "/v1/billing/meter_events");
}

TEST_F(OverageTest, ANewMonthBeginsWithinItsLimit) {
  use_up();
  turn(true);
  settle(*reserve());
  clock.advance(std::chrono::days(30));
  server.renew(contract, true);
  sync(contract);
  settle(*reserve(100));
  EXPECT_EQ(used(), 0);
  EXPECT_EQ(charged(), 1);
  settle(*reserve());
  EXPECT_EQ(used(), 1);
  EXPECT_EQ(charged(), 2);
}

TEST_F(OverageTest, IsNotForWhoPaysNothing) {
  run_task(subscriptions.set_plan("ann", "studio", "pro"));
  for (const char* user : {"ann", "bob"}) try {
      run_task(overages.turn(user, "studio", true));
      ADD_FAILURE() << user;
    } catch (const Error& error) {
      EXPECT_EQ(error.code, "NO_OVERAGE");
      EXPECT_EQ(error.fault, Fault::conflict);
    }
  EXPECT_FALSE(turn(false));
}

}  // namespace
}  // namespace odeon::billing

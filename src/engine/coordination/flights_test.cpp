// One make for all who ask: what cached_or promises.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <atomic>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/use_future.hpp>
#include <future>

#include "base/error.hpp"
#include "engine/coordination/coordination.hpp"
#include "engine/coordination/wakeup.hpp"
#include "testing/clock.hpp"

namespace odeon::coordination {
namespace {

using namespace std::chrono_literals;

// Work that waits until the test lets it go on.
class Oven {
 public:
  std::function<Task<std::string>()> baking(std::string bread) {
    return [this, bread] { return bake(bread); };
  }
  int baked() const { return baked_; }
  bool hot() const { return static_cast<bool>(door_); }
  void open() { Wakeup::wake(std::move(door_)); }

 private:
  Task<std::string> bake(std::string bread) {
    ++baked_;
    auto door = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
    door_ = door;
    co_await door->wait();
    if (bread.empty()) throw Error(Fault::upstream, "BURNT", "The bread burnt.");
    co_return bread;
  }

  int baked_ = 0;
  std::shared_ptr<Wakeup> door_;
};

// Callers on one loop that the test steps by hand.
class CachedOr : public ::testing::Test {
 protected:
  struct Caller {
    std::optional<std::string> value;
    std::exception_ptr failure;
    asio::cancellation_signal cancel;
    bool done() const { return value || failure; }
  };

  std::shared_ptr<Caller> call(Oven& oven, std::string bread) {
    auto caller = std::make_shared<Caller>();
    asio::co_spawn(
        loop_, cached_or(*memory_, "bread", 60s, oven.baking(bread)),
        asio::bind_cancellation_slot(caller->cancel.slot(), [caller](std::exception_ptr failure, std::string value) {
          if (failure)
            caller->failure = failure;
          else
            caller->value = std::move(value);
        }));
    step();
    return caller;
  }

  void cancel(Caller& caller) {
    caller.cancel.emit(asio::cancellation_type::terminal);
    step();
  }

  void step() {
    loop_.restart();
    loop_.poll();
  }

  std::optional<std::string> cached() { return run_task(memory_->cached("bread")); }

  testing::FakeClock clock_;
  std::unique_ptr<Coordination> memory_ = open_memory({}, clock_);
  asio::io_context loop_{1};
};

TEST_F(CachedOr, makes_once_for_all_who_ask_and_keeps_the_result) {
  Oven oven;
  auto first = call(oven, "rye"), second = call(oven, "wheat"), third = call(oven, "oat");
  EXPECT_EQ(oven.baked(), 1);
  oven.open();
  step();
  for (auto& caller : {first, second, third}) EXPECT_EQ(caller->value, "rye");
  EXPECT_EQ(call(oven, "late")->value, "rye");
  EXPECT_EQ(oven.baked(), 1);
  clock_.advance(60s);
  call(oven, "fresh");
  EXPECT_EQ(oven.baked(), 2);
}

TEST_F(CachedOr, gives_the_failure_to_all_and_caches_nothing) {
  Oven oven;
  auto first = call(oven, ""), second = call(oven, "wheat");
  oven.open();
  step();
  for (auto& caller : {first, second}) EXPECT_THROW(std::rethrow_exception(caller->failure), Error);
  EXPECT_EQ(cached(), std::nullopt);
  auto third = call(oven, "rye");
  oven.open();
  step();
  EXPECT_EQ(third->value, "rye");
}

TEST_F(CachedOr, another_takes_over_when_the_one_who_makes_is_cancelled) {
  Oven oven;
  auto first = call(oven, "rye"), second = call(oven, "wheat"), third = call(oven, "oat");
  cancel(*first);
  EXPECT_THROW(std::rethrow_exception(first->failure), boost::system::system_error);
  EXPECT_EQ(oven.baked(), 2);
  oven.open();
  step();
  EXPECT_EQ(second->value, "wheat");
  EXPECT_EQ(third->value, "wheat");
}

TEST_F(CachedOr, one_who_waits_and_is_cancelled_disturbs_nobody) {
  Oven oven;
  auto first = call(oven, "rye"), second = call(oven, "wheat"), third = call(oven, "oat");
  cancel(*second);
  EXPECT_THROW(std::rethrow_exception(second->failure), boost::system::system_error);
  EXPECT_FALSE(first->done());
  oven.open();
  step();
  EXPECT_EQ(first->value, "rye");
  EXPECT_EQ(third->value, "rye");
}

TEST_F(CachedOr, an_heir_cancelled_at_that_moment_hands_on) {
  Oven oven;
  auto first = call(oven, "rye"), second = call(oven, "wheat"), third = call(oven, "oat");
  first->cancel.emit(asio::cancellation_type::terminal);
  cancel(*second);
  EXPECT_TRUE(first->failure && second->failure);
  oven.open();
  step();
  EXPECT_EQ(third->value, "oat");
}

TEST_F(CachedOr, when_all_are_cancelled_the_next_starts_anew) {
  Oven oven;
  auto first = call(oven, "rye"), second = call(oven, "wheat");
  cancel(*second);
  cancel(*first);
  auto third = call(oven, "oat");
  oven.open();
  step();
  EXPECT_EQ(third->value, "oat");
}

// Whatever happens in whatever order, all who were not cancelled get a value that one of them made.
RC_GTEST_FIXTURE_PROP(CachedOr, serves_all_who_stay, ()) {
  Oven oven;
  std::vector<std::shared_ptr<Caller>> callers;
  std::set<std::size_t> cancelled;
  for (const auto& [act, which] : *rc::gen::arbitrary<std::vector<std::pair<std::uint8_t, std::uint8_t>>>()) {
    if (act % 4 < 2) {
      callers.push_back(call(oven, "bread " + std::to_string(callers.size())));
    } else if (act % 4 == 2 && !callers.empty() && !callers[which % callers.size()]->done()) {
      cancelled.insert(which % callers.size());
      cancel(*callers[which % callers.size()]);
    } else if (act % 4 == 3 && oven.hot()) {
      oven.open();
      step();
    }
  }
  if (oven.hot()) oven.open();
  step();
  for (std::size_t i = 0; i < callers.size(); ++i) {
    RC_ASSERT(callers[i]->done());
    RC_ASSERT(callers[i]->value.has_value() != cancelled.contains(i));
  }
  RC_ASSERT(run_task(memory_->cached("bread")).has_value() == (callers.size() > cancelled.size()));
}

Task<std::string> count_up(std::atomic<int>& made) {
  co_await sleep_on_loop(1ms);
  co_return std::to_string(++made);
}

TEST(CachedOrAcrossLoops, makes_once) {
  testing::FakeClock clock;
  auto memory = open_memory({}, clock);
  std::atomic<int> made{0};
  Loops loops(4);
  std::vector<std::future<std::string>> values;
  for (std::size_t i = 0; i < 64; ++i)
    values.push_back(asio::co_spawn(
        loops.executor(i), cached_or(*memory, "number", 60s, [&made] { return count_up(made); }), asio::use_future));
  loops.start();
  for (auto& value : values) EXPECT_EQ(value.get(), "1");
  EXPECT_EQ(made, 1);
}

}  // namespace
}  // namespace odeon::coordination

#include "engine/coordination/conformance.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <boost/asio/use_future.hpp>
#include <future>

#include "base/error.hpp"

namespace odeon::coordination {
namespace {

using namespace std::chrono_literals;
using ::testing::Optional;

constexpr Limit kFiveAMinute{5, 60s};

TEST_P(Conformance, lets_calls_through_up_to_the_limit) {
  for (int left = 4; left >= 0; --left) {
    const Verdict verdict = take("ada", kFiveAMinute);
    EXPECT_TRUE(verdict.allowed);
    EXPECT_EQ(verdict.limit, 5);
    EXPECT_EQ(verdict.remaining, left);
    EXPECT_EQ(verdict.retry_after, 0s);
  }
  const Verdict refused = take("ada", kFiveAMinute);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.remaining, 0);
  EXPECT_GE(refused.retry_after, 60s);
  EXPECT_TRUE(take("bob", kFiveAMinute).allowed);
}

TEST_P(Conformance, a_refused_call_is_not_counted_and_the_wait_it_names_is_true) {
  for (int i = 0; i < 5; ++i) take("ada", kFiveAMinute);
  const Verdict refused = take("ada", kFiveAMinute);
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(take("ada", kFiveAMinute).allowed);
  pass(refused.retry_after - 1s);
  EXPECT_FALSE(take("ada", kFiveAMinute).allowed);
  pass(1s);
  EXPECT_TRUE(take("ada", kFiveAMinute).allowed);
}

TEST_P(Conformance, what_came_to_nothing_is_given_back) {
  give_back("ada", kFiveAMinute);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(take("ada", kFiveAMinute).allowed) << "there was nothing to give";
  give_back("ada", kFiveAMinute);
  EXPECT_EQ(take("ada", kFiveAMinute).remaining, 0);
  EXPECT_FALSE(take("ada", kFiveAMinute).allowed) << "once is once";
  pass(60s);
  give_back("ada", kFiveAMinute);
  EXPECT_FALSE(take("ada", kFiveAMinute).allowed) << "its window is over";
}

TEST_P(Conformance, the_window_slides) {
  for (int i = 0; i < 5; ++i) take("ada", kFiveAMinute);
  pass(60s);
  EXPECT_FALSE(take("ada", kFiveAMinute).allowed) << "the calls of a minute ago still weigh whole";
  pass(30s);
  EXPECT_TRUE(take("ada", kFiveAMinute).allowed) << "half of them weigh 2.5";
  EXPECT_TRUE(take("ada", kFiveAMinute).allowed);
  EXPECT_FALSE(take("ada", kFiveAMinute).allowed);
}

TEST_P(Conformance, after_the_reset_it_named_the_count_is_back_to_none) {
  take("ada", kFiveAMinute);
  pass(10s);
  const Verdict verdict = take("ada", kFiveAMinute);
  pass(verdict.reset);
  EXPECT_EQ(take("ada", kFiveAMinute).remaining, 4);
}

TEST_P(Conformance, windows_of_one_key_count_apart) {
  const Limit two_an_hour{2, 3600s};
  EXPECT_TRUE(take("ada", two_an_hour).allowed);
  EXPECT_TRUE(take("ada", two_an_hour).allowed);
  EXPECT_FALSE(take("ada", two_an_hour).allowed);
  EXPECT_EQ(take("ada", kFiveAMinute).remaining, 4);
}

TEST_P(Conformance, a_limit_of_none_refuses) {
  const Verdict verdict = take("ada", Limit{0, 60s});
  EXPECT_FALSE(verdict.allowed);
  EXPECT_EQ(verdict.remaining, 0);
  EXPECT_GT(verdict.retry_after, 0s);
}

TEST_P(Conformance, a_hundred_at_once_at_a_limit_of_five_let_five_through) {
  Loops loops(4);
  std::vector<std::future<Verdict>> verdicts;
  for (std::size_t i = 0; i < 100; ++i)
    verdicts.push_back(asio::co_spawn(loops.executor(i), coordination().take("crowd", kFiveAMinute), asio::use_future));
  loops.start();
  int allowed = 0;
  for (auto& verdict : verdicts) allowed += verdict.get().allowed;
  EXPECT_EQ(allowed, 5);
}

TEST_P(Conformance, a_cached_value_lives_as_long_as_told) {
  EXPECT_EQ(cached("quote"), std::nullopt);
  cache("quote", "42", 10s);
  EXPECT_THAT(cached("quote"), Optional(std::string("42")));
  pass(9s);
  EXPECT_THAT(cached("quote"), Optional(std::string("42")));
  pass(1s);
  EXPECT_EQ(cached("quote"), std::nullopt);
}

TEST_P(Conformance, a_cached_value_is_replaced_and_forgotten) {
  const std::string binary("\0\xFF\n", 3);
  cache("quote", "42", 10s);
  cache("quote", binary, 20s);
  pass(15s);
  EXPECT_THAT(cached("quote"), Optional(binary));
  run_task(coordination().forget("quote"));
  run_task(coordination().forget("quote"));
  EXPECT_EQ(cached("quote"), std::nullopt);
}

TEST_P(Conformance, a_value_without_a_life_is_not_kept) {
  cache("quote", "42", 10s);
  cache("quote", "43", 0ms);
  EXPECT_EQ(cached("quote"), std::nullopt);
}

TEST_P(Conformance, listeners_hear_their_topic_in_order) {
  auto first = coordination().listen("jobs");
  auto second = coordination().listen("jobs");
  auto other = coordination().listen("mail");
  coordination().announce("jobs", "one");
  coordination().announce("jobs", "two");
  coordination().announce("mail", "three");
  for (auto* listener : {first.get(), second.get()}) {
    EXPECT_EQ(run_task(listener->next()), "one");
    EXPECT_EQ(run_task(listener->next()), "two");
  }
  EXPECT_EQ(run_task(other->next()), "three");
}

TEST_P(Conformance, what_was_announced_before_is_not_heard) {
  coordination().announce("jobs", "early");
  auto listener = coordination().listen("jobs");
  coordination().announce("jobs", "late");
  EXPECT_EQ(run_task(listener->next()), "late");
}

TEST_P(Conformance, an_announcement_wakes_a_listener_on_another_loop) {
  Loops loops(2);
  auto listener = coordination().listen("jobs");
  auto ping = asio::co_spawn(loops.executor(0), listener->next(), asio::use_future);
  loops.start();
  asio::post(loops.executor(1), [this] { coordination().announce("jobs", "wake up"); });
  EXPECT_EQ(ping.get(), "wake up");
}

TEST_P(Conformance, a_listener_that_falls_behind_loses_the_oldest) {
  auto listener = coordination().listen("jobs");
  for (int i = 0; i < 300; ++i) coordination().announce("jobs", std::to_string(i));
  for (int i = 300 - 256; i < 300; ++i) EXPECT_EQ(run_task(listener->next()), std::to_string(i));
  coordination().announce("jobs", "new");
  EXPECT_EQ(run_task(listener->next()), "new");
}

Task<int> count_to(std::unique_ptr<Subscription> listener, std::string last) {
  int heard = 0;
  for (;;) {
    const std::string message = co_await listener->next();
    ++heard;
    if (message == last) co_return heard;
  }
}

TEST_P(Conformance, many_announcers_and_listeners_on_many_loops) {
  Loops loops(3);
  std::vector<std::future<int>> counts;
  for (std::size_t i = 0; i < 6; ++i)
    counts.push_back(
        asio::co_spawn(loops.executor(i), count_to(coordination().listen("busy"), "last"), asio::use_future));
  loops.start();
  std::vector<std::thread> announcers;
  for (int i = 0; i < 3; ++i)
    announcers.emplace_back([this] {
      for (int n = 0; n < 200; ++n) coordination().announce("busy", "again");
    });
  for (auto& announcer : announcers) announcer.join();
  coordination().announce("busy", "last");
  for (auto& count : counts) {
    const int heard = count.get();
    EXPECT_GE(heard, 1);
    EXPECT_LE(heard, 601);
  }
}

TEST_P(Conformance, a_wait_for_an_announcement_can_be_cancelled_and_taken_up_again) {
  auto listener = coordination().listen("jobs");
  EXPECT_THROW(run_task(with_timeout(1ms, listener->next())), Error);
  coordination().announce("jobs", "one");
  EXPECT_EQ(run_task(listener->next()), "one");
}

TEST_P(Conformance, is_well) {
  EXPECT_NO_THROW(run_task(coordination().ping()));
}

}  // namespace

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Conformance);

}  // namespace odeon::coordination

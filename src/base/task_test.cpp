#include "base/task.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <barrier>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <semaphore>
#include <set>
#include <thread>

namespace odeon {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

// Neither copied nor made from nothing, as results of blocking work often are.
struct Ticket {
  explicit Ticket(int number) : number(std::make_unique<int>(number)) {}
  std::unique_ptr<int> number;
};

TEST(RunBlocking, gives_the_result_back_on_the_callers_loop) {
  ThreadPool pool(1);
  auto story = [](ThreadPool& pool) -> Task<void> {
    const auto loop = std::this_thread::get_id();
    Ticket input(7);
    const Ticket output = co_await run_blocking(pool, [input = std::move(input), loop] {
      EXPECT_NE(std::this_thread::get_id(), loop);
      return Ticket(*input.number + 1);
    });
    EXPECT_EQ(*output.number, 8);
    EXPECT_EQ(std::this_thread::get_id(), loop);
    co_await run_blocking(pool, [] {});
  };
  run_task(story(pool));
}

TEST(RunBlocking, passes_exceptions_on) {
  ThreadPool pool(1);
  EXPECT_THROW(run_task(run_blocking(pool, []() -> int { throw Error(Fault::unavailable, "DISK", "Full."); })), Error);
  EXPECT_THROW(run_task(run_blocking(pool, [] { throw std::out_of_range("void"); })), std::out_of_range);
}

TEST(RunBlocking, a_cancellation_meanwhile_takes_effect_at_the_next_await) {
  ThreadPool pool(2);
  std::counting_semaphore<> started(0), go_on(0);
  asio::io_context loop(1);
  asio::cancellation_signal cancel;
  bool came_back = false;
  std::exception_ptr failure;
  auto story = [](ThreadPool& pool, std::counting_semaphore<>& started, std::counting_semaphore<>& go_on,
                  bool& came_back) -> Task<void> {
    co_await run_blocking(pool, [&] {
      started.release();
      go_on.acquire();
    });
    came_back = true;
    co_await sleep_on_loop(1h);
  };
  asio::co_spawn(
      loop, story(pool, started, go_on, came_back),
      asio::bind_cancellation_slot(cancel.slot(), [&failure](std::exception_ptr error) { failure = error; }));
  loop.poll();
  started.acquire();
  cancel.emit(asio::cancellation_type::terminal);
  loop.poll();
  EXPECT_FALSE(came_back);
  go_on.release();
  loop.run();
  EXPECT_TRUE(came_back);
  EXPECT_THROW(std::rethrow_exception(failure), boost::system::system_error);
}

TEST(RunBlocking, survives_cancellation_at_any_moment) {
  ThreadPool pool(2);
  std::atomic<int> done{0};
  auto story = [](ThreadPool& pool, std::atomic<int>& done) -> Task<void> {
    for (int i = 0; i < 10; ++i) co_await run_blocking(pool, [&done] { ++done; });
  };
  auto many = [](auto story, ThreadPool& pool, std::atomic<int>& done) -> Task<void> {
    for (int i = 0; i < 300; ++i) {
      try {
        co_await with_timeout(std::chrono::microseconds(i), story(pool, done));
      } catch (const Error& error) {
        EXPECT_EQ(error.fault, Fault::timeout);
      }
    }
  };
  run_task(many(story, pool, done));
  EXPECT_GT(done, 0);
}

Task<int> late_answer(std::chrono::milliseconds delay, bool& cancelled) {
  try {
    co_await sleep_on_loop(delay);
  } catch (...) {
    cancelled = true;
    throw;
  }
  co_return 42;
}

TEST(WithTimeout, gives_the_result_or_the_failure) {
  bool cancelled = false;
  EXPECT_EQ(run_task(with_timeout(1h, late_answer(0ms, cancelled))), 42);
  auto fails = []() -> Task<void> {
    co_await sleep_on_loop(0ms);
    throw std::out_of_range("mine");
  };
  EXPECT_THROW(run_task(with_timeout(1h, fails())), std::out_of_range);
  EXPECT_FALSE(cancelled);
}

TEST(WithTimeout, cancels_what_takes_too_long_and_awaits_its_end) {
  bool cancelled = false;
  try {
    run_task(with_timeout(1ms, late_answer(1h, cancelled)));
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, Fault::timeout);
  }
  EXPECT_TRUE(cancelled);
}

TEST(WithTimeout, passes_on_a_cancellation_from_outside) {
  asio::io_context loop(1);
  asio::cancellation_signal cancel;
  bool cancelled = false;
  std::exception_ptr failure;
  asio::co_spawn(
      loop, with_timeout(1h, late_answer(1h, cancelled)),
      asio::bind_cancellation_slot(cancel.slot(), [&failure](std::exception_ptr error, int) { failure = error; }));
  loop.poll();
  cancel.emit(asio::cancellation_type::terminal);
  loop.run();
  EXPECT_TRUE(cancelled);
  EXPECT_THROW(std::rethrow_exception(failure), boost::system::system_error);
}

TEST(Settle, makes_a_value_of_any_outcome) {
  bool cancelled = false;
  EXPECT_EQ(run_task(settle(late_answer(0ms, cancelled))).value(), 42);
  auto fails = []() -> Task<void> {
    throw std::out_of_range("mine");
    co_return;
  };
  const auto outcome = run_task(settle(fails()));
  ASSERT_FALSE(outcome.has_value());
  EXPECT_THROW(std::rethrow_exception(outcome.error()), std::out_of_range);
}

// A group, and what it reported.
class Groups : public ::testing::Test {
 protected:
  Task<void> forever(bool& ended) {
    try {
      co_await sleep_on_loop(1h);
    } catch (...) {
      ended = true;
      throw;
    }
  }
  Task<void> failing() {
    co_await sleep_on_loop(0ms);
    throw std::out_of_range("mine");
  }
  void step() {
    loop_.restart();
    loop_.poll();
  }

  asio::io_context loop_{1};
  std::vector<std::string> reports_;
  TaskGroup group_{[this](const std::string& name, std::exception_ptr failure) {
    reports_.push_back(name + ": " + describe(failure));
  }};
};

TEST_F(Groups, report_tasks_that_fail) {
  group_.spawn(loop_.get_executor(), "first", failing());
  group_.spawn(loop_.get_executor(), "second", sleep_on_loop(0ms));
  EXPECT_EQ(group_.running(), 2U);
  loop_.run();
  EXPECT_EQ(group_.running(), 0U);
  EXPECT_THAT(reports_, ElementsAre("first: mine"));
}

TEST_F(Groups, stop_cancels_all_and_returns_when_they_have_ended) {
  bool first = false, second = false;
  group_.spawn(loop_.get_executor(), "first", forever(first));
  group_.spawn(loop_.get_executor(), "second", forever(second));
  step();
  EXPECT_FALSE(first || second);
  bool stopped = false;
  asio::co_spawn(loop_, group_.stop(), [&](std::exception_ptr) { stopped = first && second; });
  loop_.restart();
  loop_.run();
  EXPECT_TRUE(stopped);
  EXPECT_THAT(reports_, ::testing::IsEmpty()) << "to be cancelled is no failure";
}

TEST_F(Groups, stop_cancels_what_has_not_begun) {
  bool ended = false;
  group_.spawn(loop_.get_executor(), "first", forever(ended));
  asio::co_spawn(loop_, group_.stop(), [](std::exception_ptr failure) { EXPECT_FALSE(failure); });
  loop_.run();
  EXPECT_EQ(group_.running(), 0U);
}

TEST_F(Groups, start_nothing_once_stopped_and_may_be_stopped_again) {
  bool ended = false;
  for (int i = 0; i < 2; ++i) {
    run_task(group_.stop());
    group_.spawn(loop_.get_executor(), "late", forever(ended));
    EXPECT_EQ(group_.running(), 0U);
  }
}

TEST_F(Groups, two_may_wait_for_the_same_end) {
  bool ended = false;
  group_.spawn(loop_.get_executor(), "task", forever(ended));
  step();
  int stopped = 0;
  for (int i = 0; i < 2; ++i) asio::co_spawn(loop_, group_.stop(), [&](std::exception_ptr) { stopped += ended; });
  loop_.restart();
  loop_.run();
  EXPECT_EQ(stopped, 2);
}

TEST_F(Groups, a_task_may_clean_up_for_a_while) {
  bool clean = false;
  auto tidy = [](bool& clean) -> Task<void> {
    try {
      co_await sleep_on_loop(1h);
    } catch (const boost::system::system_error&) {
      clean = false;
    }
    co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
    co_await sleep_on_loop(1ms);
    clean = true;
  };
  group_.spawn(loop_.get_executor(), "tidy", tidy(clean));
  step();
  bool stopped = false;
  asio::co_spawn(loop_, group_.stop(), [&](std::exception_ptr) { stopped = clean; });
  loop_.restart();
  loop_.run();
  EXPECT_TRUE(stopped);
}

Task<void> run_and_stop(Loops& loops, std::atomic<int>& begun, std::atomic<int>& ended) {
  TaskGroup group([](const std::string&, std::exception_ptr) {});
  auto work = [](std::atomic<int>& begun, std::atomic<int>& ended) -> Task<void> {
    ++begun;
    try {
      co_await sleep_on_loop(1h);
    } catch (...) {
    }
    ++ended;
  };
  for (std::size_t i = 0; i < 30; ++i) group.spawn(loops.executor(i), "work", work(begun, ended));
  co_await group.stop();
  EXPECT_EQ(group.running(), 0U);
}

TEST(TaskGroups, stop_tasks_on_many_loops) {
  Loops loops(3);
  loops.start();
  std::atomic<int> begun{0}, ended{0};
  for (std::size_t i = 0; i < 20; ++i)
    asio::co_spawn(loops.executor(i), run_and_stop(loops, begun, ended), asio::use_future).get();
  EXPECT_EQ(begun, ended);
}

TEST(TaskGroups, that_die_with_tasks_running_abort) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        asio::io_context loop(1);
        TaskGroup group(nullptr);
        group.spawn(loop.get_executor(), "forgotten", sleep_on_loop(1h));
      },
      "'forgotten' still ran");
}

TEST(YieldToOthers, EveryThreadOfThePoolDoesAndNoOther) {
  ThreadPool pool(3);
  yield_to_others(pool, 3);
  std::mutex mutex;
  std::set<pid_t> seen;
  std::barrier together(4);
  for (int i = 0; i < 3; ++i)
    asio::post(pool, [&] {
      const int nice = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()));
      {
        const std::lock_guard lock(mutex);
        EXPECT_EQ(nice, std::min(19, ::getpriority(PRIO_PROCESS, static_cast<id_t>(::getpid())) + 10));
        seen.insert(::gettid());
      }
      together.arrive_and_wait();
    });
  together.arrive_and_wait();
  pool.join();
  EXPECT_EQ(seen.size(), 3U);
}

}  // namespace
}  // namespace odeon

#include "base/task.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <semaphore>
#include <thread>

namespace odeon {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

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

}  // namespace
}  // namespace odeon

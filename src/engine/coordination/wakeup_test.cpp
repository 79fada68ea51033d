#include "engine/coordination/wakeup.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace odeon::coordination {
namespace {

using namespace std::chrono_literals;

TEST(Wakeup, EndsTheWaitFromAnyThread) {
  run_task([]() -> Task<void> {
    const auto wakeup = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
    const std::jthread other([wakeup] { Wakeup::wake(wakeup); });
    co_await wakeup->wait();
    co_await wakeup->wait();  // it was woken before
  }());
}

TEST(Wakeup, ComesByItselfAtItsTime) {
  run_task([]() -> Task<void> {
    const auto until = std::chrono::steady_clock::now() + 20ms;
    const auto wakeup = std::make_shared<Wakeup>(co_await asio::this_coro::executor, until);
    co_await wakeup->wait();
    EXPECT_GE(std::chrono::steady_clock::now(), until);
  }());
}

TEST(Wakeup, IsNoneForWhoIsCancelled) {
  run_task([]() -> Task<void> {
    const auto wakeup = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
    const auto ended = co_await settle(with_timeout(10ms, wakeup->wait()));
    EXPECT_FALSE(ended.has_value());
  }());
}

}  // namespace
}  // namespace odeon::coordination

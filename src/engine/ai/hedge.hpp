// Asking a second one when the first takes long (Dean and Barroso, "The Tail at Scale", 2013: hedged requests).
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <expected>
#include <functional>
#include <optional>

#include "base/task.hpp"

namespace odeon::ai {

// What two came to; nothing of one that was never asked, or whose answer nobody waited for.
template <class T>
struct Hedged {
  std::optional<T> first, second;
};

// `T` is an expected. Asks the first, and the second too once the first has failed or `after` is over without an
// answer. The first answer cancels the other, which has ended when this returns; both answer where neither could be
// cancelled any more. Throws what either throws.
template <class T, class Second>
Task<Hedged<T>> hedged(std::chrono::steady_clock::duration after, Task<T> first, const Second& second) {
  struct Answered {};
  Hedged<T> outcome;
  asio::steady_timer patience(co_await asio::this_coro::executor, after);
  const auto lead = [](auto& outcome, auto& patience, Task<T> first) -> Task<void> {
    outcome.first.emplace(co_await std::move(first));
    if (*outcome.first) throw Answered{};
    patience.cancel();
  };
  const auto follow = [](auto& outcome, auto& patience, const Second& second) -> Task<void> {
    boost::system::error_code ignored;
    if (!outcome.first) co_await patience.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    if (outcome.first && *outcome.first) co_return;
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
      throw boost::system::system_error(asio::error::operation_aborted);
    outcome.second.emplace(co_await second());
    if (*outcome.second) throw Answered{};
  };
  std::vector<Task<void>> both;
  both.push_back(lead(outcome, patience, std::move(first)));
  both.push_back(follow(outcome, patience, second));
  try {
    co_await all_of(std::move(both));
  } catch (const Answered&) {
  }
  co_return outcome;
}

}  // namespace odeon::ai

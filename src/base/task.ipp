// Templates of task.hpp.
#pragma once

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <expected>

#include "base/error.hpp"

namespace odeon {

// The outcome of `task` as a value. Operators that race tasks wait for a success, so a failure must not
// look like one that is still to come.
template <class T>
Task<std::expected<T, std::exception_ptr>> settle(Task<T> task) {
  try {
    if constexpr (std::is_void_v<T>) {
      co_await std::move(task);
      co_return std::expected<T, std::exception_ptr>();
    } else {
      co_return co_await std::move(task);
    }
  } catch (...) {
    co_return std::unexpected(std::current_exception());
  }
}

template <class T>
Task<T> with_timeout(std::chrono::steady_clock::duration limit, Task<T> task) {
  using namespace asio::experimental::awaitable_operators;
  auto first = co_await (settle(std::move(task)) || sleep_on_loop(limit));
  if (first.index() == 1) throw Error(Fault::timeout, "TIMEOUT", "The operation took too long.");
  auto& outcome = std::get<0>(first);
  if (!outcome) std::rethrow_exception(outcome.error());
  if constexpr (!std::is_void_v<T>) co_return std::move(*outcome);
}

template <class T>
T run_task(Task<T> task) {
  asio::io_context loop(1);
  std::exception_ptr failure;
  if constexpr (std::is_void_v<T>) {
    asio::co_spawn(loop, std::move(task), [&](std::exception_ptr error) { failure = error; });
    loop.run();
    if (failure) std::rethrow_exception(failure);
  } else {
    std::optional<T> result;
    asio::co_spawn(loop, std::move(task), [&](std::exception_ptr error, T value) {
      failure = error;
      if (!error) result.emplace(std::move(value));
    });
    loop.run();
    if (failure) std::rethrow_exception(failure);
    return std::move(*result);
  }
}

}  // namespace odeon

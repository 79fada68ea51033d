// Templates of task.hpp.
#pragma once

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <variant>

#include "base/error.hpp"

namespace odeon {

namespace detail {

// What became of a task, as a value: `||` waits for the first success, so a failure that travelled as
// an exception would have to wait for the clock.
template <class T>
struct Settled {
  std::exception_ptr failure;
  std::optional<std::conditional_t<std::is_void_v<T>, std::monostate, T>> value;
};

template <class T>
Task<Settled<T>> settle(Task<T> task) {
  Settled<T> settled;
  try {
    if constexpr (std::is_void_v<T>) {
      co_await std::move(task);
      settled.value.emplace();
    } else {
      settled.value.emplace(co_await std::move(task));
    }
  } catch (...) {
    settled.failure = std::current_exception();
  }
  co_return settled;
}

}  // namespace detail

template <class T>
Task<T> with_timeout(std::chrono::steady_clock::duration limit, Task<T> task) {
  using namespace asio::experimental::awaitable_operators;
  auto result = co_await (detail::settle(std::move(task)) || sleep_on_loop(limit));
  if (result.index() == 1) throw Error(Fault::timeout, "timeout", "The operation took too long.");
  auto& settled = std::get<0>(result);
  if (settled.failure) std::rethrow_exception(settled.failure);
  if constexpr (!std::is_void_v<T>) co_return std::move(*settled.value);
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

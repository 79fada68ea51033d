// Templates of task.hpp.
#pragma once

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "base/error.hpp"

namespace odeon {

template <class T>
Task<T> with_timeout(std::chrono::steady_clock::duration limit, Task<T> task) {
  using namespace asio::experimental::awaitable_operators;
  auto result = co_await (std::move(task) || sleep_on_loop(limit));
  if (result.index() == 1) throw Error(Fault::timeout, "timeout", "The operation took too long.");
  if constexpr (!std::is_void_v<T>) co_return std::get<0>(std::move(result));
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

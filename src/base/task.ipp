// Templates of task.hpp.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <expected>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/error.hpp"

namespace odeon {

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

// Not by co_spawn on the pool: its cancellation would reach over to the pool's threads while the
// caller's frame goes away. This wait has no cancellation slot at all.
template <class Fn>
Task<std::invoke_result_t<Fn&>> run_blocking(ThreadPool& pool, Fn fn) {
  using Result = std::invoke_result_t<Fn&>;
  struct Outcome {
    std::conditional_t<std::is_void_v<Result>, std::monostate, std::optional<Result>> value;
    std::exception_ptr failure;
  };
  auto run = [](Fn& work) noexcept {
    Outcome outcome;
    try {
      if constexpr (std::is_void_v<Result>)
        work();
      else
        outcome.value.emplace(work());
    } catch (...) {
      outcome.failure = std::current_exception();
    }
    return outcome;
  };
  // The guard stays on the pool until its post is through: a loop that ends with this must not be gone
  // while the post still wakes it.
  auto start = [&pool, run](auto handler, Fn work) {
    auto guard = asio::make_work_guard(asio::get_associated_executor(handler));
    asio::post(pool, [handler = std::move(handler), guard = std::move(guard), work = std::move(work), run]() mutable {
      asio::post(guard.get_executor(), [handler = std::move(handler), outcome = run(work)]() mutable {
        std::move(handler)(std::move(outcome));
      });
    });
  };
  auto outcome = co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Outcome)>(
      std::move(start), asio::use_awaitable, std::move(fn));
  if (outcome.failure) std::rethrow_exception(std::move(outcome.failure));
  if constexpr (!std::is_void_v<Result>) co_return std::move(*outcome.value);
}

namespace detail {
// Awaits `task`, which does not throw, and cancels it when `limit` is over. False: that was so.
Task<bool> within(std::chrono::steady_clock::duration limit, Task<void> task);
}  // namespace detail

template <class T>
Task<T> with_timeout(std::chrono::steady_clock::duration limit, Task<T> task) {
  std::expected<T, std::exception_ptr> outcome = std::unexpected(std::exception_ptr());
  auto run = [](Task<T> task, std::expected<T, std::exception_ptr>& outcome) -> Task<void> {
    outcome = co_await settle(std::move(task));
  };
  if (!co_await detail::within(limit, run(std::move(task), outcome)))
    throw Error(Fault::timeout, "TIMEOUT", "The operation took too long.");
  if (!outcome) std::rethrow_exception(outcome.error());
  if constexpr (!std::is_void_v<T>) co_return std::move(*outcome);
}

template <class T>
Task<std::vector<T>> all_of(std::vector<Task<T>> tasks) {
  std::vector<std::optional<T>> results(tasks.size());
  std::vector<Task<void>> runs;
  auto keep = [](Task<T> task, std::optional<T>& result) -> Task<void> { result = co_await std::move(task); };
  for (std::size_t i = 0; i < tasks.size(); ++i) runs.push_back(keep(std::move(tasks[i]), results[i]));
  co_await all_of(std::move(runs));
  std::vector<T> out;
  out.reserve(results.size());
  for (auto& result : results) out.push_back(std::move(*result));
  co_return out;
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

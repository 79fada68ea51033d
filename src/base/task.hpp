// Coroutines: the one task type, the one way to a thread pool, the one timeout, the one owner of
// background work.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace odeon {

namespace asio = boost::asio;

// Lazy: nothing runs before it is awaited. Parameters are taken by value; references are to services
// that outlive the task.
template <class T = void>
using Task = asio::awaitable<T>;

using ThreadPool = asio::thread_pool;

// Lets the pool's `threads` (as it was made with) yield to all others of the process: the kernel gives them what
// the loops leave. For work that takes long and that nobody waits for with a finger on the screen.
void yield_to_others(ThreadPool& pool, std::size_t threads);

// Runs `fn` on the pool and comes back to the caller's executor with its result or exception. What
// blocks or takes long (files, hashing, codecs) goes through here and nowhere else. A cancellation
// that arrives meanwhile takes effect at the next await, never inside `fn`.
template <class Fn>
Task<std::invoke_result_t<Fn&>> run_blocking(ThreadPool& pool, Fn fn);

// Waits without occupying anything. Real time: for pauses that tests must control, use Clock.
Task<void> sleep_on_loop(std::chrono::steady_clock::duration duration);

// The outcome of `task` as a value. Operators that race tasks (`||`) wait for a success, so a failure
// must not look like a success that is still to come.
template <class T>
Task<std::expected<T, std::exception_ptr>> settle(Task<T> task);

// Whether a task failed because it was cancelled.
bool is_cancellation(std::exception_ptr failure);

// Awaits `task`, which does not throw; whoever emits `stop`, on the same loop, cancels it, as does a cancellation of
// the caller.
Task<void> cancelled_by(std::shared_ptr<asio::cancellation_signal> stop, Task<void> task);

// Awaits `task` for at most `limit`; then cancels it, awaits its end and throws Error{Fault::timeout}.
template <class T>
Task<T> with_timeout(std::chrono::steady_clock::duration limit, Task<T> task);

// Awaits tasks that run side by side on the caller's loop; results in order. The first failure cancels
// the others and, once they ended, is thrown.
Task<void> all_of(std::vector<Task<void>> tasks);
template <class T>
Task<std::vector<T>> all_of(std::vector<Task<T>> tasks);

// Owns background tasks of one service. Declare it last, so that it dies first; `stop` before that.
// Thread-safe. A task that ends by an exception is reported to `on_failure`, never lost.
class TaskGroup {
 public:
  using OnFailure = std::function<void(const std::string& name, std::exception_ptr)>;
  explicit TaskGroup(OnFailure on_failure);
  ~TaskGroup();  // aborts when tasks still run: that is a missing `stop`

  // Starts `task` on `executor`. After `stop` was called, does nothing.
  void spawn(asio::any_io_executor executor, std::string name, Task<void> task);
  // Cancels every task and returns when all have ended. Idempotent.
  Task<void> stop();
  std::size_t running() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// One single-threaded io_context per core. A connection or a service lives on one of them. Join the
// pools whose work comes back to them (`ThreadPool::join`) before these are destroyed.
class Loops {
 public:
  explicit Loops(std::size_t count);
  ~Loops();  // stops and joins
  std::size_t size() const;
  asio::io_context& operator[](std::size_t index);
  asio::any_io_executor executor(std::size_t index);
  // Runs all loops on threads of their own until `stop`.
  void start();
  void stop();
  void join();

 private:
  struct Loop;
  std::vector<std::unique_ptr<Loop>> loops_;
};

// Runs one task on a loop of its own and returns its result: for main and for tests.
template <class T>
T run_task(Task<T> task);

}  // namespace odeon

#include "base/task.ipp"

#include "base/task.hpp"

#include <barrier>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <cstdio>
#include <cstdlib>
#include <list>
#include <mutex>
#include <thread>

#include "base/threads.hpp"

namespace odeon {

void yield_to_others(ThreadPool& pool, std::size_t threads) {
  // Each thread takes one of these, as none is free before all have come.
  const auto together = std::make_shared<std::barrier<>>(static_cast<std::ptrdiff_t>(threads) + 1);
  for (std::size_t i = 0; i < threads; ++i)
    asio::post(pool, [together] {
      yield_to_others();
      together->arrive_and_wait();
    });
  together->arrive_and_wait();
}

Task<void> sleep_on_loop(std::chrono::steady_clock::duration duration) {
  asio::steady_timer timer(co_await asio::this_coro::executor, duration);
  co_await timer.async_wait(asio::use_awaitable);
}

bool is_cancellation(std::exception_ptr failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const boost::system::system_error& error) {
    return error.code() == asio::error::operation_aborted;
  } catch (...) {
    return false;
  }
}

Task<void> cancelled_by(std::shared_ptr<asio::cancellation_signal> stop, Task<void> task) {
  auto start = [stop, loop = co_await asio::this_coro::executor](auto handler, Task<void> task) {
    auto slot = asio::get_associated_cancellation_slot(handler);
    // It may be cleared while it is called.
    if (slot.is_connected()) slot.assign([stop](asio::cancellation_type type) { std::shared_ptr(stop)->emit(type); });
    auto end = [stop, slot, handler = std::move(handler)](std::exception_ptr) mutable {
      if (slot.is_connected()) slot.clear();
      std::move(handler)();
    };
    asio::co_spawn(loop, std::move(task), asio::bind_cancellation_slot(stop->slot(), std::move(end)));
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(std::move(start), asio::use_awaitable,
                                                                       std::move(task));
}

// A timer that only calls, rather than a second task beside the first: that would end by an exception each time.
Task<bool> detail::within(std::chrono::steady_clock::duration limit, Task<void> task) {
  struct Race {
    asio::steady_timer timer;
    asio::cancellation_signal stop;
    bool late = false, over = false;
  };
  struct Ended {
    std::shared_ptr<Race> race;
    ~Ended() {
      race->over = true;
      race->timer.cancel();
    }
  };
  const auto race = std::make_shared<Race>(asio::steady_timer(co_await asio::this_coro::executor, limit));
  race->timer.async_wait([race](const boost::system::error_code& cancelled) {
    if (cancelled || race->over) return;
    race->late = true;
    race->stop.emit(asio::cancellation_type::terminal);
  });
  const Ended at_the_end{race};
  co_await cancelled_by({race, &race->stop}, std::move(task));
  co_return !race->late;
}

Task<void> all_of(std::vector<Task<void>> tasks) {
  if (tasks.empty()) co_return;
  auto executor = co_await asio::this_coro::executor;
  auto start = [&](Task<void> task) { return asio::co_spawn(executor, std::move(task), asio::deferred); };
  std::vector<decltype(start(std::declval<Task<void>>()))> started;
  started.reserve(tasks.size());
  for (auto& task : tasks) started.push_back(start(std::move(task)));
  auto [order, failures] = co_await asio::experimental::make_parallel_group(std::move(started))
                               .async_wait(asio::experimental::wait_for_one_error(), asio::use_awaitable);
  for (std::size_t index : order)
    if (failures[index]) std::rethrow_exception(failures[index]);
}

struct TaskGroup::State : std::enable_shared_from_this<TaskGroup::State> {
  struct Entry {
    std::string name;
    asio::any_io_executor executor;
    asio::cancellation_signal signal;
  };
  using Entries = std::list<std::shared_ptr<Entry>>;

  OnFailure on_failure;
  mutable std::mutex mutex;
  Entries entries;
  bool stopping = false;
  std::vector<std::function<void()>> waiters;

  void ended(const std::shared_ptr<Entry>& entry, std::exception_ptr failure) {
    std::vector<std::function<void()>> wake;
    bool report = false;
    {
      std::lock_guard lock(mutex);
      report = failure && !stopping;
    }
    // Before the entry goes: what hears of the failure may be destroyed once `stop` has returned.
    if (report && on_failure) on_failure(entry->name, failure);
    {
      std::lock_guard lock(mutex);
      entries.remove(entry);
      if (entries.empty()) wake.swap(waiters);
    }
    for (auto& call : wake) call();
  }
};

TaskGroup::TaskGroup(OnFailure on_failure) : state_(std::make_shared<State>()) {
  state_->on_failure = std::move(on_failure);
}

TaskGroup::~TaskGroup() {
  std::lock_guard lock(state_->mutex);
  if (state_->entries.empty()) return;
  std::fprintf(stderr, "a task group was destroyed while '%s' still ran\n", state_->entries.front()->name.c_str());
  std::abort();
}

void TaskGroup::spawn(asio::any_io_executor executor, std::string name, Task<void> task) {
  auto entry = std::make_shared<State::Entry>(std::move(name), executor);
  {
    std::lock_guard lock(state_->mutex);
    if (state_->stopping) return;
    state_->entries.push_back(entry);
  }
  // The slot is connected on the executor that also emits the signal, so the two never race.
  asio::post(executor, [state = state_, entry, task = std::move(task)]() mutable {
    asio::co_spawn(entry->executor, std::move(task),
                   asio::bind_cancellation_slot(entry->signal.slot(), [state, entry](std::exception_ptr failure) {
                     state->ended(entry, failure);
                   }));
  });
}

Task<void> TaskGroup::stop() {
  auto state = state_;
  asio::steady_timer ended(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
  auto executor = ended.get_executor();
  auto done = std::make_shared<bool>(false);
  {
    std::lock_guard lock(state->mutex);
    state->stopping = true;
    for (auto& entry : state->entries)
      asio::post(entry->executor, [entry] { entry->signal.emit(asio::cancellation_type::terminal); });
    if (state->entries.empty()) co_return;
    // The guard outlives the post: this loop may end, and go, as soon as it is woken.
    state->waiters.push_back([guard = asio::make_work_guard(executor), done, &ended] {
      asio::post(guard.get_executor(), [done, &ended] {
        *done = true;
        ended.cancel();
      });
    });
  }
  // Tasks may still refer to their owner, so this wait is not itself cancelled away.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  while (!*done) {
    boost::system::error_code ignored;
    co_await ended.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

std::size_t TaskGroup::running() const {
  std::lock_guard lock(state_->mutex);
  return state_->entries.size();
}

struct Loops::Loop {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  std::thread thread;
};

Loops::Loops(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) loops_.push_back(std::make_unique<Loop>());
}

Loops::~Loops() {
  stop();
  join();
}

std::size_t Loops::size() const {
  return loops_.size();
}
asio::io_context& Loops::operator[](std::size_t index) {
  return loops_[index % loops_.size()]->context;
}
asio::any_io_executor Loops::executor(std::size_t index) {
  return (*this)[index].get_executor();
}

void Loops::start() {
  for (auto& loop : loops_) loop->thread = std::thread([&context = loop->context] { context.run(); });
}

void Loops::stop() {
  for (auto& loop : loops_) loop->context.stop();
}

void Loops::join() {
  for (auto& loop : loops_)
    if (loop->thread.joinable()) loop->thread.join();
}

}  // namespace odeon

// A wait that any thread can end: how one task hears from another loop.
#pragma once

#include <memory>

#include "base/task.hpp"

namespace odeon::coordination {

// Made by the task that waits and used on its loop; only `wake` may be called from elsewhere.
class Wakeup : public std::enable_shared_from_this<Wakeup> {
 public:
  using Time = std::chrono::steady_clock::time_point;
  explicit Wakeup(asio::any_io_executor executor, Time until = Time::max());

  // Returns once woken, at once if it was woken before, or at `until`; throws when the caller is cancelled.
  // The caller keeps its own pointer to this object meanwhile.
  Task<void> wait();
  // Thread-safe. Takes the pointer so that the last one is let go on the loop of the task that waits.
  static void wake(std::shared_ptr<Wakeup> sleeper);

 private:
  asio::steady_timer timer_;
  bool woken_ = false;
};

}  // namespace odeon::coordination

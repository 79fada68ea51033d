// Lets a task wait until another part of the same loop says that something changed.
#pragma once

#include "base/task.hpp"

namespace odeon::http {

// Not thread-safe. Wakes spuriously, on cancellation too, so: `while (!condition) co_await wakeup.wait();`
class Wakeup {
 public:
  explicit Wakeup(const asio::any_io_executor& executor)
      : timer_(executor, std::chrono::steady_clock::time_point::max()) {}

  Task<void> wait() {
    boost::system::error_code ignored;
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  // Wakes all who wait now.
  void notify() { timer_.cancel(); }

 private:
  asio::steady_timer timer_;
};

}  // namespace odeon::http

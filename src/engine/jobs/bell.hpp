// Wakes a task that has nothing to do.
#pragma once

#include <atomic>
#include <memory>

#include "base/time.hpp"

namespace odeon::jobs {

// One task waits, on `executor`. A ring that comes while nobody waits is kept; several are as good as one.
class Bell {
 public:
  explicit Bell(asio::any_io_executor executor);
  // Thread-safe.
  void ring();
  // Returns at a ring, or when the caller is cancelled.
  Task<void> wait();
  // Returns at a ring, at `deadline`, or now and then without a reason; throws when the caller is cancelled.
  Task<void> wait_until(Clock& clock, Instant deadline);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace odeon::jobs

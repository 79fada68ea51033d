// One timer for all phases of a connection. Most deadlines are moved before they pass, so moving one
// further away only notes the new time: the timer looks at it when it fires.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "base/task.hpp"

namespace odeon::http::client {

// Used on the loop of `executor` only.
class Deadline {
 public:
  // `on_expiry` is called at most once, on the loop.
  Deadline(asio::any_io_executor executor, std::function<void()> on_expiry);
  Deadline(const Deadline&) = delete;
  ~Deadline();

  // From the next `set` on nothing is due later than `then`, paused or not, until it is cleared.
  void end_at(std::chrono::steady_clock::time_point then);
  void set(std::chrono::milliseconds from_now);
  // Nothing is due any more but the end; the timer stays, so that the next `set` is cheap.
  void pause();
  // Nothing is due and nothing keeps the loop alive.
  void clear();
  bool expired() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace odeon::http::client

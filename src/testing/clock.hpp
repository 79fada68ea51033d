// A clock that stands still until a test moves it.
#pragma once

#include <list>
#include <memory>
#include <mutex>

#include "base/time.hpp"

namespace odeon::testing {

// Starts at 2026-11-20T07:30:00Z. Thread-safe.
class FakeClock final : public Clock {
 public:
  Instant now() const override;
  Task<void> sleep_until(Instant when) override;
  // Moves the time and wakes whoever slept until then.
  void advance(Micros duration);
  // How many sleep now: lets a test wait until a loop has gone to sleep.
  std::size_t sleepers() const;

 private:
  struct Sleeper;
  mutable std::mutex mutex_;
  Instant now_ = Instant(std::chrono::seconds(1795159800));
  std::list<std::shared_ptr<Sleeper>> sleepers_;
};

}  // namespace odeon::testing

// What is counted when somebody looks, and takes too long for every look.
#pragma once

#include <atomic>

#include "base/time.hpp"

namespace odeon::server {

// Whether it is due. Thread-safe.
class Seldom {
 public:
  // It is due every `pause`, and `again` after it failed.
  Seldom(Micros pause, Micros again) : pause_(pause), again_(again) {}
  // True for one of those who ask when it is due.
  bool begin(Instant now) {
    Instant due = next_.load();
    return now >= due && next_.compare_exchange_strong(due, now + pause_);
  }
  void failed(Instant now) { next_ = now + again_; }

 private:
  const Micros pause_, again_;
  std::atomic<Instant> next_{};
};

}  // namespace odeon::server

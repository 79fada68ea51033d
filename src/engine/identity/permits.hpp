// At most so many at once, over all loops; those who come later wait in order.
#pragma once

#include <deque>
#include <memory>
#include <mutex>

#include "engine/coordination/wakeup.hpp"

namespace odeon::identity {

// Thread-safe. Outlives its permits and those who wait.
class Permits {
 public:
  Permits(std::size_t at_once, std::size_t max_waiting) : free_(at_once), max_waiting_(max_waiting) {}

  // Gives back its place when it dies.
  class Permit {
   public:
    explicit Permit(Permits& permits) : permits_(&permits) {}
    Permit(Permit&& other) noexcept : permits_(std::exchange(other.permits_, nullptr)) {}
    ~Permit() {
      if (permits_ != nullptr) permits_->give_back();
    }
    Permit& operator=(Permit&&) = delete;

   private:
    Permits* permits_;
  };

  // Throws Error{unavailable} when too many wait already.
  Task<Permit> take();

 private:
  void give_back();

  std::mutex mutex_;
  std::size_t free_;
  std::size_t max_waiting_;
  std::deque<std::shared_ptr<coordination::Wakeup>> waiting_;  // whoever leaves it by a wake has a place
};

}  // namespace odeon::identity

#include "engine/identity/permits.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace odeon::identity {

Task<Permits::Permit> Permits::take() {
  auto wakeup = std::make_shared<coordination::Wakeup>(co_await asio::this_coro::executor);
  {
    std::lock_guard lock(mutex_);
    if (free_ > 0) {
      --free_;
      co_return Permit(*this);
    }
    if (waiting_.size() >= max_waiting_)
      throw Error(Fault::unavailable, "BUSY", "Too many people sign in just now. Try again in a moment.")
          .with_retry_after(std::chrono::seconds(2));
    waiting_.push_back(wakeup);
  }
  std::exception_ptr cancelled;
  try {
    co_await wakeup->wait();
  } catch (...) {
    cancelled = std::current_exception();
  }
  if (!cancelled) co_return Permit(*this);
  {
    std::lock_guard lock(mutex_);
    if (std::erase(waiting_, wakeup) > 0) std::rethrow_exception(cancelled);
  }
  give_back();  // it was given a place in the same moment
  std::rethrow_exception(cancelled);
}

void Permits::give_back() {
  std::shared_ptr<coordination::Wakeup> next;
  {
    std::lock_guard lock(mutex_);
    if (waiting_.empty()) {
      ++free_;
      return;
    }
    next = std::move(waiting_.front());
    waiting_.pop_front();
  }
  coordination::Wakeup::wake(std::move(next));
}

}  // namespace odeon::identity

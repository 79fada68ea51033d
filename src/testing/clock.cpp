#include "testing/clock.hpp"

namespace odeon::testing {

struct FakeClock::Sleeper {
  Instant until;
  asio::steady_timer timer;
};

Instant FakeClock::now() const {
  std::lock_guard lock(mutex_);
  return now_;
}

Task<void> FakeClock::sleep_until(Instant when) {
  // Leaves the list when its frame goes, also with a loop that is torn down around it.
  struct Stay {
    FakeClock& clock;
    std::shared_ptr<Sleeper> sleeper;
    ~Stay() {
      std::lock_guard lock(clock.mutex_);
      clock.sleepers_.remove(sleeper);
    }
  };
  auto executor = co_await asio::this_coro::executor;
  const Stay stay{*this,
                  std::make_shared<Sleeper>(when, asio::steady_timer(executor, asio::steady_timer::time_point::max()))};
  {
    std::lock_guard lock(mutex_);
    if (when <= now_) co_return;
    sleepers_.push_back(stay.sleeper);
  }
  boost::system::error_code outcome;
  co_await stay.sleeper->timer.async_wait(asio::redirect_error(asio::use_awaitable, outcome));
  {
    std::lock_guard lock(mutex_);
    if (now_ >= when) co_return;
  }
  throw boost::system::system_error(asio::error::operation_aborted);
}

void FakeClock::advance(Micros duration) {
  std::lock_guard lock(mutex_);
  now_ += duration;
  for (auto& sleeper : sleepers_)
    if (sleeper->until <= now_) asio::post(sleeper->timer.get_executor(), [sleeper] { sleeper->timer.cancel(); });
}

std::size_t FakeClock::sleepers() const {
  std::lock_guard lock(mutex_);
  return sleepers_.size();
}

}  // namespace odeon::testing

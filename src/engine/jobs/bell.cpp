#include "engine/jobs/bell.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace odeon::jobs {
namespace {

constexpr Micros kLongest = std::chrono::hours(1);  // the end of time is more than timers can hold

}  // namespace

// Holds no timer of its own between waits: a bell may outlive its loop, a timer may not.
struct Bell::State {
  explicit State(asio::any_io_executor executor) : executor(std::move(executor)) {}
  asio::any_io_executor executor;
  asio::steady_timer* waiting = nullptr;  // on the loop
  bool rung = false;                      // on the loop
  std::atomic<bool> on_way = false;       // a ring is posted and not yet heard

  static Task<void> rung_once(std::shared_ptr<State> state) {
    if (state->rung) co_return;
    struct Wait {
      explicit Wait(std::shared_ptr<State> of)
          : state(std::move(of)), timer(state->executor, asio::steady_timer::time_point::max()) {
        state->waiting = &timer;
      }
      ~Wait() { state->waiting = nullptr; }
      std::shared_ptr<State> state;
      asio::steady_timer timer;
    } wait(std::move(state));
    boost::system::error_code ended;
    co_await wait.timer.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  }
};

Bell::Bell(asio::any_io_executor executor) : state_(std::make_shared<State>(std::move(executor))) {}

void Bell::ring() {
  if (state_->on_way.exchange(true)) return;
  asio::post(state_->executor, [state = state_] {
    state->on_way = false;
    state->rung = true;
    if (state->waiting != nullptr) state->waiting->cancel();
  });
}

Task<void> Bell::wait() {
  const auto state = state_;
  co_await State::rung_once(state);
  state->rung = false;
}

Task<void> Bell::wait_until(Clock& clock, Instant deadline) {
  using namespace asio::experimental::awaitable_operators;
  const auto state = state_;
  deadline = std::min(deadline, clock.now() + kLongest);
  if (!state->rung) co_await (clock.sleep_until(deadline) || State::rung_once(state));
  state->rung = false;
}

}  // namespace odeon::jobs

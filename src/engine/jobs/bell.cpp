#include "engine/jobs/bell.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace odeon::jobs {
namespace {

constexpr Micros kLongest = std::chrono::hours(1);  // the end of time is more than timers can hold

}  // namespace

struct Bell::State {
  explicit State(asio::any_io_executor executor) : timer(executor, asio::steady_timer::time_point::max()) {}
  asio::steady_timer timer;
  bool rung = false;                 // on the loop
  std::atomic<bool> on_way = false;  // a ring is posted and not yet heard

  static Task<void> rung_once(std::shared_ptr<State> state) {
    boost::system::error_code ended;
    if (!state->rung) co_await state->timer.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  }
};

Bell::Bell(asio::any_io_executor executor) : state_(std::make_shared<State>(std::move(executor))) {}

void Bell::ring() {
  if (state_->on_way.exchange(true)) return;
  asio::post(state_->timer.get_executor(), [state = state_] {
    state->on_way = false;
    state->rung = true;
    state->timer.cancel();
  });
}

Task<void> Bell::wait_until(Clock& clock, Instant deadline) {
  using namespace asio::experimental::awaitable_operators;
  const auto state = state_;
  deadline = std::min(deadline, clock.now() + kLongest);
  if (!state->rung) co_await (clock.sleep_until(deadline) || State::rung_once(state));
  state->rung = false;
}

}  // namespace odeon::jobs

#include "engine/http/client_deadline.hpp"

namespace odeon::http::client {

using SteadyClock = std::chrono::steady_clock;
constexpr auto kNever = SteadyClock::time_point::max();

struct Deadline::State : std::enable_shared_from_this<State> {
  State(asio::any_io_executor executor, std::function<void()> call) : timer(executor), on_expiry(std::move(call)) {}

  asio::steady_timer timer;
  std::function<void()> on_expiry;
  SteadyClock::time_point due = kNever, end = kNever;
  bool armed = false;
  bool expired = false;

  void arm() {
    armed = true;
    timer.expires_at(due);
    timer.async_wait([self = shared_from_this()](boost::system::error_code cancelled) {
      if (!cancelled) self->fired();
    });
  }

  // May run once more after `clear`, when it was on its way already.
  void fired() {
    armed = false;
    if (due == kNever) return;
    if (SteadyClock::now() < due) return arm();
    expired = true;
    due = kNever;
    on_expiry();
  }
};

Deadline::Deadline(asio::any_io_executor executor, std::function<void()> on_expiry)
    : state_(std::make_shared<State>(std::move(executor), std::move(on_expiry))) {}

Deadline::~Deadline() {
  clear();
}

void Deadline::end_at(SteadyClock::time_point then) {
  state_->end = then;
}

void Deadline::set(std::chrono::milliseconds from_now) {
  state_->due = std::min(SteadyClock::now() + from_now, state_->end);
  if (!state_->armed || state_->timer.expiry() > state_->due) state_->arm();
}

void Deadline::pause() {
  state_->due = state_->end;
}

void Deadline::clear() {
  state_->due = state_->end = kNever;
  state_->armed = false;
  state_->timer.cancel();
}

bool Deadline::expired() const {
  return state_->expired;
}

}  // namespace odeon::http::client

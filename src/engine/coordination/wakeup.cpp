#include "engine/coordination/wakeup.hpp"

#include <boost/asio/executor_work_guard.hpp>

namespace odeon::coordination {

Wakeup::Wakeup(asio::any_io_executor executor, Time until) : timer_(executor, until) {}

Task<void> Wakeup::wait() {
  while (!woken_) {
    boost::system::error_code ended;
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    if (woken_ || !ended) co_return;
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) throw boost::system::system_error(ended);
  }
}

void Wakeup::wake(std::shared_ptr<Wakeup> sleeper) {
  // The guard outlives the post: the loop may end, and go, as soon as it is woken.
  const auto guard = asio::make_work_guard(sleeper->timer_.get_executor());
  asio::post(guard.get_executor(), [sleeper = std::move(sleeper)] {
    sleeper->woken_ = true;
    sleeper->timer_.cancel();
  });
}

}  // namespace odeon::coordination

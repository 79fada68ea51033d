// Long work on a pool that ends early when the task awaiting it is cancelled: what run_blocking leaves
// to its work, this hands it as a stop token.
#pragma once

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <stop_token>

#include "base/task.hpp"

namespace odeon {

// Runs `fn(std::stop_token)`, which must not return void, on the pool. Returns only when `fn` has ended,
// so it may refer to what the caller owns. Throws operation_aborted after a cancel, else what `fn` threw.
template <class Fn>
Task<std::invoke_result_t<Fn&, std::stop_token>> run_stoppable(ThreadPool& pool, Fn fn) {
  using namespace asio::experimental::awaitable_operators;
  std::stop_source stop;
  auto work = [fn = std::move(fn), token = stop.get_token()]() mutable { return fn(token); };
  auto ask_to_stop = [](std::stop_source stop) -> Task<void> {
    asio::steady_timer cancelled(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
    boost::system::error_code ignored;
    co_await cancelled.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    stop.request_stop();
  };
  auto outcome = co_await (settle(run_blocking(pool, std::move(work))) || ask_to_stop(stop));
  if (outcome.index() == 1) throw boost::system::system_error(asio::error::operation_aborted);
  auto& settled = std::get<0>(outcome);
  if (!settled) std::rethrow_exception(settled.error());
  co_return std::move(*settled);
}

}  // namespace odeon

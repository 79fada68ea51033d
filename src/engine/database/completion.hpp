// How a coroutine waits for something that another thread does for it, and how that thread tells many of
// them at once that it is done.
#pragma once

#include <boost/asio/associated_cancellation_slot.hpp>
#include <exception>
#include <optional>
#include <vector>

#include "base/task.hpp"

namespace odeon::database {

// Lives in the frame of the coroutine that waits for it, so the thread lets go of it before the coroutine
// goes on.
struct Pending {
  using Handler = asio::async_result<asio::use_awaitable_t<>, void()>::handler_type;
  std::exception_ptr failure;
  std::optional<Handler> handler;
};

// Hands finished requests back, those of one executor by one post.
class Completions {
 public:
  // From here on `request` belongs to its coroutine, which goes on after the next flush.
  void add(Pending& request);
  void fail(Pending& request, std::exception_ptr failure) {
    request.failure = std::move(failure);
    add(request);
  }
  void flush() noexcept;

 private:
  struct Batch {
    asio::any_io_executor executor;
    asio::any_io_executor work;  // keeps the loop from ending, and dying, while it is being told
    std::vector<Pending::Handler> handlers;
  };
  std::vector<Batch> batches_;
};

// Awaits `request`: `queue.submit(request)` starts it; a cancellation calls `queue.withdraw(request)`,
// which may end it early, and is otherwise without effect until the end.
template <class Queue, class Request>
Task<void> completion(Queue& queue, Request& request) {
  return asio::async_initiate<const asio::use_awaitable_t<>, void()>(
      [&queue, &request](auto handler) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        request.handler.emplace(std::move(handler));
        if (slot.is_connected()) slot.assign([&queue, &request](asio::cancellation_type) { queue.withdraw(request); });
        queue.submit(request);
      },
      asio::use_awaitable);
}

}  // namespace odeon::database

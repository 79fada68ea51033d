// A statement on its way to a database thread and back. It lives in the frame of the coroutine that
// waits for it, so the thread lets go of it before the coroutine goes on.
#pragma once

#include <boost/asio/associated_cancellation_slot.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.hpp"
#include "engine/database/database.hpp"

namespace odeon::database::sqlite {

struct Scope;  // what the writer knows of one transaction

struct Request {
  using Handler = asio::async_result<asio::use_awaitable_t<>, void()>::handler_type;
  enum class Kind { statement, script, commit };

  Kind kind = Kind::statement;
  std::string_view sql;  // a literal, or a script that outlives the request
  std::vector<Values> batches;
  RowSink* sink = nullptr;
  std::shared_ptr<Scope> scope;  // none: the statement is on its own

  std::int64_t changed = 0;
  std::exception_ptr failure;
  std::optional<Handler> handler;
};

// Hands finished requests back, those of one executor by one post.
class Completions {
 public:
  // From here on `request` belongs to its coroutine, which goes on after the next flush.
  void add(Request& request);
  void fail(Request& request, std::exception_ptr failure) {
    request.failure = std::move(failure);
    add(request);
  }
  void flush() noexcept;

 private:
  struct Batch {
    asio::any_io_executor executor;
    asio::any_io_executor work;  // keeps the loop from ending, and dying, while it is being told
    std::vector<Request::Handler> handlers;
  };
  std::vector<Batch> batches_;
};

// Awaits `request`: `queue.submit(request)` starts it; a cancellation calls `queue.withdraw(request)`,
// which takes it back if nobody has begun it, and is otherwise without effect until the end.
template <class Queue>
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

}  // namespace odeon::database::sqlite

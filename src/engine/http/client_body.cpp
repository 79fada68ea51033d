#include "engine/http/client_body.hpp"

#include "engine/http/client_errors.hpp"

namespace odeon::http::client {

AnswerBody::AnswerBody(std::unique_ptr<Connection> connection, std::shared_ptr<Pool> pool, BodyEnd end,
                       std::uint64_t length, std::chrono::milliseconds idle_time)
    : connection_(std::move(connection)),
      pool_(std::move(pool)),
      end_(end),
      ended_(end == BodyEnd::none),
      left_(length),
      idle_time_(idle_time) {
  connection_->deadline().pause();
  if (ended_) release(std::move(connection_));
}

Task<std::size_t> AnswerBody::read(std::span<char> into) {
  if (ended_) co_return 0;
  // Held here, so that a failure or a cancellation closes it.
  std::unique_ptr<Connection> connection = std::move(connection_);
  if (!connection) throw bad_answer("TRUNCATED_ANSWER", "read on after a failure");

  connection->deadline().set(idle_time_);
  const std::size_t count = co_await read_from(*connection, into);
  connection->deadline().pause();
  if (ended_)
    release(std::move(connection));
  else
    connection_ = std::move(connection);
  co_return count;
}

Task<std::size_t> AnswerBody::read_from(Connection& connection, std::span<char> into) {
  if (end_ == BodyEnd::length) into = into.first(static_cast<std::size_t>(std::min<std::uint64_t>(left_, into.size())));
  for (;;) {
    const std::size_t count = co_await connection.read_some(into);
    if (count == 0 && end_ != BodyEnd::close)
      throw bad_answer("TRUNCATED_ANSWER", connection.origin() + ": ended within the body");
    if (end_ == BodyEnd::close) {
      ended_ = count == 0;
      co_return count;
    }
    if (end_ == BodyEnd::length) {
      left_ -= count;
      ended_ = left_ == 0;
      co_return count;
    }
    const std::size_t content = chunks_.decode(into.first(count));
    ended_ = chunks_.ended();
    if (content > 0 || ended_) co_return content;
  }
}

void AnswerBody::release(std::unique_ptr<Connection> connection) {
  if (pool_ && !connection->has_surplus() && !chunks_.overran()) pool_->put(std::move(connection));
}

}  // namespace odeon::http::client

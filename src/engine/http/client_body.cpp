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

  if (end_ == BodyEnd::length) into = into.first(static_cast<std::size_t>(std::min<std::uint64_t>(left_, into.size())));
  std::size_t content = 0;
  connection->deadline().set(idle_time_);
  do {
    std::size_t count = connection->take_received(into);
    if (count == 0) count = connection->bytes_of_body(co_await connection->wire().read_some(into));
    content = content_of(into.first(count), connection->origin());
  } while (content == 0 && !ended_);
  connection->deadline().pause();
  if (ended_)
    release(std::move(connection));
  else
    connection_ = std::move(connection);
  co_return content;
}

// How much of what was read is content. Notes the end.
std::size_t AnswerBody::content_of(std::span<char> bytes, const std::string& origin) {
  if (end_ == BodyEnd::close) {
    ended_ = bytes.empty();
    return bytes.size();
  }
  if (bytes.empty()) throw bad_answer("TRUNCATED_ANSWER", origin + ": ended within the body");
  if (end_ == BodyEnd::length) {
    left_ -= bytes.size();
    ended_ = left_ == 0;
    return bytes.size();
  }
  const std::size_t content = chunks_.decode(bytes);
  ended_ = chunks_.ended();
  return content;
}

void AnswerBody::release(std::unique_ptr<Connection> connection) {
  if (pool_ && !connection->has_surplus() && !chunks_.overran()) pool_->put(std::move(connection));
}

}  // namespace odeon::http::client

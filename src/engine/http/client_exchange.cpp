#include "engine/http/client_exchange.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace odeon::http::client {
namespace {

constexpr std::size_t kJoinedBody = 16 * 1024;  // bodies up to this size go out with the header in one write
constexpr std::size_t kPiece = 16 * 1024;

// Sends what one write could not take, while somebody else watches for an early answer.
struct Sender {
  Connection& connection;
  std::chrono::milliseconds answer_time;
  ByteSource* stream;
  std::exception_ptr stream_failure;
  bool finished = false;

  Task<void> write(std::string_view bytes) {
    while (!bytes.empty()) {
      connection.deadline().set(answer_time);
      bytes.remove_prefix(co_await connection.wire().write_some(bytes));
    }
  }

  Task<std::size_t> next_piece(std::span<char> into) {
    std::size_t count = 0;
    connection.deadline().pause();
    try {
      count = co_await stream->read(into);
    } catch (...) {
      stream_failure = std::current_exception();
    }
    co_return count;
  }

  // Every piece leaves as one chunk: "2a0f" CR LF, the bytes, CR LF.
  Task<void> write_stream() {
    constexpr std::size_t kSize = 6, kEnd = 2;
    std::vector<char> piece(kSize + kPiece + kEnd);
    while (const std::size_t count = co_await next_piece(std::span(piece).subspan(kSize, kPiece))) {
      fmt::format_to_n(piece.data(), kSize, "{:04x}\r\n", count);
      std::ranges::copy(std::string_view("\r\n"), piece.data() + kSize + count);
      co_await write({piece.data(), kSize + count + kEnd});
    }
    if (!stream_failure) co_await write("0\r\n\r\n");
  }

  // A connection that breaks while sending may still hold an answer, so that is no failure yet.
  Task<void> send(std::string_view first, std::string_view second) {
    try {
      co_await write(first);
      co_await write(second);
      if (stream) co_await write_stream();
      finished = !stream_failure;
    } catch (const boost::system::system_error&) {
    }
  }

  // Whatever stops it shows again when the answer is read.
  Task<void> watch() {
    try {
      co_await connection.await_head();
    } catch (const std::exception&) {
    }
  }
};

}  // namespace

Task<std::optional<Exchange>> exchange(Connection& connection, const ClientRequest& request, std::string head,
                                       std::chrono::milliseconds answer_time, std::size_t max_head_bytes) {
  using namespace asio::experimental::awaitable_operators;
  std::string_view rest = request.stream ? std::string_view() : request.body;
  if (rest.size() <= kJoinedBody) head.append(std::exchange(rest, {}));

  connection.begin(request.method, max_head_bytes);
  const std::optional<std::size_t> at_once = connection.wire().try_write(head);
  bool sent_whole = at_once == head.size() && rest.empty() && !request.stream;
  if (at_once && !sent_whole) {
    Sender sender{connection, answer_time, request.stream.get()};
    const auto first = co_await (sender.send(std::string_view(head).substr(*at_once), rest) || sender.watch());
    // After an early answer, a failure of the stream is only our own cancellation of it.
    if (first.index() == 0 && sender.stream_failure) std::rethrow_exception(sender.stream_failure);
    sent_whole = sender.finished;
  }
  if (sent_whole && request.sent != nullptr) *request.sent = true;
  connection.deadline().set(answer_time);
  if (!co_await connection.await_head()) co_return std::nullopt;
  co_return Exchange{connection.take_head(), sent_whole};
}

}  // namespace odeon::http::client

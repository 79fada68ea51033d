#include "engine/http/websocket.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <deque>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "engine/http/respond.hpp"
#include "engine/http/tls_state.hpp"

namespace odeon::http {
namespace {

namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;

constexpr std::chrono::seconds kCloseTime{3};
constexpr std::size_t kMaxReason = 123;

// A write that is cut half-way would break the stream for all who write: it is never cancelled alone.
auto uncancelled(error_code& failure) {
  return asio::redirect_error(asio::bind_cancellation_slot(asio::cancellation_slot(), asio::use_awaitable), failure);
}

template <class Stream>
class BeastSocket final : public OpenSocket {
 public:
  BeastSocket(Connection& connection, Stream& stream)
      : connection_(connection),
        options_(connection.loop().options()),
        executor_(stream.get_executor()),
        ws_(stream),
        arrived_(executor_),
        room_(executor_),
        turn_(executor_),
        tasks_([&log = connection.loop().shared().log](const std::string& name, std::exception_ptr failure) {
          log.error("http.socket_failed", {{"task", name}, {"detail", describe(failure)}});
        }) {}

  Task<void> accept(const Request& request, Headers headers) {
    websocket::stream_base::timeout timeout{kCloseTime, websocket::stream_base::none(), false};
    ws_.set_option(timeout);
    ws_.read_message_max(options_.max_socket_message_bytes);
    ws_.auto_fragment(false);
    ws_.set_option(websocket::stream_base::decorator([headers = std::move(headers)](websocket::response_type& answer) {
      for (const auto& [name, value] : headers)
        if (!answer.count(name)) answer.set(name, value);
      answer.set(beast::http::field::server, "odeon");
    }));
    ws_.control_callback([this](websocket::frame_type, beast::string_view) { heard_ = true; });
    beast::http::request<beast::http::empty_body> upgrade(beast::http::verb::get, request.target, 11);
    for (const auto& [name, value] : request.headers) upgrade.insert(name, value);
    co_await ws_.async_accept(upgrade, asio::use_awaitable);
  }

  void start() {
    tasks_.spawn(executor_, "websocket.read", read());
    tasks_.spawn(executor_, "websocket.watch", watch());
  }

  // The socket is closed when this is called.
  Task<void> stop() { return tasks_.stop(); }

  Task<std::optional<SocketMessage>> receive() override {
    {
      const Receiving counted(receiving_);
      while (inbox_.empty() && !ended_) co_await arrived_.wait();
    }
    if (!inbox_.empty()) {
      SocketMessage message = std::move(inbox_.front());
      inbox_.pop_front();
      inbox_bytes_ -= cost(message);
      room_.notify();
      co_return message;
    }
    if (end_ == websocket::error::message_too_big)
      throw Error(Fault::too_large, "MESSAGE_TOO_LARGE", "The message is too large.");
    co_return std::nullopt;
  }

  Task<void> send(SocketMessage message) override {
    const Place place = co_await take_turn();
    require_open();
    ws_.binary(message.binary);
    error_code failure;
    co_await ws_.async_write(asio::buffer(message.data), uncancelled(failure));
    if (failure) throw boost::system::system_error(failure);
  }

  Task<void> close(std::uint16_t code, std::string reason) override {
    const Place place = co_await take_turn();
    if (ended_ || closing_) co_return;
    closing_ = true;
    room_.notify();
    std::string_view shown = reason;
    while (shown.size() > kMaxReason) shown = text::prefix(shown, std::min(text::length(shown) - 1, kMaxReason));
    error_code ignored;  // of a peer that does not answer in time, or is gone
    co_await ws_.async_close(websocket::close_reason(static_cast<websocket::close_code>(code), shown),
                             uncancelled(ignored));
  }

  void go_away() override { tasks_.spawn(executor_, "websocket.go_away", close(1001, "The server stops.")); }

 private:
  // Writers go one after the other, in the order in which they came.
  struct Place {
    Place(BeastSocket& socket, std::uint64_t number) : socket(&socket), number(number) {}
    Place(Place&& other) noexcept : socket(std::exchange(other.socket, nullptr)), number(other.number) {}
    ~Place() {
      if (!socket) return;
      std::erase(socket->queue_, number);
      socket->turn_.notify();
    }
    BeastSocket* socket;
    std::uint64_t number;
  };

  struct Receiving {
    explicit Receiving(std::size_t& count) : count(count) { ++count; }
    ~Receiving() { --count; }
    std::size_t& count;
  };

  static std::size_t cost(const SocketMessage& message) { return message.data.size() + sizeof message; }

  Task<Place> take_turn() {
    Place place(*this, next_place_++);
    queue_.push_back(place.number);
    while (queue_.front() != place.number) co_await turn_.wait();
    co_return place;
  }

  void require_open() const {
    if (ended_ || closing_) throw boost::system::system_error(websocket::make_error_code(websocket::error::closed));
  }

  // Reads all the time, so that pings, pongs and the end are noticed while nobody receives; but never
  // more than one message's worth ahead.
  Task<void> read() {
    while (!end_) {
      while (!closing_ && !inbox_.empty() && inbox_bytes_ >= options_.max_socket_message_bytes) {
        full_ = true;
        co_await room_.wait();
      }
      full_ = false;
      SocketMessage message;
      auto buffer = asio::dynamic_buffer(message.data);
      do {
        co_await ws_.async_read_some(buffer, 64 * 1024, asio::redirect_error(asio::use_awaitable, end_));
        heard_ = true;
      } while (!end_ && !ws_.is_message_done());
      if (end_) break;
      message.binary = ws_.got_binary();
      inbox_bytes_ += cost(message);
      inbox_.push_back(std::move(message));
      arrived_.notify();
    }
    ended_ = true;
    arrived_.notify();
    // Whoever waits for a message sees the end; other work was only for this client.
    if (receiving_ == 0 && inbox_.empty() && !closing_) connection_.cancel();
  }

  Task<void> watch() {
    asio::steady_timer timer(executor_);
    for (int silent = 0; !ended_;) {
      timer.expires_after(options_.ping_interval);
      co_await timer.async_wait(asio::use_awaitable);
      // While our own side is behind, the peer's silence means nothing.
      silent = heard_ || full_ ? 0 : silent + 1;
      heard_ = false;
      if (silent >= 2) {
        error_code ignored;
        connection_.transport().socket().shutdown(Transport::Socket::shutdown_both, ignored);
        co_return;
      }
      if (!pinging_ && !closing_) tasks_.spawn(executor_, "websocket.ping", ping());
    }
  }

  Task<void> ping() {
    pinging_ = true;
    error_code ignored;  // the reader sees the same
    co_await ws_.async_ping({}, uncancelled(ignored));
    pinging_ = false;
  }

  Connection& connection_;
  const ServerOptions& options_;
  asio::any_io_executor executor_;
  websocket::stream<Stream&> ws_;
  std::deque<SocketMessage> inbox_;
  std::size_t inbox_bytes_ = 0;
  std::size_t receiving_ = 0;
  std::deque<std::uint64_t> queue_;
  std::uint64_t next_place_ = 0;
  error_code end_;
  bool ended_ = false;
  bool closing_ = false;
  bool heard_ = true;
  bool full_ = false;
  bool pinging_ = false;
  Wakeup arrived_, room_, turn_;
  TaskGroup tasks_;
};

// How the body ended decides about the close code.
Task<void> close_after(OpenSocket& socket, Connection& connection, const Request& request, std::exception_ptr failure) {
  std::uint16_t code = 1000;
  std::string reason;
  if (failure) {
    code = 1011;
    try {
      std::rethrow_exception(failure);
    } catch (const Error& error) {
      reason = error.message;
    } catch (const boost::system::system_error&) {
      co_return;  // the peer broke it off
    } catch (...) {
      connection.loop().shared().log.error(
          "http.socket_failed", {{"request", request.id}, {"path", request.path}, {"detail", describe(failure)}});
    }
  }
  co_await socket.close(code, reason);
}

// Counts a socket while it is open.
struct Active {
  explicit Active(Metrics::Gauge sockets) : sockets(sockets) { sockets.add(1); }
  Active(const Active&) = delete;
  Active& operator=(const Active&) = delete;
  ~Active() { sockets.add(-1); }
  Metrics::Gauge sockets;
};

template <class Stream>
Task<void> run_on(Connection& connection, Stream& stream, const Request& request, Headers headers, SocketBody body) {
  auto socket = std::make_shared<BeastSocket<Stream>>(connection, stream);
  co_await socket->accept(request, std::move(headers));
  const Active active(connection.loop().shared().sockets);
  socket->start();
  connection.set_socket(socket);
  std::exception_ptr failure;
  try {
    co_await body(*socket);
  } catch (...) {
    failure = std::current_exception();
  }
  co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
  try {
    if (!connection.is_gone()) co_await close_after(*socket, connection, request, failure);
  } catch (const boost::system::system_error&) {
    failure = nullptr;  // cut off while closing: it is closed
  }
  connection.set_socket(nullptr);
  connection.close();
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  co_await socket->stop();
}

}  // namespace

Task<void> run_socket(Connection& connection, const Request& request, Headers headers, SocketBody body) {
  co_await connection.write();
  co_await connection.stop_watching();
  if (!connection.input().empty()) {
    // A client must wait for the answer before it sends frames.
    Response response = refusal_response({400, "Frames came before the upgrade."});
    co_await respond(connection, request, {}, response, false);
    co_return;
  }
  if (TlsStream* tls = connection.transport().tls())
    co_await run_on(connection, tls->state().stream, request, std::move(headers), std::move(body));
  else
    co_await run_on(connection, connection.transport().socket(), request, std::move(headers), std::move(body));
}

}  // namespace odeon::http

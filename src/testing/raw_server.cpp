#include "testing/raw_server.hpp"

#include <sys/socket.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <cstdlib>

#include "base/text.hpp"

namespace odeon::testing {

using asio::ip::tcp;
using boost::system::error_code;
using boost::system::system_error;

struct RawServer::State {
  State(asio::any_io_executor on, std::optional<Certificate> certificate)
      : executor(on),
        acceptor(on, {asio::ip::address_v4::loopback(), 0}),
        changed(on, asio::steady_timer::time_point::max()) {
    if (!certificate) return;
    tls.emplace(asio::ssl::context::tls_server);
    tls->use_certificate_chain(asio::buffer(certificate->certificate));
    tls->use_private_key(asio::buffer(certificate->key), asio::ssl::context::pem);
  }

  asio::any_io_executor executor;
  tcp::acceptor acceptor;
  std::optional<asio::ssl::context> tls;
  asio::steady_timer changed;
  std::deque<RawScript> scripts;
  RawScript last_script;
  std::size_t connections = 0, closed_by_peer = 0;
  std::vector<std::string> heads, bodies;
  TaskGroup tasks{nullptr};

  Task<void> accept() {
    for (;;) {
      tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
      socket.set_option(tcp::no_delay(true));
      ++connections;
      changed.cancel();
      if (!scripts.empty()) {
        last_script = std::move(scripts.front());
        scripts.pop_front();
      }
      tasks.spawn(executor, "connection", serve(std::move(socket), last_script));
    }
  }

  // A peer that goes away in the middle is what many tests are about, so it is no failure.
  Task<void> serve(tcp::socket socket, RawScript script) {
    try {
      if (tls) {
        asio::ssl::stream<tcp::socket&> stream(socket, *tls);
        co_await stream.async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
        co_await play(stream, socket, std::move(script));
      } else {
        co_await play(socket, socket, std::move(script));
      }
    } catch (const system_error& gone) {
      if (gone.code() != asio::error::operation_aborted) note_closed();
    }
  }

  void note_closed() {
    ++closed_by_peer;
    changed.cancel();
  }

  template <class Stream>
  Task<void> play(Stream& stream, tcp::socket& socket, RawScript script);
};

namespace {

Task<void> end_politely(tcp::socket&) {
  co_return;
}
Task<void> end_politely(asio::ssl::stream<tcp::socket&>& stream) {
  error_code ignored;
  co_await stream.async_shutdown(asio::redirect_error(asio::use_awaitable, ignored));
}

std::size_t length_in(const std::string& head) {
  constexpr std::string_view kField = "content-length:";
  const auto at = text::to_lower(head).find(kField);
  return at == std::string::npos ? 0 : std::strtoul(head.c_str() + at + kField.size(), nullptr, 10);
}

// What a connection has sent so far and no step took yet. Reading past the end throws.
template <class Stream>
struct Reader {
  Stream& stream;
  std::string bytes;
  std::string last_head;

  Task<void> more() {
    std::array<char, 16384> buffer;
    const std::size_t count = co_await stream.async_read_some(asio::buffer(buffer), asio::use_awaitable);
    bytes.append(buffer.data(), count);
  }
  Task<std::string> take(std::size_t count) {
    while (bytes.size() < count) co_await more();
    std::string taken = bytes.substr(0, count);
    bytes.erase(0, count);
    co_return taken;
  }
  Task<std::string> take_head() {
    while (!bytes.contains("\r\n\r\n")) co_await more();
    co_return co_await take(bytes.find("\r\n\r\n") + 4);
  }
  Task<std::string> take_all() {
    try {
      for (;;) co_await more();
    } catch (const system_error& end) {
      if (end.code() == asio::error::operation_aborted) throw;
    }
    co_return std::exchange(bytes, {});
  }
};

}  // namespace

template <class Stream>
Task<void> RawServer::State::play(Stream& stream, tcp::socket& socket, RawScript script) {
  Reader<Stream> reader{stream};
  for (RawStep& step : script) {
    if (std::holds_alternative<raw::ReadHead>(step)) {
      heads.push_back(co_await reader.take_head());
      reader.last_head = heads.back();
      changed.cancel();
    } else if (std::holds_alternative<raw::ReadBody>(step)) {
      bodies.push_back(co_await reader.take(length_in(reader.last_head)));
      changed.cancel();
    } else if (auto* wanted = std::get_if<raw::ReadBytes>(&step)) {
      bodies.push_back(co_await reader.take(wanted->count));
      changed.cancel();
    } else if (std::holds_alternative<raw::ReadToEnd>(step)) {
      bodies.push_back(co_await reader.take_all());
      note_closed();
    } else if (auto* bytes = std::get_if<raw::Send>(&step)) {
      co_await asio::async_write(stream, asio::buffer(bytes->bytes), asio::use_awaitable);
      // Some turns of the loop, so that a reader on it takes this piece by itself.
      for (int turn = 0; turn < 4; ++turn) co_await asio::post(executor, asio::use_awaitable);
    } else if (auto* drops = std::get_if<raw::Trickle>(&step)) {
      for (;;) {
        co_await asio::async_write(stream, asio::buffer(drops->bytes), asio::use_awaitable);
        co_await sleep_on_loop(std::chrono::milliseconds(1));
      }
    } else if (auto* answer = std::get_if<raw::Answer>(&step)) {
      const std::string made = answer->make(reader.last_head);
      co_await asio::async_write(stream, asio::buffer(made), asio::use_awaitable);
    } else if (std::holds_alternative<raw::Reset>(step)) {
      socket.set_option(asio::socket_base::linger(true, 0));
      socket.close();
      co_return;
    } else if (std::holds_alternative<raw::Cut>(step)) {
      socket.shutdown(tcp::socket::shutdown_send);
      co_return;
    } else {
      break;
    }
  }
  co_await end_politely(stream);
}

RawServer::RawServer(asio::any_io_executor executor, std::optional<Certificate> tls)
    : state_(std::make_shared<State>(executor, std::move(tls))) {
  state_->tasks.spawn(executor, "accept", state_->accept());
}
RawServer::~RawServer() = default;

void RawServer::on_connection(RawScript script) {
  state_->scripts.push_back(std::move(script));
}
std::uint16_t RawServer::port() const {
  return state_->acceptor.local_endpoint().port();
}
std::string RawServer::url(const std::string& path, const std::string& host) const {
  return fmt::format("{}://{}:{}{}", state_->tls ? "https" : "http", host, port(), path);
}
std::size_t RawServer::connections() const {
  return state_->connections;
}
std::size_t RawServer::closed_by_peer() const {
  return state_->closed_by_peer;
}
const std::vector<std::string>& RawServer::heads() const {
  return state_->heads;
}
const std::vector<std::string>& RawServer::bodies() const {
  return state_->bodies;
}

Task<void> RawServer::until(std::function<bool(const RawServer&)> holds) {
  while (!holds(*this)) {
    error_code woken;
    co_await state_->changed.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
}

Task<void> RawServer::stop() {
  co_await state_->tasks.stop();
  state_->acceptor.close();
}

std::string http_answer(std::string_view status, std::string_view type, std::string_view body,
                        std::string_view headers) {
  return fmt::format("HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n{}\r\n{}", status, type, body.size(),
                     headers, body);
}

std::string json_answer(std::string_view status, std::string_view body, std::string_view headers) {
  return http_answer(status, "application/json; charset=UTF-8", body, headers);
}

RawScript send_in_pieces(const std::string& bytes, const std::vector<std::size_t>& cuts) {
  RawScript script;
  std::size_t from = 0;
  for (const std::size_t cut : cuts) {
    script.push_back(send(bytes.substr(from, cut - from)));
    from = cut;
  }
  script.push_back(send(bytes.substr(from)));
  return script;
}

}  // namespace odeon::testing

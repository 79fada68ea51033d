// A server on a free port and a client that speaks raw bytes, for the tests of the server.
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <condition_variable>
#include <future>
#include <map>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/text.hpp"
#include "engine/http/server.hpp"

namespace odeon::http {

// An answer as it came over the wire.
struct RawAnswer {
  unsigned status = 0;
  std::string head;
  std::string body;
  std::map<std::string, std::string> fields;  // names in lower case

  std::string field(const std::string& name) const {
    const auto found = fields.find(name);
    return found == fields.end() ? "" : found->second;
  }
};

class RawClient {
 public:
  explicit RawClient(std::uint16_t port, int receive_buffer = 0) : socket_(context_, asio::ip::tcp::v4()) {
    if (receive_buffer > 0) socket_.set_option(asio::socket_base::receive_buffer_size(receive_buffer));
    socket_.connect({asio::ip::address_v4::loopback(), port});
    // Nothing waits so long unless the server hangs; then the test fails instead of hanging with it.
    const timeval limit{20, 0};
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }

  void send(std::string_view bytes) {
    boost::system::error_code ignored;  // the server may close while we still send
    asio::write(socket_, asio::buffer(bytes), ignored);
  }
  void end_sending() { socket_.shutdown(asio::ip::tcp::socket::shutdown_send); }
  void close() { socket_.close(); }
  void reset() {
    socket_.set_option(asio::socket_base::linger(true, 0));
    socket_.close();
  }

  // False at the end of the stream.
  bool more() {
    std::array<char, 65536> buffer;
    const ssize_t count = ::recv(socket_.native_handle(), buffer.data(), buffer.size(), 0);
    was_reset_ = count < 0 && errno == ECONNRESET;
    timed_out_ |= count < 0 && errno == EAGAIN;
    if (count > 0) input_.append(buffer.data(), static_cast<std::size_t>(count));
    return count > 0;
  }
  std::string read_to_end() {
    while (more()) continue;
    EXPECT_FALSE(timed_out_) << "the server did not close";
    return std::exchange(input_, "");
  }
  bool was_reset() const { return was_reset_; }
  // Up to and with `mark`.
  std::string read_until(std::string_view mark) {
    std::size_t at = 0;
    while ((at = input_.find(mark)) == std::string::npos)
      if (!more()) return std::exchange(input_, "");
    std::string out = input_.substr(0, at + mark.size());
    input_.erase(0, out.size());
    return out;
  }
  std::string read_exactly(std::size_t count) {
    while (input_.size() < count && more()) continue;
    std::string out = input_.substr(0, count);
    input_.erase(0, out.size());
    return out;
  }

  RawAnswer answer(bool to_head = false) {
    RawAnswer out;
    out.head = read_until("\r\n\r\n");
    if (out.head.size() < 12) return out;
    out.status = static_cast<unsigned>(std::stoul(out.head.substr(9, 3)));
    for (std::string_view line : text::split(out.head, '\n')) {
      const std::size_t colon = line.find(':');
      if (colon == std::string_view::npos) continue;
      out.fields[text::to_lower(line.substr(0, colon))] = text::trim(line.substr(colon + 1));
    }
    if (to_head || out.status == 204 || out.status == 304 || out.status < 200) return out;
    if (out.field("transfer-encoding") == "chunked") {
      for (;;) {
        const std::string size = read_until("\r\n");
        if (size.empty()) break;
        const std::size_t count = std::stoul(size, nullptr, 16);
        const std::string chunk = read_exactly(count + 2);
        if (chunk.size() < count + 2) break;
        if (count == 0) return out;
        out.body += chunk.substr(0, count);
      }
      out.fields["truncated"] = "yes";
    } else if (!out.field("content-length").empty()) {
      out.body = read_exactly(std::stoul(out.field("content-length")));
    } else {
      out.body = read_to_end();
    }
    return out;
  }

  RawAnswer exchange(std::string_view bytes) {
    send(bytes);
    return answer();
  }

  asio::ip::tcp::socket& socket() { return socket_; }

 private:
  asio::io_context context_;
  asio::ip::tcp::socket socket_;
  std::string input_;
  bool was_reset_ = false;
  bool timed_out_ = false;
};

// Tells the test what happened on a loop.
class Signal {
 public:
  void raise(std::string what) {
    std::lock_guard lock(mutex_);
    raised_.push_back(std::move(what));
    changed_.notify_all();
  }
  // Whether it is raised, now or soon; each time counts once.
  bool await(const std::string& what) {
    std::unique_lock lock(mutex_);
    const auto find = [&] { return std::ranges::find(raised_, what); };
    if (!changed_.wait_for(lock, std::chrono::seconds(20), [&] { return find() != raised_.end(); })) return false;
    raised_.erase(find());
    return true;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> raised_;
};

// Runs a server from construction to destruction.
class TestServer {
 public:
  explicit TestServer(Handler on_request, ServerOptions options = {}, std::size_t loops = 1)
      : handler(std::move(on_request)),
        loops_(loops),
        server_(
            local(std::move(options)), loops_, [this](Request& request) { return handler(request); }, log_, metrics) {
    port = server_.start();
    loops_.start();
  }
  ~TestServer() { stop(std::chrono::milliseconds(0)); }
  void stop(std::chrono::milliseconds grace) { run_task(server_.stop(grace)); }
  std::size_t connections() const { return server_.connections(); }
  RawAnswer exchange(std::string_view bytes) { return RawClient(port).exchange(bytes); }
  Loops& loops() { return loops_; }

  Handler handler;  // may be replaced before the first request
  Metrics metrics;
  std::uint16_t port = 0;

 private:
  static ServerOptions local(ServerOptions options) {
    options.address = "127.0.0.1";
    options.port = 0;
    return options;
  }
  Log log_{Log::Level::off};
  Loops loops_;
  Server server_;
};

inline Response text_response(std::string body, unsigned status = 200) {
  Response response;
  response.status = status;
  response.headers.add("Content-Type", "text/plain");
  response.body = std::move(body);
  return response;
}

}  // namespace odeon::http

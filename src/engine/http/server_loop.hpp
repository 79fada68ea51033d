// What the connections of one loop share: limits, the handler, the time, and the list of themselves.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/tcp.hpp>

#include "base/time.hpp"
#include "engine/http/compress.hpp"
#include "engine/http/head.hpp"
#include "engine/http/proxies.hpp"
#include "engine/http/server.hpp"
#include "engine/http/tls.hpp"
#include "engine/http/trace.hpp"
#include "engine/http/wakeup.hpp"

namespace odeon::http {

class Connection;

// What all loops of a server share; constant but for the count.
struct ServerShared {
  ServerOptions options;
  Handler handler;
  Log& log;
  Metrics& metrics;
  TrustedProxies proxies;
  std::unique_ptr<TlsContext> tls;  // null for plain HTTP
  Metrics::Gauge open;              // connections
  Metrics::Gauge sockets;           // of these, WebSockets
  std::atomic<std::size_t> count = 0;
};

// Used on its loop alone, but for the constructor.
class ServerLoop : public std::enable_shared_from_this<ServerLoop> {
 public:
  using Ticks = std::uint64_t;

  ServerLoop(std::shared_ptr<ServerShared> shared, asio::io_context& context, asio::ip::tcp::acceptor acceptor);
  ~ServerLoop();

  // Starts to accept.
  void start();
  // Accepts no more than who waits already; connections end with what they are doing, idle ones after one
  // more request or the farewell time.
  void drain();
  // Returns when no connection is left, which is forced at `until`: streams then end, the rest is cut.
  Task<void> finish(std::chrono::steady_clock::time_point until);

  // For the connections.
  ServerShared& shared() { return *shared_; }
  const ServerOptions& options() const { return shared_->options; }
  bool is_draining() const { return draining_; }
  std::string_view date() const { return date_; }  // of the current second, as in a Date header
  Tracer& tracer() { return tracer_; }
  Gzip& gzip();
  // The tick at which a limit that starts now has passed.
  Ticks tick_in(std::chrono::milliseconds limit) const;
  void count_refusal(unsigned status);

 private:
  void add(asio::ip::tcp::socket socket);
  void remove(const Connection& connection);
  void turn_away(asio::ip::tcp::socket socket);
  Task<void> accept();
  void accept_waiting();
  Task<void> keep_time();
  void read_clock();
  Task<void> until_empty(std::chrono::steady_clock::time_point limit);

  std::shared_ptr<ServerShared> shared_;
  asio::any_io_executor executor_;
  asio::ip::tcp::acceptor acceptor_;
  SystemClock clock_;
  const std::chrono::milliseconds tick_time_;
  Ticks ticks_ = 0;
  std::int64_t second_ = -1;
  std::string date_;
  Tracer tracer_;
  std::optional<Gzip> gzip_;
  bool draining_ = false;
  std::vector<std::shared_ptr<Connection>> connections_;
  Wakeup arrived_;              // the first connection
  asio::steady_timer emptied_;  // cancelled when the last one is gone
  TaskGroup accepting_;         // ends before the rest: what it still brings must be waited for
  TaskGroup tasks_;
};

}  // namespace odeon::http

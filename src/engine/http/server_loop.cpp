#include "engine/http/server_loop.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>

#include "base/error.hpp"
#include "engine/http/connection.hpp"

namespace odeon::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Fine enough for the shortest limit, coarse enough to cost nothing.
milliseconds tick_time(const ServerOptions& options) {
  const auto shortest = std::min({options.header_time, options.body_time, options.idle_time});
  return std::clamp(shortest / 8, milliseconds(5), milliseconds(100));
}

auto report_failures(Log& log) {
  return [&log](const std::string& name, std::exception_ptr failure) {
    log.error("http.task_failed", {{"task", name}, {"detail", describe(failure)}});
  };
}

}  // namespace

ServerLoop::ServerLoop(std::shared_ptr<ServerShared> shared, asio::io_context& context,
                       asio::ip::tcp::acceptor acceptor)
    : shared_(std::move(shared)),
      executor_(context.get_executor()),
      acceptor_(std::move(acceptor)),
      tick_time_(tick_time(shared_->options)),
      arrived_(executor_),
      emptied_(executor_),
      accepting_(report_failures(shared_->log)),
      tasks_(report_failures(shared_->log)) {}

ServerLoop::~ServerLoop() = default;

void ServerLoop::start() {
  accepting_.spawn(executor_, "http.accept", accept());
  tasks_.spawn(executor_, "http.time", keep_time());
}

Task<void> ServerLoop::accept() {
  constexpr milliseconds pause{100};  // when the process has no descriptor left
  while (acceptor_.is_open()) {
    boost::system::error_code failure;
    auto socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, failure));
    if (failure == asio::error::operation_aborted || failure == asio::error::bad_descriptor) co_return;
    if (!failure) {
      add(std::move(socket));
    } else if (failure != asio::error::connection_aborted) {
      shared_->log.error("http.accept_failed", {{"detail", failure.message()}});
      co_await sleep_on_loop(pause);
    }
  }
}

void ServerLoop::add(asio::ip::tcp::socket socket) {
  boost::system::error_code failure;
  const auto remote = socket.remote_endpoint(failure);
  if (failure) return;  // gone already
  if (shared_->count.fetch_add(1, std::memory_order_relaxed) >= shared_->options.max_connections) {
    shared_->count.fetch_sub(1, std::memory_order_relaxed);
    return turn_away(std::move(socket));
  }
  shared_->open.add(1);
  if (connections_.empty()) {
    read_clock();
    arrived_.notify();
  }
  auto connection = std::make_shared<Connection>(shared_from_this(), std::move(socket), remote);
  if (draining_) connection->drain();
  connection->index = connections_.size();
  connections_.push_back(connection);
  // The list of connections owns these tasks as a TaskGroup would, without its lock.
  asio::co_spawn(executor_, connection->run(),
                 asio::bind_cancellation_slot(connection->stop_signal().slot(), [self = shared_from_this(), connection](
                                                                                    std::exception_ptr failure) {
                   if (failure) self->shared_->log.error("http.connection_failed", {{"detail", describe(failure)}});
                   self->remove(*connection);
                 }));
}

void ServerLoop::remove(const Connection& connection) {
  const std::size_t index = connection.index;
  std::swap(connections_[index], connections_.back());
  connections_[index]->index = index;
  connections_.pop_back();
  shared_->count.fetch_sub(1, std::memory_order_relaxed);
  shared_->open.add(-1);
  if (connections_.empty()) emptied_.cancel();
}

// Above the limit a short answer is tried, once, without waiting.
void ServerLoop::turn_away(asio::ip::tcp::socket socket) {
  count_refusal(503);
  if (shared_->tls) return;
  constexpr std::string_view answer =
      "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 1\r\nConnection: close\r\n\r\n";
  Transport transport(std::move(socket));
  Pieces pieces{answer};
  try {
    transport.write_now(pieces);
  } catch (const boost::system::system_error&) {
    return;  // it left before it was told
  }
}

Task<void> ServerLoop::keep_time() {
  asio::steady_timer timer(executor_);
  for (;;) {
    while (connections_.empty()) co_await arrived_.wait();
    timer.expires_after(tick_time_);
    co_await timer.async_wait(asio::use_awaitable);
    read_clock();
    for (std::size_t i = 0; i < connections_.size(); ++i) connections_[i]->tick(ticks_);
  }
}

void ServerLoop::read_clock() {
  ticks_ = static_cast<Ticks>(steady_clock::now().time_since_epoch() / tick_time_);
  const Instant now = clock_.now();
  const auto second = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  if (second != second_) date_ = to_http_date(now);
  second_ = second;
}

ServerLoop::Ticks ServerLoop::tick_in(milliseconds limit) const {
  return ticks_ + static_cast<Ticks>((limit + tick_time_ - milliseconds(1)) / tick_time_) + 1;
}

Gzip& ServerLoop::gzip() {
  if (!gzip_) gzip_.emplace();
  return *gzip_;
}

void ServerLoop::count_refusal(unsigned status) {
  shared_->metrics
      .counter("http_refused_total", "Requests that the server refused by itself", {{"status", std::to_string(status)}})
      .add();
}

void ServerLoop::drain() {
  if (draining_) return;
  draining_ = true;
  for (const auto& connection : std::vector(connections_)) connection->drain();
  if (!shared_->options.inherited_socket) accept_waiting();
  boost::system::error_code ignored;
  acceptor_.close(ignored);
}

// The kernel resets who is in the queue of a socket of our own when that closes, though they are connected and
// may have sent a request.
void ServerLoop::accept_waiting() {
  boost::system::error_code failure;
  acceptor_.non_blocking(true, failure);
  while (!failure) {
    asio::ip::tcp::socket socket(executor_);
    acceptor_.accept(socket, failure);
    if (!failure) add(std::move(socket));
    if (failure == asio::error::connection_aborted) failure = {};
  }
}

Task<void> ServerLoop::until_empty(steady_clock::time_point limit) {
  while (!connections_.empty() && steady_clock::now() < limit) {
    emptied_.expires_at(limit);
    boost::system::error_code ignored;
    co_await emptied_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

Task<void> ServerLoop::finish(steady_clock::time_point until) {
  constexpr milliseconds for_goodbyes{500};
  co_await accepting_.stop();  // a connection may have come just before its socket was closed
  co_await until_empty(until);
  for (const auto& connection : std::vector(connections_)) connection->end_streams();
  co_await until_empty(std::max(until, steady_clock::now()) + for_goodbyes);
  for (const auto& connection : std::vector(connections_)) connection->abort();
  co_await until_empty(steady_clock::time_point::max());
  co_await tasks_.stop();
}

}  // namespace odeon::http

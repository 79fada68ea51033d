#include "engine/http/connection.hpp"

#include <boost/system/system_error.hpp>
#include <cstring>

#include "base/error.hpp"
#include "engine/http/serve.hpp"
#include "engine/http/websocket.hpp"

namespace odeon::http {
namespace {

using boost::system::error_code;
using boost::system::system_error;

constexpr std::size_t kIdleBuffer = 4096, kWatchBuffer = 128;

}  // namespace

Connection::Connection(std::shared_ptr<ServerLoop> loop, Transport::Socket socket,
                       const asio::ip::tcp::endpoint& remote)
    : loop_(std::move(loop)),
      transport_(std::move(socket)),
      remote_(remote.address().to_string()),
      from_proxy_(loop_->shared().proxies.contains(remote.address())),
      watch_ended_(transport_.socket().get_executor()) {}

Task<void> Connection::run() {
  std::exception_ptr failure;
  try {
    if (const auto& tls = loop_->shared().tls) {
      set_deadline(loop_->tick_in(loop_->options().header_time));
      co_await transport_.accept_tls(*tls);
    }
    co_await serve(*this);
    if (!gone_ && !reset_on_close) co_await say_goodbye();
  } catch (const system_error&) {
    gone_ = true;  // the client broke it off, or was cut off
  } catch (...) {
    failure = std::current_exception();
  }
  if (reset_on_close)
    transport_.reset();
  else
    transport_.close();
  if (failure) std::rethrow_exception(failure);
}

// Closing while the client still sends would reset the connection and destroy the answer on its way, so
// our side ends first, and what comes is read for a moment.
Task<void> Connection::say_goodbye() {
  constexpr std::chrono::milliseconds longest{2'000};
  co_await write();
  co_await stop_watching();
  const auto& options = loop_->options();
  const auto patience = std::min(longest, draining_ ? options.farewell_time : options.idle_time);
  const auto deadline = loop_->tick_in(patience);
  set_deadline(deadline);
  co_await transport_.shut_down();
  while (!ended_) {
    begin_ = end_ = 0;
    set_deadline(deadline);
    if (co_await fill(kIdleBuffer) != Fill::bytes) break;
  }
}

void Connection::tick(ServerLoop::Ticks now) {
  if (deadline_ <= now) {
    deadline_ = kNever;
    expired_ = true;
    error_code ignored;
    transport_.socket().cancel(ignored);
  }
  if (working_ && seen_) watch();
  seen_ = working_;
}

void Connection::drain() {
  draining_ = true;
  if (socket_) socket_->go_away();
  if (idle_) deadline_ = std::min(deadline_, loop_->tick_in(loop_->options().farewell_time));
}

void Connection::end_streams() {
  ending_streams_ = true;
  if (streaming_)
    stop_signal_.emit(asio::cancellation_type::terminal);
  else if (working_ || idle_)
    cancel();
}

void Connection::abort() {
  cancel();
  transport_.close();
}

void Connection::close() {
  gone_ = true;
  transport_.close();
}

void Connection::cancel() {
  gone_ = true;
  stop_signal_.emit(asio::cancellation_type::terminal);
}

void Connection::set_socket(std::shared_ptr<OpenSocket> socket) {
  socket_ = std::move(socket);
  if (socket_ && draining_) socket_->go_away();
}

// ---- reading ---------------------------------------------------------------------------------------

std::span<char> Connection::room(std::size_t at_least) {
  if (begin_ == end_) begin_ = end_ = 0;
  if (capacity_ - end_ < at_least) {
    const std::size_t used = end_ - begin_;
    const std::size_t wanted = std::max(used + at_least, kIdleBuffer);
    if (wanted > capacity_) {
      auto larger = std::make_unique_for_overwrite<char[]>(wanted);
      if (used > 0) std::memcpy(larger.get(), buffer_.get() + begin_, used);
      buffer_ = std::move(larger);
      capacity_ = wanted;
    } else {
      std::memmove(buffer_.get(), buffer_.get() + begin_, used);
    }
    begin_ = 0;
    end_ = used;
  }
  return {buffer_.get() + end_, capacity_ - end_};
}

void Connection::set_idle(bool idle) {
  idle_ = idle;
  if (idle && begin_ == end_ && capacity_ > kIdleBuffer && !watching_) {
    buffer_.reset();
    capacity_ = begin_ = end_ = 0;
  }
}

void Connection::set_streaming(bool streaming) {
  streaming_ = streaming;
  if (!streaming || watching_ || begin_ != end_) return;
  buffer_ = std::make_unique_for_overwrite<char[]>(kWatchBuffer);
  capacity_ = kWatchBuffer;
  begin_ = end_ = 0;
}

Task<Connection::Fill> Connection::fill(std::size_t at_least) {
  filling_ = true;
  const std::size_t before = end_;
  while (watching_) co_await watch_ended_.wait();
  error_code failure;
  std::size_t count = 0;
  const bool has_come = end_ > before;
  if (!has_come && !expired_ && !ended_) count = co_await transport_.read_some(room(at_least), failure);
  filling_ = false;
  deadline_ = kNever;
  if (has_come) co_return Fill::bytes;
  if (expired_) co_return Fill::expired;
  end_ += count;
  if (count > 0) co_return Fill::bytes;
  ended_ = true;
  if (failure && failure != asio::error::eof) throw system_error(failure);
  co_return Fill::end;
}

void Connection::begin_work(bool watch_at_once) {
  working_ = true;
  seen_ = false;
  if (watch_at_once) watch();
}

void Connection::watch() {
  if (watching_ || filling_ || ended_ || end_ - begin_ == capacity_) return;
  watching_ = true;
  transport_.read_later(
      room(1), [self = shared_from_this()](error_code failure, std::size_t count) { self->watched(failure, count); });
}

void Connection::watched(error_code failure, std::size_t count) {
  watching_ = false;
  end_ += count;
  if (failure && failure != asio::error::operation_aborted) {
    ended_ = true;
    if (working_ && !filling_) cancel();
  }
  watch_ended_.notify();
}

Task<void> Connection::stop_watching() {
  if (!watching_) co_return;
  error_code ignored;
  transport_.socket().cancel(ignored);
  while (watching_) co_await watch_ended_.wait();
}

// ---- writing ---------------------------------------------------------------------------------------

bool Connection::flush_now() {
  Pieces pieces{output_};
  const bool all = transport_.write_now(pieces);
  output_.erase(0, output_.size() - pieces[0].size());
  return all;
}

Task<void> Connection::write(std::string_view first, std::string_view second, std::string_view third) {
  Pieces pieces{output_, first, second, third};
  while (!transport_.write_now(pieces)) co_await wait_for_room(pieces);
  output_.clear();
  if (streaming_) output_.shrink_to_fit();
}

Task<void> Connection::wait_for_room(Pieces& pieces) {
  set_deadline(loop_->tick_in(loop_->options().idle_time));
  co_await transport_.write_some(pieces);
  deadline_ = kNever;
}

Task<void> Connection::send_file(int descriptor, std::uint64_t offset, std::uint64_t length) {
  // A short file shares its head's segment. A longer one gains nothing from that, and where the kernel paces
  // (BBR), a body whose last page spills into one segment more waits for a timer each time.
  constexpr std::uint64_t short_file = 16 * 1024;
  Pieces pieces{output_};
  while (!transport_.write_now(pieces, length > 0 && length <= short_file)) co_await wait_for_room(pieces);
  output_.clear();
  while (length > 0) {
    const std::size_t sent = transport_.send_file_now(descriptor, offset, length);
    offset += sent;
    length -= sent;
    if (length > 0) co_await wait_for_room(pieces);
  }
}

}  // namespace odeon::http

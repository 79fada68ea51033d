// One connection as a stream of bytes with deadlines: what the protocol in serve.cpp stands on.
//
// While a request is handled nobody reads, so the loop's tick starts a watch: a read into the free part
// of the buffer. Bytes that come are the next request and stay there; the end of the stream means that
// the client left, and cancels the handling. A request that is answered within a tick costs none of it.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <boost/asio/cancellation_signal.hpp>

#include "engine/http/server_loop.hpp"
#include "engine/http/transport.hpp"
#include "engine/http/wakeup.hpp"

namespace odeon::http {

class OpenSocket;

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  enum class Fill { bytes, end, expired };

  Connection(std::shared_ptr<ServerLoop> loop, Transport::Socket socket, const asio::ip::tcp::endpoint& remote);

  // ---- for the loop -----------------------------------------------------------------------------
  // The whole life of the connection. Ends quietly when the client breaks it off.
  Task<void> run();
  void tick(ServerLoop::Ticks now);
  void drain();        // ends after the request under way, or the next one if that comes soon
  void end_streams();  // ends what is still under way, streams so that they can say goodbye
  void abort();
  asio::cancellation_signal& stop_signal() { return stop_signal_; }
  std::size_t index = 0;  // in the loop's list

  // ---- for the protocol -------------------------------------------------------------------------
  ServerLoop& loop() { return *loop_; }
  Transport& transport() { return transport_; }
  const std::string& remote() const { return remote_; }
  bool is_from_proxy() const { return from_proxy_; }
  bool is_draining() const { return draining_; }
  bool is_gone() const { return gone_; }  // the client; nothing more can be written
  bool is_ending_streams() const { return ending_streams_; }

  // What came and is not used up yet.
  std::string_view input() const { return {buffer_.get() + begin_, end_ - begin_}; }
  void consume(std::size_t count) { begin_ += count; }
  // Adds to the input; its buffer grows if there is less room than `at_least`. Until the deadline, which
  // it clears. Throws system_error when the connection breaks.
  Task<Fill> fill(std::size_t at_least);
  void set_deadline(ServerLoop::Ticks at) { deadline_ = at, expired_ = false; }
  // Between requests: `drain` then ends the connection, and a large buffer is given back.
  void set_idle(bool idle);

  // What is to be written next; gathered until one of the three below.
  std::string& output() { return output_; }
  // Whether the output is written; never waits. What is left stays.
  bool flush_now();
  // Writes the output and then these. A client that takes nothing for the idle time is cut off.
  Task<void> write(std::string_view first = {}, std::string_view second = {}, std::string_view third = {});
  Task<void> send_file(int descriptor, std::uint64_t offset, std::uint64_t length);

  // Between these two the client's leaving cancels the task.
  void begin_work(bool watch_at_once);
  void end_work() { working_ = false; }
  void cancel();  // as if the client had left
  void close();   // at once; nothing more is written
  // Before something else reads from the transport.
  Task<void> stop_watching();
  // The work is a stream, which `end_streams` cancels. It may last: what it does not need is given back.
  void set_streaming(bool streaming);
  // The connection became this WebSocket; null when it ended.
  void set_socket(std::shared_ptr<OpenSocket> socket);

  bool reset_on_close = false;

 private:
  static constexpr ServerLoop::Ticks kNever = ~ServerLoop::Ticks(0);
  std::span<char> room(std::size_t at_least);
  void watch();
  void watched(boost::system::error_code failure, std::size_t count);
  Task<void> wait_for_room(Pieces& pieces);
  Task<void> say_goodbye();

  std::shared_ptr<ServerLoop> loop_;
  Transport transport_;
  std::string remote_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0, begin_ = 0, end_ = 0;
  std::string output_;
  ServerLoop::Ticks deadline_ = kNever;
  bool expired_ = false;   // the deadline passed while something was waited for
  bool idle_ = true;       // between requests
  bool working_ = false;   // a handler runs
  bool seen_ = false;      // and did so at the last tick
  bool watching_ = false;  // a read is under way that nobody awaits
  bool filling_ = false;   // `fill` waits, for a read of its own or for the watch
  bool ended_ = false;     // the client sends no more
  bool gone_ = false;
  bool draining_ = false;
  bool streaming_ = false;
  bool ending_streams_ = false;
  const bool from_proxy_;
  std::shared_ptr<OpenSocket> socket_;
  Wakeup watch_ended_;
  asio::cancellation_signal stop_signal_;
};

}  // namespace odeon::http

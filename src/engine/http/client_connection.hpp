// One connection to an origin, for one exchange at a time.
#pragma once

#include <boost/container/vector.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "engine/http/client.hpp"
#include "engine/http/client_deadline.hpp"
#include "engine/http/client_head.hpp"
#include "engine/http/client_wire.hpp"

namespace odeon::http::client {

// Used on one loop. Destroying it closes it, also under a read or write of a cancelled task.
class Connection {
 public:
  // Looks up, connects and, for https, verifies; all within `limit`.
  static Task<std::unique_ptr<Connection>> open(Target target, const TlsContext& trusted,
                                                const AddressFilter& may_connect, std::chrono::milliseconds limit);
  Connection(asio::ip::tcp::socket socket, std::string origin);

  const std::string& origin() const { return origin_; }
  Wire& wire() { return wire_; }
  // When it passes, what is under way throws Error{timeout} and the connection is closed.
  Deadline& deadline() { return deadline_; }

  // Ready to read the answer to another request.
  void begin(Method asked, std::size_t max_head_bytes);
  // Reads until the final answer's header is complete (1xx are skipped). False: the connection was lost
  // before any byte of an answer. May be cancelled and called again without losing bytes. Throws
  // Error{timeout} or Error{upstream}.
  Task<bool> await_head();
  AnswerHead take_head();
  // Why `await_head` was false, for logs.
  std::string lost_because() const { return origin_ + ": " + lost_because_.message(); }

  // Bytes of the body that came with the header; 0 when there are none left.
  std::size_t take_received(std::span<char> into);
  // How many bytes of the body a read of the wire has brought; 0 at the end of the stream. Throws Error{timeout}, or
  // Error{upstream} when the connection broke.
  std::size_t bytes_of_body(const Wire::Read& read);
  // Bytes that nobody asked for: no further request may use this connection.
  bool has_surplus() const { return used_ < filled_; }

 private:
  std::size_t received(const Wire::Read& read);
  bool find_head();
  void release_received();

  std::string origin_;
  Wire wire_;
  Deadline deadline_;
  Method asked_ = Method::get;
  std::size_t max_head_bytes_ = 0;
  std::size_t interim_bytes_ = 0;            // of 1xx answers, which count towards the limit
  boost::container::vector<char> received_;  // of the header and what came with it; empty while a body streams
  std::size_t filled_ = 0, used_ = 0;        // of `received_`
  std::size_t searched_ = 0;
  std::optional<AnswerHead> head_;
  boost::system::error_code lost_because_;
};

}  // namespace odeon::http::client

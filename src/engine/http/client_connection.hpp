// One connection to an origin, for one exchange at a time.
#pragma once

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

  // Bytes of the body: first what came with the header. 0 at the end of the stream. Throws
  // Error{timeout}, or Error{upstream} when the connection breaks.
  Task<std::size_t> read_some(std::span<char> into);
  // Bytes that nobody asked for: no further request may use this connection.
  bool has_surplus() const { return used_ < received_.size(); }

 private:
  Task<std::size_t> receive(std::span<char> into);
  bool find_head();
  void release_received();

  std::string origin_;
  Wire wire_;
  Deadline deadline_;
  Method asked_ = Method::get;
  std::size_t max_head_bytes_ = 0;
  std::size_t interim_bytes_ = 0;  // of 1xx answers, which count towards the limit
  std::string received_;           // of the header and what came with it; empty while a body streams
  std::size_t used_ = 0;
  std::size_t searched_ = 0;
  std::optional<AnswerHead> head_;
  boost::system::error_code lost_because_;
};

}  // namespace odeon::http::client

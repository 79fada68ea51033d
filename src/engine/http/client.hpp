// The HTTP/1.1 client: pooled keep-alive connections per origin, verified TLS, TCP_NODELAY, bodies
// streamed both ways, one deadline per phase. Cancelling the awaiting task aborts the exchange and
// closes its connection. Redirects are not followed unless asked.
//
// Failures are Errors: Fault::timeout, Fault::unavailable (DNS, refused, reset, TLS) with a detail,
// Fault::upstream for an answer that breaks the protocol or a limit. An error status is not a failure.
// A request that failed on a reused connection before any byte of the answer is sent again once on a
// fresh one, unless its body is a stream. An answer that comes before the request is out ends the sending.
// Nothing is decompressed, and Accept-Encoding is not sent.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "base/bytes.hpp"
#include "base/task.hpp"
#include "engine/http/message.hpp"

namespace odeon::http {

// Whether a connection to this address may be opened: 4 bytes of IPv4 or 16 of IPv6, as on the wire. Thread-safe.
using AddressFilter = std::function<bool(std::span<const std::uint8_t> address)>;

struct ClientOptions {
  std::chrono::milliseconds connect_time{5'000};      // DNS, TCP and TLS together
  std::chrono::milliseconds first_byte_time{60'000};  // from the last byte sent to the answer's header
  std::chrono::milliseconds idle_time{60'000};        // between two reads of the answer's body
  std::size_t max_idle_per_origin = 64;               // on each loop
  std::chrono::milliseconds keep_idle{30'000};
  std::size_t max_header_bytes = 64 * 1024;
  std::string authorities_file;  // PEM; empty for the system's
  // Asked after DNS for each address, and only to that very address is then connected: a name that changes its
  // mind gains nothing. When none is left: Error{forbidden, "ADDRESS_NOT_ALLOWED"}. Unset: every one may.
  AddressFilter may_connect;
};

struct ClientRequest {
  Method method = Method::get;
  std::string url;  // http:// or https://
  Headers headers;  // Host, Content-Length and Connection are set by the client
  std::string body;
  std::shared_ptr<ByteSource> stream;  // used instead of `body` when set, sent chunked
  // When all of it is to be over, the reading of the answer's body included; after that, Error{timeout}.
  std::chrono::steady_clock::time_point over_by = std::chrono::steady_clock::time_point::max();
  // At most so many, for GET and HEAD, never from https to http; to another origin go only header fields
  // that say nothing of the caller. A redirect that is not followed is the answer.
  int follow_redirects = 0;
  bool* sent = nullptr;  // set when all of it has left; outlives the call
};

// The header of an answer, and its body as a stream. Reading to the end returns the connection to the
// pool; destroying it earlier closes the connection. Used on the loop that made the call.
class ClientResponse {
 public:
  unsigned status = 0;
  Headers headers;
  std::string url;  // of the final answer, after redirects
  std::unique_ptr<ByteSource> body;
};

// One client serves all loops; its connections belong to the loop that opened them. Thread-safe.
class Client {
 public:
  explicit Client(ClientOptions options);
  ~Client();
  Task<ClientResponse> send(ClientRequest request);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace odeon::http

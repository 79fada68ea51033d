// TLS 1.2+ over a non-blocking socket, by OpenSSL. Records are read and written directly on the
// descriptor: an idle session holds no buffers, which matters when thousands of streams are open.
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

struct ssl_ctx_st;
struct ssl_st;

namespace odeon::http::client {

// What is trusted. Thread-safe once made.
class TlsContext {
 public:
  // The system's authorities when the file name is empty. Throws Error{internal} if the file is unusable.
  explicit TlsContext(const std::string& authorities_file);

 private:
  friend class TlsSession;
  // The system's authorities are looked for when they are first needed.
  ssl_ctx_st* ready() const;

  std::shared_ptr<ssl_ctx_st> context_;
  bool of_system_;
  mutable std::once_flag trusts_system_;
};

class TlsSession {
 public:
  // `host` is what the certificate must be for: a name (also sent as SNI) or an address.
  TlsSession(const TlsContext& context, int descriptor, const std::string& host);

  // Each call does what it can without waiting. `failed` is final, and `failure` says why.
  enum class State { done, want_read, want_write, ended, failed };
  struct Step {
    State state = State::failed;
    std::size_t bytes = 0;
  };
  Step handshake();
  Step read(std::span<char> into);  // `ended` only after the peer said so: a cut stream is `failed`
  Step write(std::string_view bytes);
  // Whether the peer is still there and sent nothing but what belongs to TLS itself (session tickets).
  bool quiet();
  const std::string& failure() const { return failure_; }

 private:
  Step outcome(int result, std::size_t bytes);

  std::shared_ptr<ssl_st> session_;
  std::string failure_;
};

}  // namespace odeon::http::client

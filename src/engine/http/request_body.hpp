// The body of the request under way, read from its connection.
#pragma once

#include <optional>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "engine/http/chunked.hpp"
#include "engine/http/connection.hpp"
#include "engine/http/head.hpp"

namespace odeon::http {

class RequestBody final : public ByteSource {
 public:
  RequestBody(Connection& connection, const Head& head);

  // Throws Error{too_large}, {timeout} or {invalid} for a body that breaks a limit or its framing, and
  // then again at every read; `refusal` has what the client should be told if the handler does not.
  Task<std::size_t> read(std::span<char> into) override;
  std::optional<std::size_t> read_now(std::span<char> into) override;
  void allow_slow() { slow_ = true; }
  void allow_large(std::uint64_t bytes) { limit_ = bytes; }

  bool is_done() const { return done_; }
  const std::optional<Refusal>& refusal() const { return refusal_; }
  // Reads what the handler left, if that is little. Whether the next request can follow.
  Task<bool> drain();

 private:
  void begin();
  std::size_t take(std::span<char> into);
  [[noreturn]] void fail(Refusal refusal);

  Connection& connection_;
  const bool chunked_;
  bool expects_continue_;
  bool begun_ = false;
  bool done_;
  bool slow_ = false;
  std::uint64_t left_;  // of a body with a length
  std::uint64_t taken_ = 0;
  std::uint64_t limit_;
  ServerLoop::Ticks deadline_ = 0;
  ChunkedDecoder decoder_;
  std::optional<Refusal> refusal_;
};

}  // namespace odeon::http

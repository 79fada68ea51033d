// The body of an answer, read from its connection straight into the reader's buffer.
#pragma once

#include <chrono>
#include <memory>

#include "base/bytes.hpp"
#include "engine/http/client_chunked.hpp"
#include "engine/http/client_connection.hpp"
#include "engine/http/client_pool.hpp"

namespace odeon::http::client {

class AnswerBody final : public ByteSource {
 public:
  // `pool` is null when the connection is not to be used again.
  AnswerBody(std::unique_ptr<Connection> connection, std::shared_ptr<Pool> pool, BodyEnd end, std::uint64_t length,
             std::chrono::milliseconds idle_time);
  Task<std::size_t> read(std::span<char> into) override;

 private:
  std::size_t content_of(std::span<char> bytes, const std::string& origin);
  void release(std::unique_ptr<Connection> connection);

  std::unique_ptr<Connection> connection_;
  std::shared_ptr<Pool> pool_;
  ChunkDecoder chunks_;
  BodyEnd end_;
  bool ended_;
  std::uint64_t left_;
  std::chrono::milliseconds idle_time_;
};

}  // namespace odeon::http::client

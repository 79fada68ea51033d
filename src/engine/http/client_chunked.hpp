// Decodes a chunked body (RFC 9112 §7.1) in the very buffer it was read into, so that a stream needs
// no buffer of its own. Extensions and trailers are skipped, within limits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace odeon::http::client {

class ChunkDecoder {
 public:
  // Moves the content to the front of `bytes` and returns its size. Throws Error{upstream} when the
  // framing is broken.
  std::size_t decode(std::span<char> bytes);
  bool ended() const { return state_ == State::ended; }
  // Bytes came after the end: the connection is of no further use.
  bool overran() const { return overran_; }

 private:
  enum class State {
    size,
    blank,
    extension,
    size_end,
    data,
    data_cr,
    data_lf,
    line_start,
    trailer,
    trailer_end,
    last_lf,
    ended
  };
  void step(char c);
  void take_digit(char c);

  State state_ = State::size;
  bool overran_ = false;
  std::uint8_t digits_ = 0;
  std::uint32_t skipped_ = 0;  // bytes of extensions since the last chunk, or of trailers
  std::uint64_t left_ = 0;     // of the chunk
};

}  // namespace odeon::http::client

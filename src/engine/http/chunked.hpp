// The chunked transfer coding (RFC 9112 §7.1), taken apart as it arrives. Strict: a size that another
// reader could take for something else is refused. Extensions and trailers are read and dropped.
#pragma once

#include <cstdint>
#include <string_view>

namespace odeon::http {

class ChunkedDecoder {
 public:
  enum class State { more, done, broken };

  struct Step {
    std::size_t taken = 0;       // bytes of the input that are used up
    std::string_view data = {};  // bytes of the body, a part of the input
  };

  // Takes what it can from the front of `input`, at most `max_data` bytes of the body. Call again with
  // the rest; when nothing was taken, more input is needed.
  Step decode(std::string_view input, std::size_t max_data);
  State state() const { return state_; }

 private:
  enum class Part { size, extension, size_end, data, data_end_cr, data_end_lf, trailer, trailer_end };
  void size_byte(char c);
  void framing_byte(char c);

  State state_ = State::more;
  Part part_ = Part::size;
  std::uint64_t left_ = 0;     // of the chunk
  std::size_t digits_ = 0;     // of its size
  std::size_t framing_ = 0;    // bytes of extensions and trailers so far: they are limited
  bool line_is_empty_ = true;  // of the trailers
};

}  // namespace odeon::http

// Lines of a stream that somebody else wrote: JSON Lines, for one.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace odeon::ai {

// Not thread-safe. `source` outlives it.
class LineReader {
 public:
  struct Limits {
    std::size_t line = 4 << 20;    // bytes; longer ones are passed over
    std::size_t all = 512U << 20;  // what comes after so many is not read
  };

  explicit LineReader(ByteSource& source) : LineReader(source, Limits()) {}
  LineReader(ByteSource& source, Limits limits) : source_(source), limits_(limits) {}
  // Without its end (LF, or CRLF); the last one need not have any. Nothing at the end. Throws what the source throws.
  Task<std::optional<std::string>> next();

 private:
  bool take(std::string_view piece);

  ByteSource& source_;
  const Limits limits_;
  std::array<char, 16 << 10> buffer_;
  std::string_view unread_;  // in buffer_
  std::string line_;
  bool too_long_ = false;
  std::size_t read_ = 0;
};

}  // namespace odeon::ai

#include "base/bytes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"

namespace odeon {

Task<std::size_t> StringSource::read(std::span<char> into) {
  const std::size_t count = std::min(into.size(), bytes_.size() - at_);
  std::copy_n(bytes_.data() + at_, count, into.data());
  at_ += count;
  co_return count;
}

Task<std::string> read_all(ByteSource& source, std::size_t limit) {
  std::string out;
  std::array<char, 16384> buffer;
  while (const std::size_t count = co_await source.read(buffer)) {
    if (out.size() + count > limit)
      throw Error(Fault::too_large, "TOO_LARGE", fmt::format("At most {} bytes are accepted here.", limit));
    out.append(buffer.data(), count);
  }
  co_return out;
}

}  // namespace odeon

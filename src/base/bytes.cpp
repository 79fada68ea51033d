#include "base/bytes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"

namespace odeon {

Task<std::size_t> StringSource::read(std::span<char> into) {
  const std::size_t count = std::min(into.size(), bytes_.size() - at_);
  std::copy_n(bytes_.data() + at_, count, into.data());
  at_ += count;
  co_return count;
}

Task<std::string> read_all(ByteSource& source, std::size_t limit) {
  constexpr std::size_t kLeast = 512, kFirst = 2 << 10, kMost = 64 << 10;
  std::string out;
  for (std::size_t room = kFirst;;) {
    const std::size_t had = out.size(), spare = out.capacity() - had;
    // What there is of room is used up first: the end of a short body asks for no more.
    out.resize(had + (spare < kLeast ? room : std::min(spare, room)));
    const std::span<char> into = std::span(out).subspan(had);
    const auto at_once = source.read_now(into);
    const std::size_t count = at_once ? *at_once : co_await source.read(into);
    out.resize(had + count);
    if (count == 0) co_return out;
    if (out.size() > limit)
      throw Error(Fault::too_large, "TOO_LARGE", fmt::format("At most {} bytes are accepted here.", limit));
    if (count == into.size()) room = std::min(2 * room, kMost);
  }
}

}  // namespace odeon

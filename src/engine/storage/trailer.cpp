#include "engine/storage/trailer.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "base/json.hpp"
#include "engine/storage/descriptor.hpp"

namespace odeon::storage {
namespace {

constexpr std::string_view kMagic = "ODEONOB1";
constexpr std::size_t kFooter = 4 + kMagic.size();
// More than any trailer: the content type is short, the rest has a fixed size.
constexpr std::size_t kMaxTrailer = 2048;

std::string read_tail(int descriptor, std::uint64_t size) {
  std::string tail(std::min<std::uint64_t>(size, kMaxTrailer), '\0');
  const std::uint64_t from = size - tail.size();
  for (std::size_t got = 0; got < tail.size();) {
    const ssize_t count = ::pread(descriptor, tail.data() + got, tail.size() - got, static_cast<off_t>(from + got));
    if (count < 0 && errno == EINTR) continue;
    must(count >= 0, "read of an object's trailer");
    if (count == 0) fail("read of an object's trailer", EIO);
    got += static_cast<std::size_t>(count);
  }
  return tail;
}

}  // namespace

std::string encode(const Trailer& trailer) {
  std::string out = json::write(trailer);
  const auto length = static_cast<std::uint32_t>(out.size());
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(length >> shift);
  return out += kMagic;
}

ObjectFile read_object_file(int descriptor) {
  struct stat status{};
  must(::fstat(descriptor, &status) == 0, "fstat of an object");
  const auto file_size = static_cast<std::uint64_t>(status.st_size);
  const std::string tail = read_tail(descriptor, file_size);
  if (tail.size() < kFooter || !tail.ends_with(kMagic)) fail("an object without its trailer", EILSEQ);
  std::uint32_t length = 0;
  for (int i = 0; i < 4; ++i)
    length |= std::uint32_t{static_cast<std::uint8_t>(tail[tail.size() - kFooter + i])} << 8 * i;
  if (length > tail.size() - kFooter) fail("an object with a broken trailer", EILSEQ);
  const auto text = std::string_view(tail).substr(tail.size() - kFooter - length, length);
  try {
    return {.size = file_size - kFooter - length, .trailer = json::from<Trailer>(text)};
  } catch (const Error&) {
    fail("an object with a broken trailer", EILSEQ);
  }
}

}  // namespace odeon::storage

#include "engine/media/books/zip.hpp"

#include <zlib.h>

#include "base/error.hpp"

namespace odeon::books {
namespace {

constexpr std::uint16_t kDeflated = 8;
constexpr std::uint16_t kVersion = 20;               // 2.0: deflate and folders
constexpr std::uint32_t kBeginOf1980 = 0x0021'0000;  // the date above the time, as MS-DOS has them

template <class... Integers>
std::string little_endian(Integers... values) {
  std::string out;
  const auto put = [&](auto value) {
    for (std::size_t i = 0; i < sizeof value; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
  };
  (put(values), ...);
  return out;
}

std::string deflated(std::string_view bytes) {
  z_stream stream{};
  // Without zlib's own header.
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  ::deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace

void Zip::write(std::string_view bytes) {
  written_ += bytes.size();
  to_(bytes);
}

void Zip::deflate(std::string_view name, std::string_view bytes) {
  add(name, bytes, deflated(bytes), kDeflated);
}

void Zip::add(std::string_view name, std::string_view bytes, std::string_view packed, std::uint16_t method) {
  if (written_ + packed.size() + directory_.size() > UINT32_MAX - 65'536)
    throw Error(Fault::too_large, "BOOK_TOO_LARGE", "The book would be larger than 4 GB.");
  const auto crc = static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
  const auto begins = static_cast<std::uint32_t>(written_);
  // What a file's header and its entry in the directory have in common; no flags, and nothing extra.
  const std::string common = little_endian(
      kVersion, std::uint16_t{0}, method, kBeginOf1980, crc, static_cast<std::uint32_t>(packed.size()),
      static_cast<std::uint32_t>(bytes.size()), static_cast<std::uint16_t>(name.size()), std::uint16_t{0});
  write(std::string("PK\3\4") + common + std::string(name));
  write(packed);
  directory_ += std::string("PK\1\2") + little_endian(kVersion) + common +
                // comment, disk, kind of content; attributes; where it is
                little_endian(std::uint16_t{0}, std::uint16_t{0}, std::uint16_t{0}, std::uint32_t{0}, begins) +
                std::string(name);
  ++files_;
}

void Zip::finish() {
  const auto begins = static_cast<std::uint32_t>(written_);
  const auto size = static_cast<std::uint32_t>(directory_.size());
  write(directory_);
  write(std::string("PK\5\6") +
        little_endian(std::uint16_t{0}, std::uint16_t{0}, files_, files_, size, begins, std::uint16_t{0}));
}

}  // namespace odeon::books

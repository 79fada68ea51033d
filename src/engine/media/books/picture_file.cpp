#include "engine/media/books/picture_file.hpp"

#include <cstdint>

namespace odeon::books {
namespace {

constexpr std::string_view kPngSignature = "\x89PNG\r\n\x1a\n";

// Big-endian; the caller has seen that it is there.
std::uint32_t number_at(std::string_view bytes, std::size_t at, int size) {
  std::uint32_t value = 0;
  for (const char byte : bytes.substr(at, static_cast<std::size_t>(size)))
    value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

std::optional<PictureFile> read_png(std::string_view bytes) {
  if (bytes.size() < 33 || bytes.substr(12, 4) != "IHDR") return std::nullopt;
  const std::uint32_t width = number_at(bytes, 16, 4), height = number_at(bytes, 20, 4);
  if (width == 0 || height == 0 || width > INT32_MAX || height > INT32_MAX) return std::nullopt;
  return PictureFile{PictureFile::Kind::png, static_cast<int>(width), static_cast<int>(height)};
}

// SOF0 to SOF15 but for DHT, JPG and DAC, which lie among them.
bool begins_frame(std::uint32_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

std::optional<PictureFile> read_jpeg(std::string_view bytes) {
  for (std::size_t at = 2; at + 4 <= bytes.size();) {
    // Filling between segments is allowed, but nobody writes it, and Cairo does not read it.
    const std::uint32_t marker = number_at(bytes, at + 1, 1);
    if (number_at(bytes, at, 1) != 0xFF || marker == 0xFF) return std::nullopt;
    const std::uint32_t length = number_at(bytes, at + 2, 2);
    if (length < 2 || marker == 0xDA || marker == 0xD9) return std::nullopt;
    if (begins_frame(marker)) {
      if (length < 8 || at + 10 > bytes.size()) return std::nullopt;
      const PictureFile file{PictureFile::Kind::jpeg, static_cast<int>(number_at(bytes, at + 7, 2)),
                             static_cast<int>(number_at(bytes, at + 5, 2)),
                             static_cast<int>(number_at(bytes, at + 9, 1))};
      if (file.width == 0 || file.height == 0) return std::nullopt;
      return file;
    }
    at += 2 + length;
  }
  return std::nullopt;
}

}  // namespace

std::optional<PictureFile> read_picture_file(std::string_view bytes) {
  if (bytes.starts_with(kPngSignature)) return read_png(bytes);
  if (bytes.starts_with("\xFF\xD8\xFF")) return read_jpeg(bytes);
  return std::nullopt;
}

}  // namespace odeon::books

#include "engine/media/pictures/anatomy.hpp"

namespace odeon::pictures {

std::optional<std::uint32_t> Reader::number(std::size_t at, int size) const {
  const auto count = static_cast<std::size_t>(size);
  if (at > bytes_.size() || bytes_.size() - at < count) return {};
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i)
    value = value << 8 | static_cast<unsigned char>(bytes_[little_ ? at + count - 1 - i : at + i]);
  return value;
}

Error not_a_picture() {
  return Error(Fault::invalid, "NOT_A_PICTURE", "This file is not a PNG, JPEG or WebP picture.");
}

Error damaged(std::string detail) {
  return Error(Fault::invalid, "PICTURE_DAMAGED", "The picture is damaged or incomplete. Please send it again.")
      .with_detail(std::move(detail));
}

Anatomy dissect(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return dissect_png(bytes);
  if (bytes.starts_with("\xff\xd8\xff")) return dissect_jpeg(bytes);
  if (bytes.size() >= 12 && bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WEBP") return dissect_webp(bytes);
  throw not_a_picture();
}

// TIFF 6.0, section 2, and Exif 2.32, 4.6.4: tag 0x112 of the first directory.
int exif_orientation(std::string_view tiff) {
  const bool little = tiff.starts_with("II");
  if (!little && !tiff.starts_with("MM")) return 1;
  const Reader reader(tiff, little);
  const std::size_t directory = reader.number(4, 4).value_or(0);
  const std::size_t count = reader.number(directory, 2).value_or(0);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t entry = directory + 2 + 12 * i;
    const auto tag = reader.number(entry, 2);
    if (!tag) break;
    if (*tag != 0x112) continue;
    const std::uint32_t value = reader.number(entry + 8, 2).value_or(1);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

Anatomy dissect_png(std::string_view bytes) {
  const Reader reader(bytes);
  const auto width = reader.number(16, 4), height = reader.number(20, 4), kind = reader.number(25, 1);
  if (!kind || bytes.substr(12, 4) != "IHDR" || reader.number(8, 4) != 13) throw damaged("no IHDR");
  if (*width - 1 > 0x7ffffffe || *height - 1 > 0x7ffffffe) throw damaged("sides of PNG");
  Anatomy out{.info = {Format::png, static_cast<int>(*width), static_cast<int>(*height)}};
  out.info.model = (*kind & 3) == 3 ? ColourModel::palette : *kind & 2 ? ColourModel::rgb : ColourModel::grey;
  out.info.has_alpha = *kind & 4;
  for (std::size_t at = 33; const auto length = reader.number(at, 4);) {
    const std::string_view type = bytes.substr(std::min(at + 4, bytes.size()), 4);
    const std::string_view data = bytes.substr(std::min(at + 8, bytes.size()), *length);
    if (type == "tRNS") out.info.has_alpha = true;
    if (type == "acTL") out.info.is_animated = true;
    if (type == "eXIf") out.orientation = exif_orientation(data);
    // A name, its end, and the method of compression come first.
    if (const std::size_t name = data.find('\0'); type == "iCCP" && name != data.npos && name + 2 < data.size())
      out.profile = data.substr(name + 2);
    if (type == "IEND") break;
    at += 12 + std::size_t{*length};
  }
  out.info.has_profile = !out.profile.empty();
  return out;
}

std::string essential_png(std::string_view bytes) {
  static constexpr std::string_view kKept[] = {"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB"};
  const Reader reader(bytes);
  std::string out(bytes.substr(0, 8));
  out.reserve(bytes.size());
  for (std::size_t at = 8; const auto length = reader.number(at, 4);) {
    const std::string_view chunk = bytes.substr(at, 12 + std::size_t{*length});
    if (std::ranges::find(kKept, chunk.substr(std::min<std::size_t>(4, chunk.size()), 4)) != std::end(kKept))
      out += chunk;
    at += 12 + std::size_t{*length};
  }
  return out;
}

// RFC 9649.
Anatomy dissect_webp(std::string_view bytes) {
  const Reader reader(bytes, true);
  Anatomy out{.info = {Format::webp, 0, 0}};
  const auto set_size = [&](std::uint32_t width, std::uint32_t height) {
    if (out.info.width == 0) out.info.width = static_cast<int>(width), out.info.height = static_cast<int>(height);
  };
  for (std::size_t at = 12; const auto length = reader.number(at + 4, 4);) {
    const std::string_view type = bytes.substr(at, 4), data = bytes.substr(at + 8, *length);
    const Reader chunk(data, true);
    if (type == "VP8X") {
      const std::uint32_t flags = chunk.number(0, 1).value_or(0);
      out.info.has_alpha = flags & 0x10;
      out.info.is_animated = flags & 0x02;
      if (const auto height = chunk.number(7, 3)) set_size(*chunk.number(4, 3) + 1, *height + 1);
    } else if (type == "VP8 ") {
      if (const auto height = chunk.number(8, 2); height && data.substr(3, 3) == "\x9d\x01\x2a")
        set_size(*chunk.number(6, 2) & 0x3fff, *height & 0x3fff);
    } else if (type == "VP8L") {
      if (const auto sizes = chunk.number(1, 4); sizes && data[0] == 0x2f) {
        set_size((*sizes & 0x3fff) + 1, (*sizes >> 14 & 0x3fff) + 1);
        out.info.has_alpha |= *sizes >> 28 & 1;
      }
    } else if (type == "ICCP") {
      out.profile = data;
    } else if (type == "EXIF") {
      out.orientation = exif_orientation(data.starts_with(std::string_view("Exif\0\0", 6)) ? data.substr(6) : data);
    }
    at += 8 + std::size_t{*length} + (*length & 1);
  }
  if (out.info.width == 0 || out.info.height == 0) throw damaged("no size in WebP");
  out.info.has_profile = !out.profile.empty();
  return out;
}

}  // namespace odeon::pictures

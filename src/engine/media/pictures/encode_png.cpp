// PNG (W3C, third edition): the file is simple, and libdeflate packs it in a third of the time that libpng takes.
#include <cstdlib>
#include <cstring>
#include <memory>

#include "engine/media/pictures/codecs.hpp"
#include "engine/media/pictures/encoders.hpp"

namespace odeon::pictures {
namespace {

using Bytes = std::vector<std::uint8_t>;

void append_big_endian(std::string& out, std::uint32_t value) {
  for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(value >> shift & 255);
}

void append_chunk(std::string& out, std::string_view type, std::string_view data) {
  append_big_endian(out, static_cast<std::uint32_t>(data.size()));
  const std::size_t from = out.size();
  out += type;
  out += data;
  append_big_endian(out, deflate().libdeflate_crc32(0, out.data() + from, out.size() - from));
}

// One row as RGB or, of what is not opaque, as RGBA with its colours not premultiplied.
void write_png_row(std::span<const std::uint32_t> row, bool opaque, std::uint8_t* out) {
  if (opaque) {
    for (const std::uint32_t pixel : row) {
      *out++ = static_cast<std::uint8_t>(pixel >> 16);
      *out++ = static_cast<std::uint8_t>(pixel >> 8);
      *out++ = static_cast<std::uint8_t>(pixel);
    }
    return;
  }
  for (const std::uint32_t pixel : row) {
    const Colour colour = to_colour(pixel);
    *out++ = colour.red, *out++ = colour.green, *out++ = colour.blue, *out++ = colour.alpha;
  }
}

enum Filter : std::uint8_t { kNone, kSub, kUp, kAverage, kPaeth };

std::uint8_t paeth(int left, int up, int corner) {
  const int to_left = std::abs(up - corner), to_up = std::abs(left - corner),
            to_corner = std::abs(left + up - 2 * corner);
  return static_cast<std::uint8_t>(to_left <= to_up && to_left <= to_corner ? left : to_up <= to_corner ? up : corner);
}

// `row` and `above` have `step` zero bytes in front of them.
void apply_filter(Filter filter, const std::uint8_t* row, const std::uint8_t* above, std::size_t step, std::size_t size,
                  std::uint8_t* out) {
  const std::uint8_t *left = row - step, *corner = above - step;
  const auto each = [&](auto predicted) {
    for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(row[i] - predicted(i));
  };
  switch (filter) {
    case kNone:
      return each([](std::size_t) { return 0; });
    case kSub:
      return each([&](std::size_t i) { return left[i]; });
    case kUp:
      return each([&](std::size_t i) { return above[i]; });
    case kAverage:
      return each([&](std::size_t i) { return (left[i] + above[i]) / 2; });
    case kPaeth:
      return each([&](std::size_t i) { return paeth(left[i], above[i], corner[i]); });
  }
}

std::uint32_t filter_cost(const std::uint8_t* bytes, std::size_t size) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < size; ++i)
    sum += static_cast<std::uint32_t>(std::abs(static_cast<std::int8_t>(bytes[i])));
  return sum;
}

std::span<const Filter> filters_of(Effort effort) {
  static constexpr Filter kQuick[] = {kUp}, kNormal[] = {kNone, kSub, kUp},
                          kSmall[] = {kNone, kSub, kUp, kAverage, kPaeth};
  if (effort == Effort::quick) return kQuick;
  if (effort == Effort::normal) return kNormal;
  return kSmall;
}

int png_level_of(Effort effort) {
  return effort == Effort::quick ? 1 : effort == Effort::normal ? 4 : 10;
}

// Each row by the filter that leaves the smallest differences.
Bytes filtered_rows(const Picture& picture, bool opaque, std::span<const Filter> filters) {
  const std::size_t step = opaque ? 3 : 4, size = step * static_cast<std::size_t>(picture.width());
  Bytes out((size + 1) * static_cast<std::size_t>(picture.height())), trial(size);
  Bytes row(step + size), above(step + size);
  std::uint8_t* into = out.data();
  for (int y = 0; y < picture.height(); ++y, into += size + 1) {
    write_png_row(picture.row(y), opaque, row.data() + step);
    into[0] = filters[0];
    apply_filter(filters[0], row.data() + step, above.data() + step, step, size, into + 1);
    std::uint32_t least = filters.size() > 1 ? filter_cost(into + 1, size) : 0;
    for (const Filter filter : filters.subspan(1)) {
      apply_filter(filter, row.data() + step, above.data() + step, step, size, trial.data());
      const std::uint32_t sum = filter_cost(trial.data(), size);
      if (sum >= least) continue;
      least = sum;
      into[0] = filter;
      std::memcpy(into + 1, trial.data(), size);
    }
    std::swap(row, above);
  }
  return out;
}

}  // namespace

std::string encode_png(const Picture& picture, const EncodeOptions& options) {
  const Deflate& library = deflate();
  const bool opaque = picture.is_opaque();
  const Bytes plain = filtered_rows(picture, opaque, filters_of(options.effort));
  const std::unique_ptr<libdeflate_compressor, decltype(library.libdeflate_free_compressor)> compressor(
      library.libdeflate_alloc_compressor(png_level_of(options.effort)), library.libdeflate_free_compressor);
  if (!compressor) throw encoding_failed("libdeflate");
  std::string packed(library.libdeflate_zlib_compress_bound(compressor.get(), plain.size()), '\0');
  packed.resize(
      library.libdeflate_zlib_compress(compressor.get(), plain.data(), plain.size(), packed.data(), packed.size()));

  std::string header, out = "\x89PNG\r\n\x1a\n";
  append_big_endian(header, static_cast<std::uint32_t>(picture.width()));
  append_big_endian(header, static_cast<std::uint32_t>(picture.height()));
  header += {8, static_cast<char>(opaque ? 2 : 6), 0, 0, 0};
  out.reserve(packed.size() + 100);
  append_chunk(out, "IHDR", header);
  append_chunk(out, "sRGB", std::string_view("\0", 1));  // perceptual
  append_chunk(out, "IDAT", packed);
  append_chunk(out, "IEND", {});
  return out;
}

}  // namespace odeon::pictures

#include "products/podcasts/sound/waveform_svg.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace odeon::podcasts {
namespace {

constexpr int kMiddle = 128, kHeight = 2 * kMiddle;

struct Column {
  int low = 0, high = 0;
};

// As many pixels in one as it takes.
std::vector<Column> columns_of(const media::Waveform& waveform) {
  const std::size_t pixels = waveform.data.size() / 2;
  const std::size_t joined = std::max<std::size_t>((pixels + kOutlineColumns - 1) / kOutlineColumns, 1);
  std::vector<Column> columns;
  for (std::size_t i = 0; i < pixels; ++i) {
    const int low = waveform.data[2 * i], high = waveform.data[2 * i + 1];
    if (i % joined == 0) columns.push_back({low, high});
    columns.back().low = std::min(columns.back().low, low);
    columns.back().high = std::max(columns.back().high, high);
  }
  return columns;
}

}  // namespace

std::string waveform_svg(const media::Waveform& waveform) {
  const auto columns = columns_of(waveform);
  std::string path;
  auto out = std::back_inserter(path);
  for (std::size_t x = 0; x < columns.size(); ++x)
    fmt::format_to(out, "{}{} {}", x == 0 ? "M" : "L", x, kMiddle - columns[x].high);
  // A line where nothing is heard, not nothing.
  for (std::size_t x = columns.size(); x-- > 0;) fmt::format_to(out, "L{} {}", x, kMiddle + 1 - columns[x].low);
  if (!path.empty()) path += 'Z';
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" preserveAspectRatio=\"none\" role=\"img\" "
      "aria-label=\"Waveform\"><path fill=\"currentColor\" d=\"{}\"/></svg>",
      std::max<std::size_t>(columns.size(), 1), kHeight + 1, path);
}

}  // namespace odeon::podcasts

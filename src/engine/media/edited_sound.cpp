#include "engine/media/edited_sound.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace odeon::media {
namespace {

constexpr double cross_fade_seconds = 0.025;

// 0…1 to 0…1, without a corner at either end.
float eased(double x) {
  return static_cast<float>(0.5 - 0.5 * std::cos(std::numbers::pi * std::clamp(x, 0.0, 1.0)));
}

}  // namespace

// Frames on each side of the cut between kept range `cut` and the next: no more than half of what any of the three
// stretches around it has.
std::int64_t EditedSound::half_fade(std::size_t cut) const {
  const auto& kept = edits_.kept();
  if (cut + 1 >= kept.size()) return 0;
  const std::int64_t removed = kept[cut + 1].from - kept[cut].to;
  return std::min({std::llround(cross_fade_seconds / 2 * rate()), static_cast<long long>(removed / 2),
                   static_cast<long long>(kept[cut].length() / 2), static_cast<long long>(kept[cut + 1].length() / 2)});
}

Pcm EditedSound::read(std::int64_t from, std::int64_t to) const {
  const int channels = spool_.channels();
  Pcm out{rate(), channels,
          std::vector<float>(static_cast<std::size_t>(std::max<std::int64_t>(to - from, 0)) * channels)};
  std::vector<float> part;
  const auto& kept = edits_.kept();
  const auto& starts = edits_.starts();
  const auto reach = static_cast<std::int64_t>(cross_fade_seconds * rate());
  const auto after = std::ranges::upper_bound(starts, to + reach) - starts.begin();
  for (std::int64_t index = after - 1; index >= 0; --index) {
    const std::int64_t start = starts[index], end = start + kept[index].length();
    if (end + reach < from) break;
    const std::int64_t before = index > 0 ? half_fade(index - 1) : 0, behind = half_fade(index);
    const std::int64_t first = std::max(start - before, from), last = std::min(end + behind, to);
    if (first >= last) continue;
    part.resize(static_cast<std::size_t>(last - first) * channels);
    spool_.read(kept[index].from + first - start, part);
    const auto shape = [&](std::int64_t begin, std::int64_t stop, auto gain) {
      for (std::int64_t at = std::max(begin, first); at < std::min(stop, last); ++at)
        for (int channel = 0; channel < channels; ++channel)
          part[(at - first) * channels + channel] *= static_cast<float>(gain(static_cast<double>(at - begin) + 0.5));
    };
    constexpr double quarter = std::numbers::pi / 4;
    shape(start - before, start + before,
          [&](double at) { return std::sin(quarter * at / static_cast<double>(before)); });
    shape(end - behind, end + behind, [&](double at) { return std::cos(quarter * at / static_cast<double>(behind)); });
    float* const into = out.samples.data() + (first - from) * channels;
    for (std::size_t i = 0; i < part.size(); ++i) into[i] += part[i];
  }
  fade_ends(out, from);
  return out;
}

void EditedSound::fade_ends(Pcm& audio, std::int64_t from) const {
  const auto fade = [&](double seconds) {
    return static_cast<double>(std::min<std::int64_t>(std::llround(seconds * rate()), frames() / 2));
  };
  const double in = fade(fades_.in), out = fade(fades_.out);
  const auto apply = [&](std::int64_t at, double x) {
    for (int channel = 0; channel < audio.channels; ++channel)
      audio.samples[(at - from) * audio.channels + channel] *= eased(x);
  };
  const std::int64_t to = from + audio.frames();
  for (std::int64_t at = std::max<std::int64_t>(from, 0); at < std::min(to, static_cast<std::int64_t>(in)); ++at)
    apply(at, (static_cast<double>(at) + 0.5) / in);
  for (std::int64_t at = std::max(from, frames() - static_cast<std::int64_t>(out)); at < std::min(to, frames()); ++at)
    apply(at, (static_cast<double>(frames() - at) - 0.5) / out);
}

}  // namespace odeon::media

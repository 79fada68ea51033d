#include "engine/media/encode.hpp"

#include "engine/media/mp3_encoder.hpp"
#include "engine/media/parallel.hpp"

namespace odeon::media {
namespace {

// Frames [from, to) of the sound, to the end of what the encoder holds back.
Mp3Frames encode_range(const Pcm& audio, int bitrate, std::int64_t from, std::int64_t to) {
  Mp3Encoder encoder(audio.rate, audio.channels, bitrate);
  encoder.add(std::span(audio.samples).subspan(from * audio.channels, (to - from) * audio.channels));
  encoder.finish();
  return std::move(encoder.frames());
}

// Leaves the first `count` frames.
void shorten(Mp3Frames& frames, std::size_t count) {
  for (std::size_t i = count; i < frames.sizes.size(); ++i) frames.bytes.resize(frames.bytes.size() - frames.sizes[i]);
  frames.sizes.resize(count);
}

void join(Mp3Frames& first, const Mp3Frames& second) {
  first.bytes += second.bytes;
  first.sizes.insert(first.sizes.end(), second.sizes.begin(), second.sizes.end());
  first.frames_of_sound += second.frames_of_sound;
}

}  // namespace

int samples_per_frame(int rate) {
  return rate >= 32'000 ? 1152 : 576;
}

bool mp3_allows(int rate, int channels, int bitrate) {
  static constexpr int rates[] = {16'000, 22'050, 24'000, 32'000, 44'100, 48'000};
  static constexpr int high[] = {32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
  static constexpr int low[] = {8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};
  if (channels < 1 || channels > 2 || std::ranges::find(rates, rate) == std::end(rates) || bitrate % 1000 != 0)
    return false;
  const auto& allowed = rate >= 32'000 ? high : low;
  return std::ranges::find(allowed, bitrate / 1000) != std::end(allowed);
}

std::vector<std::int64_t> cuts_in_silence(const Pcm& audio, int pieces, int frame) {
  // The codec looks up to 2200 samples back and 1904 ahead.
  constexpr std::int64_t quiet_before = 2304, quiet_after = 2304;
  const auto silent_at = [&](std::int64_t cut) {
    if (cut < quiet_before || cut + quiet_after > audio.frames()) return false;
    const auto from = audio.samples.begin() + (cut - quiet_before) * audio.channels;
    return std::all_of(from, from + (quiet_before + quiet_after) * audio.channels, [](float s) { return s == 0; });
  };
  std::vector<std::int64_t> cuts;
  for (int piece = 1; piece < pieces; ++piece) {
    const std::int64_t wish = audio.frames() * piece / pieces / frame;
    const std::int64_t reach = audio.frames() / pieces / frame / 3;
    for (std::int64_t away = 0; away <= reach; ++away) {
      const std::int64_t cut = silent_at((wish - away) * frame) ? (wish - away) * frame : (wish + away) * frame;
      if (!silent_at(cut)) continue;
      cuts.push_back(cut);
      break;
    }
  }
  return cuts;
}

Mp3Frames encode_mp3(const Pcm& audio, int bitrate, int pieces) {
  const int frame = samples_per_frame(audio.rate);
  std::vector<std::int64_t> borders = cuts_in_silence(audio, pieces, frame);
  borders.insert(borders.begin(), 0);
  borders.push_back(audio.frames());

  std::vector<Mp3Frames> parts(borders.size() - 1);
  in_parallel(parts.size(), [&](std::size_t i) {
    parts[i] = encode_range(audio, bitrate, borders[i], borders[i + 1]);
    // Each piece but the last ends with frames for the silence that the next one begins with.
    if (i + 1 < parts.size()) shorten(parts[i], (borders[i + 1] - borders[i]) / frame);
  });
  for (std::size_t i = 1; i < parts.size(); ++i) join(parts[0], parts[i]);
  return std::move(parts[0]);
}

}  // namespace odeon::media

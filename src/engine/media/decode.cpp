#include "engine/media/decode.hpp"

#include "base/error.hpp"
#include "engine/media/audio_reader.hpp"
#include "engine/media/program.hpp"

namespace odeon::media {

Pcm decode(std::string_view bytes, const DecodeBounds& bounds, const OnSamples& on_samples) {
  constexpr double max_believed = 600;  // seconds: a lie costs no more memory than this
  MemorySource source(bytes);
  AudioReader reader(source, {.max_seconds = bounds.max_seconds});
  Pcm pcm;
  std::vector<float> piece;
  while (reader.read(piece)) {
    if (pcm.samples.empty()) {
      pcm.rate = reader.rate();
      pcm.channels = reader.channels();
      const double expected = std::min(reader.announced_seconds(), max_believed) + 1;
      pcm.samples.reserve(static_cast<std::size_t>(expected * pcm.rate) * pcm.channels);
    }
    pcm.samples.insert(pcm.samples.end(), piece.begin(), piece.end());
    if (on_samples) on_samples(piece);
  }
  if (pcm.samples.empty()) throw Error(Fault::invalid, "DAMAGED_AUDIO", "No sound could be read from the file.");
  return pcm;
}

Pcm decode_audio(const std::string& bytes) {
  return decode(bytes, {});
}

}  // namespace odeon::media

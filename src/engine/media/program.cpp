#include "engine/media/program.hpp"

#include "base/error.hpp"
#include "engine/media/assemble.hpp"
#include "engine/media/encode.hpp"
#include "engine/media/id3.hpp"
#include "engine/media/libav.hpp"
#include "engine/media/master.hpp"

namespace odeon::media {
namespace {

void check_options(const ProduceOptions& options) {
  if (!mp3_allows(options.rate, options.channels, options.bitrate))
    throw Error(Fault::invalid, "INVALID_AUDIO_OPTIONS",
                fmt::format("There is no MP3 of {} Hz, {} channels and {} bit/s.", options.rate, options.channels,
                            options.bitrate));
  if (!(options.loudness >= -40 && options.loudness <= -6) ||
      !(options.max_true_peak >= -12 && options.max_true_peak <= 0))
    throw Error(Fault::invalid, "INVALID_AUDIO_OPTIONS",
                "Loudness must be between -40 and -6 LUFS, the true peak between -12 and 0 dBTP.");
}

}  // namespace

void prepare() {
  libav();
}

Produced produce(std::vector<Segment> segments, const ProduceOptions& options) {
  check_options(options);
  Programme programme = assemble(std::move(segments), options.rate, options.channels);
  const double duration = programme.audio.seconds();
  const std::string tag = id3_tag(options.tags, programme.chapters, duration);
  Mastered mastered = master(programme.audio, options);
  return {.mp3 = tag + mastered.mp3,
          .duration = duration,
          .loudness = mastered.heard.integrated,
          .true_peak = mastered.heard.true_peak,
          .loudness_range = mastered.heard.range,
          .marks = std::move(programme.marks),
          .chapters = std::move(programme.chapters)};
}

}  // namespace odeon::media

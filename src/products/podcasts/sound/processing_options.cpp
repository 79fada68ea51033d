#include "products/podcasts/sound/processing_options.hpp"

#include "engine/media/encode.hpp"
#include "products/podcasts/faults.hpp"

namespace odeon::podcasts {

ProcessingOptions usual_options() {
  return {.remove_noise = true,
          .remove_silences = true,
          .normalize_loudness = true,
          .target_lufs = -16,
          .fades = true,
          .bitrate = 0,
          .transcribe = true,
          .show_notes = true,
          .language = ""};
}

ProcessingOptions merged(ProcessingOptions onto, const ProcessingOptions& given) {
  json::for_each_member<ProcessingOptions>([&](std::string_view, auto member) {
    if (given.*member) onto.*member = given.*member;
  });
  return onto;
}

void check_options(const ProcessingOptions& options) {
  constexpr int rate = 48'000, channels = 2, kilo = 1000;
  if (options.bitrate.value_or(0) != 0 && !media::mp3_allows(rate, channels, static_cast<int>(*options.bitrate) * kilo))
    throw fault_at("bitrate", "There is no such MP3. 96, 128 and 192 are usual.");
  if (options.language && !options.language->empty()) check_language("language", *options.language);
}

}  // namespace odeon::podcasts

// What the owner of an episode wants done with its sound. It is kept with the episode, so what is left out stays as it
// was chosen before, and is as usual where nobody chose.
#pragma once

#include <optional>
#include <string>

#include "base/fields.hpp"
#include "base/json.hpp"

namespace odeon::podcasts {

// Requests have these among their own fields. Once `merged` onto `usual_options`, every one has a value.
struct ProcessingOptions {
  std::optional<bool> remove_noise;         // usually true, as are the other steps
  std::optional<bool> remove_silences;      // long ones are shortened, to what a breath takes
  std::optional<bool> normalize_loudness;   // to `target_lufs`
  std::optional<Int<-30, -9>> target_lufs;  // usually −16
  std::optional<bool> fades;                // a moment in and out, where it begins and ends abruptly
  std::optional<Int<0, 320>> bitrate;       // kbit/s of the MP3; usually 0: 128 for stereo, 96 for mono
  std::optional<bool> transcribe;           // usually true
  std::optional<bool> show_notes;           // usually true; without effect where the plan has none
  std::optional<Text<0, 35>> language;      // that is spoken: "en", "pt-BR"; empty: the podcast's
};
BOOST_DESCRIBE_STRUCT(ProcessingOptions, (),
                      (remove_noise, remove_silences, normalize_loudness, target_lufs, fades, bitrate, transcribe,
                       show_notes, language))

ProcessingOptions usual_options();

// What `given` has, and `onto` for the rest.
ProcessingOptions merged(ProcessingOptions onto, const ProcessingOptions& given);

// Throws fault_at for a bit rate that MP3 does not have and for what is no language.
void check_options(const ProcessingOptions& options);

}  // namespace odeon::podcasts

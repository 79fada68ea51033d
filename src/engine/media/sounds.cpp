// Sounds and silences of our own.
#include <cmath>
#include <numbers>

#include "engine/media/program.hpp"

namespace odeon::media {

// Campione and Véronis (Speech Prosody 2002) measured silent pauses in five languages and found three
// classes: below 0.2 s, 0.2 to 1 s, and above 1 s. Ours lie in the second and at its end: news is read fast,
// and speech engines leave a tenth of a second of their own after a sentence, so a sentence takes the lower
// part of the class, a paragraph the upper, and a section is just heard as a break.
double natural_pause(Boundary boundary) {
  switch (boundary) {
    case Boundary::sentence:
      return 0.35;
    case Boundary::paragraph:
      return 0.7;
    case Boundary::section:
      return 1.1;
  }
  return 0.35;
}

// Three notes of a major chord going up, each with soft overtones that die sooner than the tone, as on a
// struck bar. The level is below that of speech.
Pcm chime(double seconds, int rate) {
  struct Partial {
    double ratio, level, decay;  // decay: seconds to 1/e at full length
  };
  static constexpr Partial partials[] = {{1, 1, 0.9}, {2, 0.25, 0.5}, {3, 0.1, 0.3}, {5.4, 0.03, 0.12}};
  static constexpr double notes[] = {523.25, 659.26, 783.99};  // C5, E5, G5
  constexpr double level = 0.12, attack = 0.006;

  const auto frames = static_cast<std::int64_t>(std::llround(std::max(seconds, 0.0) * rate));
  Pcm out{rate, 1, std::vector<float>(frames)};
  const double spacing = std::min(0.28, seconds / 6);  // seconds between the notes
  const double fade = std::min(0.5, seconds / 4);      // seconds, to silence at the end
  for (std::int64_t i = 0; i < frames; ++i) {
    const double time = static_cast<double>(i) / rate;
    double value = 0, start = 0;
    for (const double note : notes) {
      const double since = time - start;
      start += spacing;
      if (since < 0) continue;
      for (const auto& [ratio, strength, decay] : partials)
        if (note * ratio < rate * 0.45)
          value += strength * std::min(1.0, since / attack) * std::exp(-since / decay) *
                   std::sin(2 * std::numbers::pi * note * ratio * since);
    }
    const double left = (static_cast<double>(frames - 1 - i) / rate) / fade;
    out.samples[i] = static_cast<float>(level * value * (left < 1 ? left * left * (3 - 2 * left) : 1));
  }
  return out;
}

}  // namespace odeon::media

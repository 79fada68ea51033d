// A speech model for tests: a tone for each text, as long as reading it would take. Instant.
#pragma once

#include <cmath>
#include <numbers>

#include "engine/ai/speech.hpp"

namespace odeon::testing {

class ToneVoice final : public ai::SpeechModel {
 public:
  static constexpr int kRate = 16000;

  std::string name() const override { return "test/tone"; }
  bool speaks(const ai::SpeechRequest&) const override { return true; }
  Task<ai::Speech> speak(ai::SpeechRequest request) override {
    const double seconds = 0.3 + 0.065 * static_cast<double>(request.text.size());
    Pcm audio{.rate = kRate};
    audio.samples.resize(static_cast<std::size_t>(seconds * kRate));
    for (std::size_t i = 0; i < audio.samples.size(); ++i)
      audio.samples[i] = 0.2F * std::sin(2 * std::numbers::pi_v<float> * 220 * static_cast<float>(i) / kRate);
    co_return ai::Speech{.audio = std::move(audio), .model = name(), .voice = "tone"};
  }
};

}  // namespace odeon::testing

// Speech in many languages without a network, by espeak-ng as a process of its own (its licence, and the
// globals of its library, stay outside).
#pragma once

#include <chrono>

#include "engine/ai/speech.hpp"

namespace odeon::ai {

struct EspeakOptions {
  std::string program = "espeak-ng";        // on PATH, or a path
  std::chrono::milliseconds limit{30'000};  // for one text
};

class EspeakSpeech final : public SpeechModel {
 public:
  // `pool` outlives this; a thread of it waits while the program speaks.
  EspeakSpeech(ThreadPool& pool, EspeakOptions options = {}) : pool_(pool), options_(std::move(options)) {}

  std::string name() const override;
  bool speaks(const SpeechRequest& request) const override;
  std::vector<VoiceInfo> voices() const override;
  // Kills the program when cancelled.
  Task<Speech> speak(SpeechRequest request) override;

 private:
  ThreadPool& pool_;
  EspeakOptions options_;
};

}  // namespace odeon::ai

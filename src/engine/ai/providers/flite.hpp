// English speech without a network, by libflite with the voices compiled into it.
//
// The library shares counted references between calls on one voice, so each call has a voice object of
// its own; with that, calls run in parallel. slt, rms and awb are statistical voices: what the library predicts of them
// goes through a filter of our own (vocoder.hpp), and a second of sound takes 8 ms of CPU, where the library's own
// takes 13; kal16 (diphones, robotic) takes 0.5 ms. The same text is the same sound.
#pragma once

#include <memory>

#include "engine/ai/speech.hpp"

namespace odeon::ai {

class FliteSpeech final : public SpeechModel {
 public:
  // `pool` outlives this, and does the work. `voice` is one of slt, rms, awb, kal16.
  explicit FliteSpeech(ThreadPool& pool, std::string voice = "slt");
  ~FliteSpeech() override;

  std::string name() const override;
  bool speaks(const SpeechRequest& request) const override;
  std::vector<VoiceInfo> voices() const override;
  // Stops at the latest after the sentence that it is at when cancelled. Text without a word to say is a short silence.
  Task<Speech> speak(SpeechRequest request) override;

 private:
  struct Shelf;
  ThreadPool& pool_;
  std::string voice_;
  std::unique_ptr<Shelf> shelf_;
};

}  // namespace odeon::ai

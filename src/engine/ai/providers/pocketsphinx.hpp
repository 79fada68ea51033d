// English speech to text without a network, by libpocketsphinx with its models of US English (Debian's
// pocketsphinx-en-us, loaded when somebody first speaks).
//
// It hears words, and when; it knows neither commas nor names that are not in its dictionary, and of speech that is not
// read aloud it gets many a word wrong: enough to find one's way in an hour of talk, not enough to print it. Measured
// on one core of a virtual machine: a third of a second of CPU for a second of speech, 100 MB for each decoder.
#pragma once

#include <chrono>
#include <memory>

#include "engine/ai/transcription.hpp"

namespace odeon::ai {

struct PocketsphinxOptions {
  std::string models = "/usr/share/pocketsphinx/model/en-us";
  std::chrono::milliseconds idle{120'000};  // how long a decoder that nobody needs is kept
};

class PocketsphinxTranscription final : public TranscriptionModel {
 public:
  // `pool` outlives this, and does the work: as many decoders as it has threads work at once.
  explicit PocketsphinxTranscription(ThreadPool& pool, PocketsphinxOptions options = {});
  ~PocketsphinxTranscription() override;

  std::string name() const override { return "odeon-offline/pocketsphinx"; }
  bool tells_times() const override { return true; }
  // Takes English, as WAV.
  std::optional<Error> objection(const TranscriptionRequest& request) const override;
  // Of 16 kHz, mono and 16 bits; other WAV is Error{unsupported_type}. Stops at the latest after the breath that it is
  // at when cancelled. Throws Error{unavailable} where the library or its models are missing.
  Task<Transcript> transcribe(TranscriptionRequest request) override;

  // Decoders that wait for work.
  std::size_t spare() const;

 private:
  class Shelf;
  ThreadPool& pool_;
  std::unique_ptr<Shelf> shelf_;
};

}  // namespace odeon::ai

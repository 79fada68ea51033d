// Speech by providers with a library of voices under ids of their own, who answer with 16-bit mono samples without a
// header: Cartesia, ElevenLabs. What goes over the wire is theirs to say.
#pragma once

#include <chrono>

#include "engine/ai/providers/provider_call.hpp"
#include "engine/ai/speech.hpp"

namespace odeon::ai {

// A voice of the library under a name that people can choose.
struct LibraryVoice {
  std::string name;
  std::string id;
};

struct LibraryOptions {
  std::string base_url;
  std::string key;
  std::string model;
  std::vector<LibraryVoice> voices;
  std::chrono::milliseconds limit{60'000};
};

// What is theirs alone.
struct VoiceLibrary {
  std::string provider;
  int rate;              // of the samples
  LibraryOptions usual;  // but for the address and the key
  // The call's address, headers and body.
  ProviderCall (*order)(const SpeechRequest& request, const std::string& voice_id, const LibraryOptions& options);
};

class LibrarySpeech final : public SpeechModel {
 public:
  // `client` and `clock` outlive it.
  LibrarySpeech(http::Client& client, const Clock& clock, VoiceLibrary library, LibraryOptions options);
  std::string name() const override { return library_.provider + "/" + options_.model; }
  bool speaks(const SpeechRequest& request) const override { return voice_for(request, voices_) != nullptr; }
  std::vector<VoiceInfo> voices() const override { return voices_; }
  Task<Speech> speak(SpeechRequest request) override;

 private:
  http::Client& client_;
  const Clock& clock_;
  VoiceLibrary library_;
  LibraryOptions options_;
  std::vector<VoiceInfo> voices_;
};

}  // namespace odeon::ai

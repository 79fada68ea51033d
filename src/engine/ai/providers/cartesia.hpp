// Speech by Cartesia: POST {base}/tts/bytes (API version 2026-08-14), 44.1 kHz 16-bit mono without a header.
#pragma once

#include <chrono>

#include "base/time.hpp"
#include "engine/ai/speech.hpp"
#include "engine/http/client.hpp"

namespace odeon::ai {

// A voice of Cartesia's library under a name that people can choose.
struct CartesiaVoice {
  std::string name;
  std::string id;
};

struct CartesiaOptions {
  std::string base_url = "https://api.cartesia.ai";
  std::string key;
  std::string model = "sonic-3";
  std::vector<CartesiaVoice> voices = {{"katie", "f786b574-daa5-4673-aa0c-cbe3e8534c02"},
                                       {"kiefer", "228fca29-3a0a-435c-8728-5cb483251068"}};
  std::chrono::milliseconds limit{60'000};
};

class CartesiaSpeech final : public SpeechModel {
 public:
  // `client` and `clock` outlive it.
  CartesiaSpeech(http::Client& client, const Clock& clock, CartesiaOptions options);
  std::string name() const override { return "cartesia/" + options_.model; }
  bool speaks(const SpeechRequest& request) const override { return voice_for(request, voices_) != nullptr; }
  std::vector<VoiceInfo> voices() const override { return voices_; }
  Task<Speech> speak(SpeechRequest request) override;

 private:
  http::Client& client_;
  const Clock& clock_;
  CartesiaOptions options_;
  std::vector<VoiceInfo> voices_;
};

}  // namespace odeon::ai

// Speech as a capability: text of one sentence or a few in, sound out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/pcm.hpp"
#include "base/task.hpp"
#include "base/trace.hpp"
#include "engine/ai/usage.hpp"

namespace odeon::ai {

struct SpeechRequest {
  std::string text;             // one to a few sentences, at most 4096 characters
  std::string language = "en";  // BCP 47
  std::string voice;            // a name the model knows; empty: its default for the language
  double speed = 1.0;           // 0.5–2.0
  std::string model;   // a name of the catalogue or "provider/model", to insist on it; empty: the gateway picks
  TraceContext trace;  // of whoever asks; a model is given the place of its own attempt
  std::string task = "speech";  // or "chat.speech", for metrics and the ledger
  Payer payer;
};

struct Speech {
  Pcm audio;
  std::string model;  // what spoke: "odeon-offline/flite", "openai/tts-1"
  std::string voice;
  Usage usage;  // tokens, of a model that is paid by them; characters and seconds are counted by the gateway
};

// What a request uses at most, be it paid by the character or by the token.
Usage most_of(const SpeechRequest& request);

// What a client may ask for. Which plan a voice belongs to is the product's business.
struct VoiceInfo {
  std::string name;
  std::string language;  // BCP 47; empty: whatever the text is in
  std::string model;     // whose it is: SpeechModel::name
};

// The one that a request is for: of its name, or the first of its language. Null if there is none.
const VoiceInfo* voice_for(const SpeechRequest& request, const std::vector<VoiceInfo>& voices);

class SpeechModel {
 public:
  virtual ~SpeechModel() = default;
  virtual std::string name() const = 0;  // "openai/tts-1"
  // Whether it has the language, and the voice where one is named.
  virtual bool speaks(const SpeechRequest& request) const = 0;
  virtual std::vector<VoiceInfo> voices() const { return {}; }
  // Failures are Errors: upstream, unavailable, rate_limited (with retry_after), timeout, invalid.
  virtual Task<Speech> speak(SpeechRequest request) = 0;
};

}  // namespace odeon::ai

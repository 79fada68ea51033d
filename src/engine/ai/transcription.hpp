// Transcription as a capability: recorded speech in; what was said, and where the model can tell, when, out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/task.hpp"
#include "base/trace.hpp"
#include "engine/ai/usage.hpp"

namespace odeon::ai {

struct TranscriptionRequest {
  std::string audio;       // the bytes of a whole file
  std::string media_type;  // audio/mpeg, audio/mp4, audio/wav, audio/webm, audio/ogg, audio/flac
  double seconds = 0;      // its length: what is charged where the provider does not count; 0: unknown
  std::string language;    // BCP 47; empty: the model finds out
  std::string prompt;      // names and words that may occur
  bool timed = false;      // it is of no use without times: only for models that tell them
  std::string model;       // a name of the catalogue or "provider/model", to insist on it; empty: the gateway picks
  TraceContext trace;      // of whoever asks; a model is given the place of its own attempt
  std::string task = "transcription";  // or "chat.transcription", for metrics and the ledger
  Payer payer;
};

// Something that was said, and when, in seconds from the beginning.
struct Spoken {
  std::string text;
  double start = 0, end = 0;
  auto operator<=>(const Spoken&) const = default;
};

struct Transcript {
  std::string text;
  std::string language;          // BCP 47; empty: unknown
  double seconds = 0;            // of sound; 0: unknown
  std::vector<Spoken> segments;  // about sentences; empty: the model cannot tell
  std::vector<Spoken> words;     // likewise
  std::string model;
  Usage usage;
};

// What a request uses at most, be it paid by the second or by the token.
Usage most_of(const TranscriptionRequest& request);

class TranscriptionModel {
 public:
  virtual ~TranscriptionModel() = default;
  virtual std::string name() const = 0;  // "openai/whisper-1"
  // Whether it tells when something was said.
  virtual bool tells_times() const = 0;
  // Why this is not for it (another language, another kind of file), as whoever asked is told if nobody else takes it.
  virtual std::optional<Error> objection(const TranscriptionRequest&) const { return std::nullopt; }
  // Failures are Errors, as TextModel has them.
  virtual Task<Transcript> transcribe(TranscriptionRequest request) = 0;
};

}  // namespace odeon::ai

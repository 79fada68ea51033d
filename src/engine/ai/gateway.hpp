// One door to every model: pick, call, fail over, meter.
//
// Candidates are tried in order of preference; a failure that another provider may not have (upstream,
// unavailable, timeout, rate_limited, unauthenticated there) moves on to the next at once. A provider
// that keeps failing is left alone for a while (circuit per model, half-open probe); one that said
// Retry-After, until then. The offline answer comes last and says so.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/time.hpp"
#include "engine/ai/batch.hpp"
#include "engine/ai/cache.hpp"
#include "engine/ai/catalogue.hpp"
#include "engine/ai/embedding.hpp"
#include "engine/ai/image.hpp"
#include "engine/ai/speech.hpp"
#include "engine/ai/text_stream.hpp"
#include "engine/ai/transcription.hpp"
#include "engine/ai/video.hpp"

namespace odeon::ai {

inline constexpr std::string_view kOfflineModel = "odeon-offline";

// What one call used, for the ledger (billing implements it; wiring joins them).
struct Metered {
  std::string task;
  std::string model;
  Usage usage;
  bool succeeded = true;
  NanoUsd cost = 0;
  Payer payer;
  std::string id;  // where it may come again: it counts once. Empty: it comes once
};
class Meter {
 public:
  virtual ~Meter() = default;
  virtual Task<void> record(Metered call) = 0;
  // The same without waiting: true, and the call is taken. False where it has to be recorded. Never throws.
  virtual bool record_now(Metered&) { return false; }
};

// What is held of a budget while a request is under way.
class Held {
 public:
  virtual ~Held() = default;
  // What it came to; nothing if it came to nothing. Once. Never throws.
  virtual Task<void> settle(NanoUsd cost) = 0;
  // The same without waiting: true, and it is settled. False where it has to be waited for.
  virtual bool settle_now(NanoUsd) { return false; }
};

// What a person may still spend (billing implements it). A budget that is gone is Error{payment_required}.
class Budgets {
 public:
  virtual ~Budgets() = default;
  // Holds `most` nano-dollars of whoever pays; null where nothing is counted. As it is, by a reservation.
  virtual Task<std::unique_ptr<Held>> hold(Payer payer, NanoUsd most);
  // The same for what outlives this process: the reservation's id, empty where nothing is counted.
  virtual Task<std::string> reserve(Payer payer, NanoUsd most) = 0;
  // As Held's.
  virtual Task<void> settle(std::string reservation, NanoUsd cost) = 0;
};

// An answer that is being written.
struct StreamedReply {
  std::string model;  // who writes it: "openai/gpt-4o", "odeon-offline"
  std::unique_ptr<TextStream> events;
  bool cached = false;  // it was given before; costs nothing
};

struct ModelHealth {
  std::string model;
  bool available = true;    // the circuit is closed
  bool is_asked = true;     // that, or it is time for the one call that finds out
  bool is_limited = false;  // it is not available because of its provider's limits
  std::string last_fault;   // a stable code, never an address or a key
  Micros first_word{};      // how long its streams took to begin in the last ten minutes; 0: not known
};

struct GatewayOptions {
  Catalogue catalogue;         // what models are called, and what they cost
  Budgets* budgets = nullptr;  // else nothing is held
  Spans* spans = nullptr;      // each attempt at a model becomes one
  Cache* cache = nullptr;      // else nothing is kept
};

class Gateway {
 public:
  // What it is given outlives it.
  Gateway(const Clock& clock, Log& log, Metrics& metrics, Meter& meter, GatewayOptions options = {});
  ~Gateway();

  // In order of preference; before first use.
  void add(std::unique_ptr<TextModel> model);
  void add(std::unique_ptr<SpeechModel> model);
  void add(std::unique_ptr<EmbeddingModel> model);
  void add(std::unique_ptr<TranscriptionModel> model);
  void add(std::unique_ptr<ImageModel> model);
  void add(std::unique_ptr<VideoModel> model);
  void add(std::unique_ptr<BatchModel> model);

  // Throws Error{unavailable} with retry_after when nothing answered and there is no composer.
  Task<TextReply> text(TextRequest request);
  // The same, while it is being written. Another model is asked as long as nothing has come from the first; afterwards
  // a fault ends the stream. Destroying the stream ends the call; what it used is metered all the same.
  Task<StreamedReply> stream(TextRequest request);
  // Always answers while an offline voice speaks the language: a voice that nobody has, or whose model
  // fails, is replaced by another one's default. The answer says who spoke.
  Task<Speech> speak(SpeechRequest request);
  // Each of these throws Error{unavailable} with retry_after when nothing answered, {invalid} where the request cannot
  // be served by any model here.
  Task<Embeddings> embed(EmbeddingRequest request);
  Task<Transcript> transcribe(TranscriptionRequest request);
  Task<Images> draw(ImageRequest request);
  Task<Video> film(VideoRequest request);

  // What can wait (batch.hpp): all of it is asked of one model, of those that the first request names. What it costs at
  // most is held by the ticket; payers who have nothing left are left out, and are answered Error{payment_required} in
  // their place. Throws that where nobody is left, and otherwise as `text` does; there is no offline answer.
  Task<BatchTicket> submit_batch(std::vector<TextRequest> requests);
  // Once there are answers they are paid for, and what was held is given back; the same ticket again costs nothing.
  // Throws as the model does.
  Task<BatchLook> collect_batch(BatchTicket ticket);
  // What was answered until then can be collected, once the provider has ended it.
  Task<void> cancel_batch(BatchTicket ticket);
  // Gives back what is held, where nobody is going to collect.
  Task<void> release_batch(BatchTicket ticket);

  // Once no stream is left: what was abandoned is written down.
  Task<void> stop();

  const Catalogue& catalogue() const;
  // The models of the catalogue that can be asked, by name.
  std::vector<const ModelCard*> models(ModelKind kind = ModelKind::text) const;
  // All that can be asked, the catalogue's or not, in order of preference: "provider/model".
  std::vector<std::string> names(ModelKind kind) const;
  std::vector<VoiceInfo> voices() const;
  std::vector<ModelHealth> health() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace odeon::ai

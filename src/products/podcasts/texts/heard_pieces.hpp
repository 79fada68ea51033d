// Hearing out a sound, piece by piece: several pieces at once, each kept as soon as it was heard, so that whoever was
// cut off goes on with the first that is missing.
#pragma once

#include "engine/ai/gateway.hpp"
#include "engine/storage/storage.hpp"
#include "products/podcasts/texts/transcript.hpp"
#include "products/podcasts/texts/transcript_store.hpp"

namespace odeon::podcasts {

// What is to be heard, for whom.
struct HearingOrder {
  std::string episode_id;
  std::string audio_id;
  std::string storage_key;
  double seconds = 0;    // its length
  std::string language;  // BCP 47
  ai::Payer payer;
  TraceContext trace;
};

// Thread-safe; what it is given outlives it.
class HeardPieces {
 public:
  HeardPieces(database::Database& database, storage::Storage& storage, ai::Gateway& gateway, ThreadPool& heavy)
      : database_(database), storage_(storage), gateway_(gateway), heavy_(heavy) {}

  // Called after every few pieces, with how much of the sound was heard, 0 to 1. False: nobody wants it any more.
  using Tell = std::function<Task<bool>(double done)>;
  // All that was said; nothing if `tell` said so. Throws what the gateway and the reader of the sound throw.
  Task<std::optional<TimedTranscript>> hear(HearingOrder order, Tell tell);
  // Which is asked before others. Empty where there is none.
  std::string preferred_model() const;

 private:
  struct Piece;
  class Reader;
  Task<void> hear_piece(HearingOrder order, Piece piece);
  Task<TimedTranscript> joined(std::string audio_id);

  database::Database& database_;
  storage::Storage& storage_;
  ai::Gateway& gateway_;
  ThreadPool& heavy_;
};

}  // namespace odeon::podcasts

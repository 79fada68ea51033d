// The notes of an episode, as a durable job writes them once there is a transcript: text and chapters for its page and
// its feed, and the chapters in the tag of its sound too.
#pragma once

#include "engine/ai/gateway.hpp"
#include "products/podcasts/sound/processing.hpp"
#include "products/podcasts/sound/tagged_sound.hpp"
#include "products/podcasts/texts/notes_prompt.hpp"
#include "products/podcasts/texts/transcript_store.hpp"

namespace odeon::podcasts {

struct WriteShowNotes {
  static constexpr std::string_view kind = "podcasts.show_notes";
  std::string episode_id;
  std::string source_id;
  bool keep_own = true;  // a text that its owner wrote stays
};
BOOST_DESCRIBE_STRUCT(WriteShowNotes, (), (episode_id, source_id, keep_own))

// Whether somebody has changed what was written for them.
bool is_their_own(const EpisodeTexts& texts);

// Thread-safe; what it is given outlives it.
class NotesWork {
 public:
  struct Rooms {
    database::Database& database;
    jobs::Queue& queue;
    billing::Subscriptions& subscriptions;
    ai::Gateway& gateway;
    TaggedSound& tagged;
    Announcements& announcements;
    ThreadPool& heavy;
    const Clock& clock;
  };
  explicit NotesWork(Rooms rooms) : rooms_(rooms) {}

  // The job's id.
  Task<std::string> begin(Transaction& tx, WriteShowNotes job, std::string user_id, TraceContext trace);
  void install(jobs::Worker& worker);

 private:
  Task<void> run(WriteShowNotes job, jobs::Job& handle);
  Task<ShowNotes> written(EpisodeRow episode, TimedTranscript transcript, TraceContext trace);
  Task<void> keep(WriteShowNotes job, ShowNotes notes, jobs::Job& handle);
  // False: nobody wants them any more, or the sound with its new tag is not to be had.
  Task<bool> finish(WriteShowNotes job, NotesKept kept, std::optional<Finished> tagged, jobs::Job& handle);
  Task<void> failed(WriteShowNotes job, Transaction& tx, std::string error);

  Rooms rooms_;
};

}  // namespace odeon::podcasts

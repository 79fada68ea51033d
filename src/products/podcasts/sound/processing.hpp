// The work on an episode's sound: what came is cleaned, shortened, levelled and encoded by a durable job, and is what
// is heard from then on. A job that is cut off leaves nothing half-made, and goes on at the step at which it was:
//
//   hear it (decode, clean, measure)      kept on the machine that did, for itself
//   make the MP3 (level, encode, store)   kept in storage and in its row, for every node
//   finish (what is heard, what follows)  one transaction, which also begins the job of the transcript
//
// One whose episode has another source or another job by then ends without effect.
//
//   audio.on_arrival([&](Transaction& tx, Arrived arrived) { return processing.begin(tx, arrived); });
//   processing.on_processed(…);   // whoever goes on from there, in the transaction in which the sound is finished
#pragma once

#include "engine/billing/subscriptions.hpp"
#include "engine/jobs/worker.hpp"
#include "products/podcasts/announcements.hpp"
#include "products/podcasts/artwork/artwork.hpp"
#include "products/podcasts/sound/audio.hpp"
#include "products/podcasts/sound/measurements.hpp"
#include "products/podcasts/sound/sound_work.hpp"

namespace odeon::podcasts {

struct ProcessSound {
  static constexpr std::string_view kind = "podcasts.process";
  static constexpr auto weight = jobs::Weight::heavy;
  std::string episode_id;
  std::string source_id;
};
BOOST_DESCRIBE_STRUCT(ProcessSound, (), (episode_id, source_id))

// An episode whose sound is finished, in the transaction in which it is.
struct ProcessedEpisode {
  std::string user_id;
  std::string podcast_id;
  std::string episode_id;
  std::string source_id;
  std::string audio_key;      // of the MP3, in storage
  double seconds = 0;         // that it is long
  Cuts cuts;                  // between source and MP3
  ProcessingOptions options;  // with all values; notes are wanted only where the plan has them
  std::string language;       // that is spoken: the one that was chosen, or the podcast's
  std::string job_id;         // for store::hand_on_processing, by whoever goes on
  TraceContext trace;
};

// Thread-safe; what it is given outlives it.
class Processing {
 public:
  struct Rooms {
    database::Database& database;
    storage::Storage& storage;
    jobs::Queue& queue;
    billing::Subscriptions& subscriptions;
    Audio& audio;
    Artwork& artwork;
    SoundWork& work;
    Announcements& announcements;
    const Clock& clock;
  };
  explicit Processing(Rooms rooms) : rooms_(rooms) {}

  // True: more follows, which calls Announcements::done when all is done. Before first use.
  using OnProcessed = std::function<Task<bool>(Transaction& tx, ProcessedEpisode episode)>;
  void on_processed(OnProcessed call) { on_processed_ = std::move(call); }

  // The work begins, with the options that are kept of the episode when that happens; whatever is under way ends
  // without effect. The transaction holds the episode.
  Task<void> begin(Transaction& tx, Arrived of);

  void install(jobs::Worker& worker);

 private:
  Task<void> run(ProcessSound job, jobs::Job& handle);
  Task<void> work_on(ProcessSound job, AudioRow source, jobs::Job& handle);
  // Nothing: nobody wants it any more.
  Task<std::optional<MadeMp3>> make(ProcessSound job, AudioRow source, jobs::Job& handle);
  Task<std::optional<MadeSound>> make_sound(ProcessSound job, AudioRow source, jobs::Job& handle);
  Task<media::RecordingOptions> options_for(std::string episode_id);
  // False: nobody wants it any more.
  Task<bool> finish(ProcessSound job, MadeMp3 made, jobs::Job& handle);
  Task<ProcessedEpisode> processed(Transaction& tx, ProcessSound job, Cuts cuts);
  Task<void> failed(ProcessSound job, Transaction& tx, std::string error);

  Rooms rooms_;
  OnProcessed on_processed_;
};

}  // namespace odeon::podcasts

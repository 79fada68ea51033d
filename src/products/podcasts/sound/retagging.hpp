// The tag of a finished sound, once its picture or its chapters have changed, or when it is published for the first
// time: a job writes the tag anew, by what episode and podcast are called and numbered by then, and copies the sound;
// where the tag says all that already, nothing happens. Work on the sound or its texts that is under way is waited for,
// as it may have looked before.
//
// An address stands for the same bytes for ever, so another tag is another address. What was published was taken home
// by listeners, whose programs show the feed's picture and titles: of those, nothing is done to it any more, since they
// would fetch all of it again.
#pragma once

#include "engine/jobs/worker.hpp"
#include "products/podcasts/sound/tagged_sound.hpp"

namespace odeon::podcasts {

struct RetagSound {
  static constexpr std::string_view kind = "podcasts.retag_sound";
  std::string episode_id;
};
BOOST_DESCRIBE_STRUCT(RetagSound, (), (episode_id))

// In the transaction in which the chapters of an episode of theirs change, or it is published for the first time.
Task<void> retag_sound_of(Transaction& tx, jobs::Queue& queue, std::string user_id, std::string episode_id,
                          TraceContext trace);
// In the transaction in which the picture of an episode or a podcast of theirs changes.
Task<void> retag_sounds_showing(Transaction& tx, jobs::Queue& queue, std::string user_id, std::string subject_id,
                                TraceContext trace);

// Thread-safe; what it is given outlives it.
class Retagging {
 public:
  Retagging(database::Database& database, jobs::Queue& queue, TaggedSound& tagged, const Clock& clock)
      : database_(database), queue_(queue), tagged_(tagged), clock_(clock) {}

  void install(jobs::Worker& worker);

 private:
  Task<void> run(RetagSound job, jobs::Job& handle);
  Task<void> try_later(RetagSound job, jobs::Job& handle);
  // False: something else happened to it meanwhile.
  Task<bool> finish(EpisodeRow episode, Finished tagged, jobs::Job& handle);

  database::Database& database_;
  jobs::Queue& queue_;
  TaggedSound& tagged_;
  const Clock& clock_;
};

}  // namespace odeon::podcasts

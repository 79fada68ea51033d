// SQL of the work on episodes' sounds.
#pragma once

#include "products/podcasts/sound/audio_store.hpp"
#include "products/podcasts/sound/processing_options.hpp"

namespace odeon::podcasts {

// Without what is large of it.
struct ProcessingRow {
  std::string episode_id;
  std::string user_id;
  std::string options;  // JSON, as are the next three
  std::optional<std::string> job_id;
  std::optional<Instant> begun_at;
  std::optional<std::string> source_id;
  std::optional<std::string> measurements;
};
BOOST_DESCRIBE_STRUCT(ProcessingRow, (), (episode_id, user_id, options, job_id, begun_at, source_id, measurements))

// What was made of `source_id`, in JSON.
struct MeasuredRow {
  std::string source_id;
  std::string measurements;
  std::string edits;
  std::string waveform;
};
BOOST_DESCRIBE_STRUCT(MeasuredRow, (), (source_id, measurements, edits, waveform))

// An MP3 that is stored, and not yet what is heard.
struct MadeMp3 {
  std::string storage_key;
  std::int64_t bytes = 0;
  double seconds = 0;
  double recorded_seconds = 0;  // of the source
  std::string measurements, edits, waveform;
};
BOOST_DESCRIBE_STRUCT(MadeMp3, (), (storage_key, bytes, seconds, recorded_seconds, measurements, edits, waveform))

namespace store {

// Usual ones where nobody chose.
Task<ProcessingOptions> options_of(Executor& executor, std::string episode_id);
// From now on; what `given` leaves out stays. Whoever also holds the episode does so before.
Task<ProcessingOptions> choose(Transaction& tx, std::string episode_id, std::string user_id, ProcessingOptions given);
Task<std::optional<ProcessingRow>> processing(Executor& executor, std::string episode_id);
// The work on an episode begins: whatever other job worked for it does so without effect.
Task<void> begin_processing(Transaction& tx, std::string episode_id, std::string user_id, std::string job_id,
                            Instant now);
// It goes on with another job in the place of `job_id`. False if that works for it no more.
Task<bool> hand_on_processing(Transaction& tx, std::string episode_id, std::string job_id, std::string next_job_id);
// Whether this is still the job and this the source. In a transaction that holds the row of the processing, it stays
// so.
Task<bool> is_wanted(Executor& executor, std::string episode_id, std::string source_id, std::string job_id);
// This job finishes in this transaction, which holds the row to its end. False if it works for it no more.
Task<bool> hold_processing(Transaction& tx, std::string episode_id, std::string job_id);
// What this job has made, so that it only has to finish it if it is cut off: JSON of its own. Without effect if another
// one works for it by now; gone when it is finished.
Task<void> keep_made(Executor& executor, std::string episode_id, std::string job_id, std::string made);
// Nothing if it made nothing yet.
Task<std::optional<std::string>> made(Executor& executor, std::string episode_id, std::string job_id);
Task<void> forget_made(Executor& executor, std::string episode_id, std::string job_id);
Task<void> keep_measured(Transaction& tx, std::string episode_id, MeasuredRow measured);
// What is heard is `source_id` as it came: nothing was made of it, nor measured.
Task<void> keep_uncut(Transaction& tx, std::string episode_id, std::string user_id, std::string source_id,
                      std::string edits);
// JSON; nothing until there is one.
Task<std::optional<std::string>> waveform(Executor& executor, std::string episode_id);
Task<std::optional<std::string>> edits(Executor& executor, std::string episode_id);
Task<void> forget_processing(Transaction& tx, std::string episode_id);

}  // namespace store
}  // namespace odeon::podcasts

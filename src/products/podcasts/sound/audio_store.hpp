// SQL of sounds, and of what of an episode follows from them.
#pragma once

#include "products/podcasts/episode_store.hpp"

namespace odeon::podcasts {

// `making`: somebody is about to write it, so that it is known of if they die.
enum class AudioRole { source, finished, making };
BOOST_DESCRIBE_ENUM(AudioRole, source, finished, making)

struct AudioRow {
  std::string id;
  std::string user_id;
  std::string episode_id;
  AudioRole role = AudioRole::source;
  std::string storage_key;
  std::string media_type;
  std::string name;  // as whoever sent it called it
  std::int64_t bytes = 0;
  std::int64_t counted = 0;  // of them, by the meter of storage
  std::optional<double> seconds;
  std::optional<std::string> reservation;  // of minutes of recording, until `seconds` is known
  Instant created_at;
};
BOOST_DESCRIBE_STRUCT(AudioRow, (),
                      (id, user_id, episode_id, role, storage_key, media_type, name, bytes, counted, seconds,
                       reservation, created_at))

// An object that nobody wants any more.
struct Leftover {
  std::string id;
  std::string storage_key;
};
BOOST_DESCRIBE_STRUCT(Leftover, (), (id, storage_key))

namespace store {

Task<void> add(Transaction& tx, AudioRow row);
Task<std::optional<AudioRow>> audio(Executor& executor, std::string id);
// The oldest first, those that are removed left out, and of a person's those that are being made.
Task<std::vector<AudioRow>> audio_of(Executor& executor, std::string episode_id);
Task<std::vector<AudioRow>> audio_of_person(Executor& executor, std::string user_id, std::string after,
                                            std::int64_t limit);
// The minutes that it holds are no longer its affair.
Task<void> keep_seconds(Transaction& tx, std::string id, double seconds);
// Nobody's from now on. Nothing if it was so before; the row as it was, with what is to be given back for it.
// `replaced_at`: when something else took its place in the ears of listeners.
Task<std::optional<AudioRow>> let_go_audio(Transaction& tx, std::string id, std::optional<Instant> replaced_at);
// What is counted for it counts for another row from now on, where one has the same object. False if none has.
Task<bool> hand_on_count(Transaction& tx, AudioRow gone);
// What was being made is there; its row is another's affair. False if it was let go.
Task<bool> end_making(Transaction& tx, std::string episode_id, std::string storage_key);
// Nobody listens to the end of what was replaced in this episode.
Task<void> forget_replaced(Transaction& tx, std::string episode_id);
// Those that were not replaced after `replaced_before`, and whose object no other row needs.
Task<std::vector<Leftover>> let_go_audio(Executor& executor, Instant replaced_before, std::int64_t limit);
// What is or was heard of an episode, while it is kept.
Task<std::optional<AudioRow>> heard_audio(Executor& executor, std::string episode_id, std::string id);
Task<void> remove_audio(Executor& executor, std::string id);
// All of a person's, those that nobody has any more included.
Task<std::vector<Leftover>> audio_objects_of(Executor& executor, std::string user_id);

// Holds the episode to the end of the transaction. False if it is gone, or has another source.
Task<bool> hold_episode(Transaction& tx, std::string episode_id, std::string source_id);
// The same for one that has no sound.
Task<bool> hold_silent(Transaction& tx, std::string episode_id);
// What came finished is heard. False if the episode is gone, or has a sound.
Task<bool> set_adopted(Transaction& tx, std::string episode_id, std::string audio_id, Instant now);
// The same is its source too. False if it has one, or other sound.
Task<bool> set_source_of_adopted(Transaction& tx, std::string episode_id, std::string audio_id, std::string source_id);
// Each tells whether there was such an episode, with that source: another may have come meanwhile. An episode that is a
// draft says that it is being worked on while it is.
Task<bool> set_source(Transaction& tx, std::string episode_id, std::string audio_id, Instant now);
Task<bool> set_processing(Executor& executor, std::string episode_id, std::string source_id, ProcessingStatus status,
                          std::optional<std::string> error, Instant now);
Task<bool> set_finished(Transaction& tx, std::string episode_id, std::string source_id, std::string audio_id,
                        Instant now);
// Something is on its way to it, and then did not arrive.
Task<void> set_uploading(Transaction& tx, std::string episode_id, Instant now);
Task<void> set_lost(Transaction& tx, std::string episode_id, std::string error, Instant now);

}  // namespace store
}  // namespace odeon::podcasts

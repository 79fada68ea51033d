// SQL of episodes.
#pragma once

#include "products/podcasts/show_store.hpp"

namespace odeon::podcasts {

enum class EpisodeStatus { draft, processing, published, scheduled };
BOOST_DESCRIBE_ENUM(EpisodeStatus, draft, processing, published, scheduled)
// `uploaded`: the sound has arrived, and nothing was done with it yet.
enum class ProcessingStatus { uploading, uploaded, transcribing, editing, complete, error };
BOOST_DESCRIBE_ENUM(ProcessingStatus, uploading, uploaded, transcribing, editing, complete, error)
enum class EpisodeType { full, trailer, bonus };
BOOST_DESCRIBE_ENUM(EpisodeType, full, trailer, bonus)

// Without its texts, with what is heard.
struct EpisodeRow {
  std::string id;
  std::string podcast_id;
  std::string user_id;
  std::string guid;
  std::string title;
  std::optional<std::string> description;
  std::optional<std::int64_t> episode_number, season_number;
  EpisodeType type = EpisodeType::full;
  std::optional<std::string> artwork_url;
  std::optional<std::string> source_id, audio_id;
  EpisodeStatus status = EpisodeStatus::draft;
  std::optional<ProcessingStatus> processing_status;
  std::optional<std::string> processing_error;
  std::optional<Instant> published_at, scheduled_for;
  Instant created_at, updated_at;
  std::optional<std::string> audio_key, audio_type;
  std::optional<std::int64_t> audio_bytes;
  std::optional<double> audio_seconds;
  bool operator==(const EpisodeRow&) const = default;
};
BOOST_DESCRIBE_STRUCT(EpisodeRow, (),
                      (id, podcast_id, user_id, guid, title, description, episode_number, season_number, type,
                       artwork_url, source_id, audio_id, status, processing_status, processing_error, published_at,
                       scheduled_for, created_at, updated_at, audio_key, audio_type, audio_bytes, audio_seconds))

struct EpisodeTexts {
  std::optional<std::string> transcript;
  json::value transcript_json;
  std::optional<std::string> show_notes;
  json::value show_notes_json;
};
BOOST_DESCRIBE_STRUCT(EpisodeTexts, (), (transcript, transcript_json, show_notes, show_notes_json))

namespace store {

Task<void> add(Transaction& tx, EpisodeRow row);
Task<std::optional<EpisodeRow>> episode(Executor& executor, std::string user_id, std::string id);
// Whosever it is.
Task<std::optional<EpisodeRow>> episode(Executor& executor, std::string id);
Task<EpisodeTexts> texts_of(Executor& executor, std::string episode_id);
// The newest first, from before the one with the id `before` (empty: from the newest); of one status, if that is not
// empty.
Task<std::vector<EpisodeRow>> episodes(Executor& executor, std::string podcast_id, std::string status,
                                       std::string before, std::int64_t limit);
// All that its owner can change by hand. False if it is gone.
Task<bool> change(Transaction& tx, EpisodeRow row, std::optional<std::string> show_notes);
Task<bool> remove_episode(Transaction& tx, std::string user_id, std::string id);
// What a feed tells: published, with sound, the newest first.
Task<std::vector<EpisodeRow>> heard_episodes(Executor& executor, std::string podcast_id, std::int64_t limit);
struct NotesInFeed {
  std::string episode_id;
  std::string show_notes;
  BOOST_DESCRIBE_CLASS(NotesInFeed, (), (episode_id, show_notes), (), ())
};
// Of the newest of those that have any.
Task<std::vector<NotesInFeed>> notes_in_feed(Executor& executor, std::string podcast_id, std::int64_t limit);
// From now on in the feed, since `at` unless it was there before.
Task<void> publish(Transaction& tx, std::string id, Instant at, Instant now);
Task<void> schedule(Transaction& tx, std::string id, Instant at, Instant now);
// An episode without a number gets the next one of its season.
Task<void> number(Transaction& tx, std::string id);
// In no feed, and not waiting for one.
Task<void> unpublish(Transaction& tx, std::string id, Instant now);
// If it still waits for that moment, it is published.
struct PublishedRow {
  std::string podcast_id, user_id;
  Instant published_at;  // for the first time
  BOOST_DESCRIBE_CLASS(PublishedRow, (), (podcast_id, user_id, published_at), (), ())
};
Task<std::optional<PublishedRow>> publish_scheduled(Transaction& tx, std::string id, Instant at, Instant now);
// It is a draft again, if it is scheduled for that moment.
Task<void> give_up_schedule(Transaction& tx, std::string id, Instant at, Instant now);
// Those with a sound that nobody has heard yet and that show the picture of this subject: the episode itself, or of a
// podcast those that have none of their own.
Task<std::vector<std::string>> episodes_showing(Executor& executor, std::string subject_id);
Task<std::vector<std::string>> episode_ids_of(Executor& executor, std::string podcast_id);

}  // namespace store
}  // namespace odeon::podcasts

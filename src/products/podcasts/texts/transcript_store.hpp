// SQL of transcripts and notes.
#pragma once

#include <map>

#include "products/podcasts/episode_store.hpp"

namespace odeon::podcasts {

// What was heard in a piece of a sound.
struct HeardRow {
  std::string audio_id;
  std::int64_t number = 0;  // of the piece, from 0
  std::string episode_id;
  double start_seconds = 0, end_seconds = 0;
  std::string words;  // JSON: [text, start, end] of each
  std::string language;
  std::string model;
};
BOOST_DESCRIBE_STRUCT(HeardRow, (), (audio_id, number, episode_id, start_seconds, end_seconds, words, language, model))

// What the world can read of an episode: revisions as they are in addresses.
struct OfferedTexts {
  std::string episode_id;
  std::optional<std::string> transcript_revision, chapters_revision;
  bool notes_by_model = false;
};
BOOST_DESCRIBE_STRUCT(OfferedTexts, (), (episode_id, transcript_revision, chapters_revision, notes_by_model))

struct TranscriptKept {
  std::string text;
  std::string json;
  std::string revision;
  std::optional<std::string> cuts;  // between the source and the sound whose times it has: JSON
};
// What the times of a transcript are of.
struct TimedBy {
  std::optional<std::string> source_id, cuts;
};
BOOST_DESCRIBE_STRUCT(TimedBy, (), (source_id, cuts))
struct NotesKept {
  std::optional<std::string> text;  // nothing: what its owner wrote stays
  std::string json;
  std::optional<std::string> chapters_revision;  // nothing: there are none
  bool by_model = false;
};

namespace store {

// Again is fine.
Task<void> keep_heard(Executor& executor, HeardRow row);
// In their order.
Task<std::vector<HeardRow>> heard(Executor& executor, std::string audio_id);
Task<void> forget_heard(Executor& executor, std::string episode_id);

Task<OfferedTexts> offered_texts(Executor& executor, std::string episode_id);
// Of those that have any, by episode.
Task<std::map<std::string, OfferedTexts>> all_offered_texts(Executor& executor, std::string podcast_id);
// Each false if the episode is gone, or has another source.
Task<bool> keep_transcript(Transaction& tx, std::string episode_id, std::string source_id, TranscriptKept transcript,
                           Instant now);
Task<TimedBy> timed_by(Executor& executor, std::string episode_id);
Task<bool> keep_notes(Transaction& tx, std::string episode_id, std::string source_id, NotesKept notes, Instant now);
// All is written; or no more is, and `note` tells its owner why. False if nobody was writing.
Task<bool> end_texts(Transaction& tx, std::string episode_id, std::string source_id, std::optional<std::string> note,
                     Instant now);
// Of a sound that is heard no more: but for the notes' text, which is its owner's.
Task<void> forget_timed_texts(Transaction& tx, std::string episode_id);

}  // namespace store
}  // namespace odeon::podcasts

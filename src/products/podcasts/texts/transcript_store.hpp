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
  std::string asked_language;
  std::string language;  // that it turned out to be
  std::string model;
};
BOOST_DESCRIBE_STRUCT(HeardRow, (),
                      (audio_id, number, episode_id, start_seconds, end_seconds, words, asked_language, language,
                       model))

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
  std::optional<std::string> heard_in;  // the language that was asked for; nothing: its owner has corrected it
};
// What the times of a transcript are of: the source, and what of it is left in the sound that was transcribed, in JSON.
struct TimedBy {
  std::optional<std::string> source_id, cuts;
  std::optional<std::string> heard_in;  // as above
};
BOOST_DESCRIBE_STRUCT(TimedBy, (), (source_id, cuts, heard_in))
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
// False if the episode is gone, or has another source. Its times are those of what is heard, which may be made of an
// earlier source.
Task<bool> keep_transcript(Transaction& tx, std::string episode_id, std::string source_id, TranscriptKept transcript,
                           Instant now);
// The same words but for what its owner corrected, at the same times.
Task<void> correct_transcript(Transaction& tx, std::string episode_id, TranscriptKept transcript, Instant now);
Task<TimedBy> timed_by(Executor& executor, std::string episode_id);
// Whether it is of what is heard now, was asked for in that language, and nobody has corrected it.
Task<bool> is_as_heard(Executor& executor, std::string episode_id, std::string language);
// False if the episode is gone, or has another source.
Task<bool> keep_notes(Transaction& tx, std::string episode_id, std::string source_id, NotesKept notes, Instant now);
// All is written; or no more is, and `note` tells its owner why. False if nobody was writing.
Task<bool> end_texts(Transaction& tx, std::string episode_id, std::string source_id, std::optional<std::string> note,
                     Instant now);
// Why a finished sound has no transcript or notes, for its owner.
Task<void> say_of_texts(Transaction& tx, std::string episode_id, std::string note);
// Of a sound that is heard no more, but for a text of notes that is its owner's.
Task<void> forget_timed_texts(Transaction& tx, std::string episode_id, bool keep_notes_text);

}  // namespace store
}  // namespace odeon::podcasts

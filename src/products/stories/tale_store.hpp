// SQL of stories.
#pragma once

#include "products/stories/hero_store.hpp"

namespace odeon::stories {

enum class TaleStatus { writing, ready, failed };
BOOST_DESCRIBE_ENUM(TaleStatus, writing, ready, failed)
enum class TalesBy { createdAt, listenCount };
BOOST_DESCRIBE_ENUM(TalesBy, createdAt, listenCount)

// What was asked for beside the text.
struct TaleWish {
  bool audio = true;
  bool illustrations = false;
  std::int64_t illustration_count = 3;
};
BOOST_DESCRIBE_STRUCT(TaleWish, (), (audio, illustrations, illustration_count))

// A scene of the content (words/scenes.hpp).
struct SceneTold {
  std::string text;
  std::string place, time, mood;
  std::int64_t offset = 0, words = 0;
  std::optional<Language> language;  // of the text; rows of old have none
};
BOOST_DESCRIBE_STRUCT(SceneTold, (), (text, place, time, mood, offset, words, language))

// A sentence as it was spoken; seconds in the finished sound.
struct SentenceSpoken {
  std::string text;
  double start = 0, end = 0;
};
BOOST_DESCRIBE_STRUCT(SentenceSpoken, (), (text, start, end))

struct TaleRow {
  std::string id;
  std::string user_id;
  std::optional<std::string> hero_id;
  std::string hero_name;
  std::string title;
  std::string content;
  Language language = Language::en;
  std::optional<std::string> event_type, custom_event_id, custom_event_prompt;
  TaleStatus status = TaleStatus::writing;
  std::optional<std::string> error;
  TaleWish wish;
  std::string tier;
  std::string reservation;
  std::optional<std::string> request_key;
  std::string job_id;
  std::vector<SceneTold> scenes;
  std::string text_model;
  std::optional<std::string> audio_key;
  std::optional<double> audio_seconds;
  std::optional<Instant> audio_at;
  std::optional<std::string> audio_model, voice;
  std::optional<std::vector<SentenceSpoken>> narrated;
  std::optional<std::string> audio_job_id, illustrations_job_id;
  std::int64_t listen_count = 0;
  std::optional<Instant> last_listened_at;
  bool is_favorite = false;
  Instant created_at, updated_at;
};
BOOST_DESCRIBE_STRUCT(TaleRow, (),
                      (id, user_id, hero_id, hero_name, title, content, language, event_type, custom_event_id,
                       custom_event_prompt, status, error, wish, tier, reservation, request_key, job_id, scenes,
                       text_model, audio_key, audio_seconds, audio_at, audio_model, voice, narrated, audio_job_id,
                       illustrations_job_id, listen_count, last_listened_at, is_favorite, created_at, updated_at))

struct TaleListed : TaleRow {
  std::int64_t illustration_count = 0;  // that are drawn
};
BOOST_DESCRIBE_STRUCT(TaleListed, (TaleRow), (illustration_count))

// Of what is written; empty filters are none.
struct TalesWanted {
  std::string user_id;
  std::string hero_id, event_type, language;
  std::optional<bool> is_favorite;
  TalesBy by = TalesBy::createdAt;
  SortOrder order = SortOrder::desc;
  std::int64_t limit = 50, offset = 0;
};

// What writing gives.
struct Written {
  std::string title, content;
  std::vector<SceneTold> scenes;
  std::string model;
};

// What narrating gives.
struct NarratedTale {
  std::string storage_key;
  std::int64_t bytes = 0;
  double seconds = 0;
  std::string voice, model;
  std::vector<SentenceSpoken> sentences;
};

struct BroughtSound {
  std::string storage_key;  // of an MP3
  std::int64_t bytes = 0;
  double seconds = 0;
};

struct Listened {
  std::int64_t listen_count = 0;
  Instant last_listened_at;
};
BOOST_DESCRIBE_STRUCT(Listened, (), (listen_count, last_listened_at))

namespace store {

// False if the request was known: then nothing is added.
Task<bool> add(Executor& executor, TaleRow row);
Task<std::optional<TaleRow>> tale(Executor& executor, std::string user_id, std::string id);
// Whosever it is.
Task<std::optional<TaleRow>> tale(Executor& executor, std::string id);
Task<std::optional<TaleRow>> tale_of_request(Executor& executor, std::string user_id, std::string request_key);
Task<std::vector<TaleListed>> tales(Executor& executor, TalesWanted wanted);
Task<std::int64_t> tale_count(Executor& executor, TalesWanted wanted);
// All of a person, whatever became of them, in order of id, after the one with the id `after`.
Task<std::vector<TaleRow>> tales_of(Executor& executor, std::string user_id, std::string after, std::int64_t limit);
// How many of a hero were asked for before that one.
Task<std::int64_t> tales_before(Executor& executor, std::string hero_id, std::string id);
// The stories of a hero that goes; returns how many.
Task<std::int64_t> part_from_hero(Executor& executor, std::string hero_id, Instant now);
Task<void> part_from_event(Executor& executor, std::string event_id);

// Each tells whether the story was still being written. What could not be written can be asked for by the same request
// again.
Task<bool> mark_written(Executor& executor, std::string id, Written written, Instant now);
Task<bool> mark_unwritten(Executor& executor, std::string id, std::string error, Instant now);
// One that is written, as it is now; until the transaction ends nobody else changes it.
Task<std::optional<TaleRow>> tale_to_change(Executor& executor, std::string user_id, std::string id, Instant now);
// What its owner can change.
Task<bool> change(Executor& executor, TaleRow row);
Task<std::optional<Listened>> listen(Executor& executor, std::string user_id, std::string id, Instant now);
Task<bool> remove_tale(Executor& executor, std::string user_id, std::string id);

Task<void> expect_audio(Executor& executor, std::string id, std::string job_id);
// The sound that there was is let go of. Only while that job is the one awaited and the story's title and content are
// as they were read.
Task<bool> keep_audio(Executor& executor, TaleRow read, std::string job_id, NarratedTale audio, Instant now);
// A sound that a person brought; whatever was awaited is not any more.
Task<void> take_audio(Executor& executor, std::string id, BroughtSound sound, Instant now);
// There is no sound any more.
Task<void> drop_audio(Executor& executor, std::string id);
Task<void> expect_illustrations(Executor& executor, std::string id, std::string job_id);

}  // namespace store
}  // namespace odeon::stories

// SQL of custom events.
#pragma once

#include "products/stories/hero_store.hpp"

namespace odeon::stories {

enum class EventsBy { createdAt, usageCount };
BOOST_DESCRIBE_ENUM(EventsBy, createdAt, usageCount)

struct EventRow {
  std::string id;
  std::string user_id;
  std::string title, description, prompt_seed;
  std::vector<std::string> keywords;
  std::string category;
  std::optional<std::string> age_range;
  std::string tone;
  Language language = Language::en;
  std::optional<std::string> pictogram_key, pictogram_emoji;
  std::int64_t usage_count = 0;
  std::optional<Instant> last_used_at;
  bool is_favorite = false;
  bool ai_enhanced = false;
  std::optional<std::string> original_prompt;  // before it was enhanced
  std::optional<std::string> model;            // that enhanced it last
  std::optional<std::string> pictogram_model;
  std::optional<std::string> enhance_job_id, pictogram_job_id;
  Instant created_at, updated_at;
};
BOOST_DESCRIBE_STRUCT(EventRow, (),
                      (id, user_id, title, description, prompt_seed, keywords, category, age_range, tone, language,
                       pictogram_key, pictogram_emoji, usage_count, last_used_at, is_favorite, ai_enhanced,
                       original_prompt, model, pictogram_model, enhance_job_id, pictogram_job_id, created_at,
                       updated_at))

struct EventsWanted {
  std::string user_id;
  std::string category;  // empty: all
  std::optional<bool> is_favorite;
  EventsBy by = EventsBy::createdAt;
  SortOrder order = SortOrder::desc;
  std::int64_t limit = 50, offset = 0;
};

// What enhancing gives.
struct Enhancement {
  std::string description, prompt_seed;
  std::vector<std::string> keywords;
  std::string model;
  bool is_by_model = false;
};

namespace store {

Task<void> add(Executor& executor, EventRow row);
Task<std::optional<EventRow>> event(Executor& executor, std::string user_id, std::string id);
// Whosever it is.
Task<std::optional<EventRow>> event(Executor& executor, std::string id);
Task<std::vector<EventRow>> events(Executor& executor, EventsWanted wanted);
Task<std::int64_t> event_count(Executor& executor, EventsWanted wanted);
// What its owner can change.
Task<bool> change(Executor& executor, EventRow row);
// What was written is kept beside what was made of it; once, however often it is enhanced.
Task<bool> enhance(Executor& executor, std::string id, Enhancement made, Instant now);
Task<void> use_event(Executor& executor, std::string id, Instant now);
Task<bool> remove_event(Executor& executor, std::string user_id, std::string id);
Task<void> expect_enhancement(Executor& executor, std::string id, std::string job_id);
Task<void> expect_pictogram(Executor& executor, std::string id, std::string job_id);
// The picture that there was is let go of; nothing drew one that was brought. False if the event is gone.
Task<bool> keep_pictogram(Executor& executor, std::string id, std::string storage_key, std::optional<std::string> model,
                          Instant now);

}  // namespace store
}  // namespace odeon::stories

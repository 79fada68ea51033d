// SQL of heroes.
#pragma once

#include "engine/database/database.hpp"
#include "products/stories/stories.hpp"
#include "products/stories/words/prompts.hpp"

namespace odeon::stories {

using database::Executor;
using database::Transaction;

struct HeroRow {
  std::string id;
  std::string user_id;
  std::string name;
  std::int64_t age = 0;
  std::vector<std::string> traits;
  std::string appearance;
  std::vector<std::string> abilities;
  std::optional<std::string> avatar_key, avatar_prompt, avatar_generation_id, avatar_model, avatar_job_id;
  std::optional<VisualLook> visual_profile;
  Instant created_at, updated_at;
};
BOOST_DESCRIBE_STRUCT(HeroRow, (),
                      (id, user_id, name, age, traits, appearance, abilities, avatar_key, avatar_prompt,
                       avatar_generation_id, avatar_model, avatar_job_id, visual_profile, created_at, updated_at))

struct HeroListed : HeroRow {
  std::int64_t story_count = 0;
};
BOOST_DESCRIBE_STRUCT(HeroListed, (HeroRow), (story_count))

enum class SortOrder { asc, desc };
BOOST_DESCRIBE_ENUM(SortOrder, asc, desc)
enum class HeroesBy { createdAt, name };
BOOST_DESCRIBE_ENUM(HeroesBy, createdAt, name)

struct HeroesWanted {
  std::string user_id;
  HeroesBy by = HeroesBy::createdAt;
  SortOrder order = SortOrder::desc;
  std::int64_t limit = 50, offset = 0;
};

// A hero's new portrait, and what it taught.
struct Portrait {
  std::string storage_key, prompt, generation_id, model;
  VisualLook look;
};

// A portrait that a person brought, and its colours (portrait_colours.hpp); none: the profile keeps those it has.
struct BroughtPortrait {
  std::string storage_key;
  std::vector<std::string> colours;
};
// Whether more is known of how a hero looks than the colours of a portrait.
bool tells_a_look(const VisualLook& look);

namespace store {

Task<void> add(Executor& executor, HeroRow row);
Task<std::optional<HeroRow>> hero(Executor& executor, std::string user_id, std::string id);
Task<std::vector<HeroListed>> heroes(Executor& executor, HeroesWanted wanted);
Task<std::int64_t> hero_count(Executor& executor, std::string user_id);
// What its owner can change.
Task<bool> change(Executor& executor, HeroRow row);
Task<bool> remove_hero(Executor& executor, std::string user_id, std::string id);
Task<void> expect_portrait(Executor& executor, std::string id, std::string job_id);
// For a hero that no portrait was drawn of, unless that came first.
Task<void> learn_look(Executor& executor, std::string id, VisualLook look);
// The portrait that there was is let go of. False if the hero is gone.
Task<bool> keep_portrait(Executor& executor, std::string id, Portrait portrait, Instant now);
// The same of a picture that a person brought: how the hero looks, nobody knows better for it, but for its colours.
Task<bool> take_portrait(Executor& executor, std::string id, BroughtPortrait portrait, Instant now);

}  // namespace store
}  // namespace odeon::stories

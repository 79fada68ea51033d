// Heroes: made, listed, changed, deleted. Their stories outlive them.
#pragma once

#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "engine/jobs/queue.hpp"
#include "products/stories/hero_store.hpp"
#include "products/stories/media.hpp"

namespace odeon::stories {

struct NewHero {
  Text<1, 100> name;
  Int<1, 18> age;
  List<Text<1, 60>, 1, 5> traits;  // of GET /api/meta
  Text<0, 500> appearance;
  std::optional<List<Text<1, 60>, 0, 3>> abilities;
};
BOOST_DESCRIBE_STRUCT(NewHero, (), (name, age, traits, appearance, abilities))

// What is left out stays as it is.
struct HeroChange {
  std::string heroId;
  std::optional<Text<1, 100>> name;
  std::optional<Int<1, 18>> age;
  std::optional<List<Text<1, 60>, 1, 5>> traits;
  std::optional<Text<0, 500>> appearance;
  std::optional<List<Text<1, 60>, 0, 3>> abilities;
};
BOOST_DESCRIBE_STRUCT(HeroChange, (), (heroId, name, age, traits, appearance, abilities))

// How a hero looks, in words: what every picture of it has in common.
struct VisualProfile {
  Nullable<std::string> hairColor, hairStyle, eyeColor, skinTone, bodyType, height, clothingStyle;
  std::vector<std::string> colorPalette;  // "#rrggbb"
  std::vector<std::string> accessories;
  Nullable<std::string> artStyle, canonicalPrompt, simplifiedPrompt;
};
BOOST_DESCRIBE_STRUCT(VisualProfile, (),
                      (hairColor, hairStyle, eyeColor, skinTone, bodyType, height, clothingStyle, colorPalette,
                       accessories, artStyle, canonicalPrompt, simplifiedPrompt))

struct StoryMention {
  std::string id;
  std::string title;
  Instant createdAt;
};
BOOST_DESCRIBE_STRUCT(StoryMention, (), (id, title, createdAt))

struct Hero {
  std::string id;
  std::string name;
  std::int64_t age = 0;
  std::vector<std::string> traits;
  std::string appearance;
  std::vector<std::string> abilities;
  Nullable<std::string> avatarUrl;  // reads without credentials for a day or two
  Nullable<std::string> avatarGenerationId;
  Nullable<std::string> avatarPrompt;
  Nullable<std::string> avatarModel;  // what drew it: "odeon-offline/storybook" without a model; null if it was brought
  Nullable<VisualProfile> visualProfile;
  Instant createdAt, updatedAt;
  std::optional<std::int64_t> storyCount;            // in listings
  std::optional<std::vector<StoryMention>> stories;  // where asked for
};
BOOST_DESCRIBE_STRUCT(Hero, (),
                      (id, name, age, traits, appearance, abilities, avatarUrl, avatarGenerationId, avatarPrompt,
                       avatarModel, visualProfile, createdAt, updatedAt, storyCount, stories))

struct HeroReply {
  Hero hero;
};
BOOST_DESCRIBE_STRUCT(HeroReply, (), (hero))

struct HeroRequest {
  std::string heroId;
};
BOOST_DESCRIBE_STRUCT(HeroRequest, (), (heroId))
struct ReadHero {
  std::string heroId;
  std::optional<bool> includeStories;
  Clamped<1, 100> storyLimit = 10;
};
BOOST_DESCRIBE_STRUCT(ReadHero, (), (heroId, includeStories, storyLimit))
struct ListHeroes {
  Clamped<1, 100> limit = 50;
  Clamped<0, 1'000'000> offset = 0;
  std::optional<HeroesBy> sortBy;
  std::optional<SortOrder> sortOrder;
};
BOOST_DESCRIBE_STRUCT(ListHeroes, (), (limit, offset, sortBy, sortOrder))

struct Pagination {
  std::int64_t total = 0, limit = 0, offset = 0;
};
BOOST_DESCRIBE_STRUCT(Pagination, (), (total, limit, offset))
struct HeroList {
  std::vector<Hero> heroes;
  Pagination pagination;
};
BOOST_DESCRIBE_STRUCT(HeroList, (), (heroes, pagination))
struct HeroRemoved {
  bool success = true;
  std::int64_t storiesAffected = 0;
};
BOOST_DESCRIBE_STRUCT(HeroRemoved, (), (success, storiesAffected))

inline constexpr Endpoint<ListHeroes, HeroList> list_heroes{{.method = Method::get,
                                                             .path = "/api/heroes",
                                                             .summary = "Your heroes",
                                                             .auth = Auth::user,
                                                             .rate = {100, http::per_minute}}};
inline constexpr Endpoint<NewHero, http::Created<HeroReply>> create_hero{
    {.method = Method::post,
     .path = "/api/heroes",
     .summary = "Create a hero",
     .description = "Traits are those of `GET /api/meta`.",
     .auth = Auth::user,
     .rate = {10, http::per_minute}}};
inline constexpr Endpoint<ReadHero, HeroReply> read_hero{{.method = Method::get,
                                                          .path = "/api/heroes/{heroId}",
                                                          .summary = "A hero, with its newest stories if wanted",
                                                          .auth = Auth::user,
                                                          .rate = {100, http::per_minute}}};
inline constexpr Endpoint<HeroChange, HeroReply> change_hero{{.method = Method::patch,
                                                              .path = "/api/heroes/{heroId}",
                                                              .summary = "Change a hero",
                                                              .auth = Auth::user,
                                                              .rate = {20, http::per_minute}}};
inline constexpr Endpoint<HeroRequest, HeroRemoved> delete_hero{{.method = Method::delete_,
                                                                 .path = "/api/heroes/{heroId}",
                                                                 .summary = "Delete a hero; its stories stay",
                                                                 .auth = Auth::user,
                                                                 .rate = {10, http::per_minute}}};

VisualProfile profile_shown(const VisualLook& look);
// What they prefer, and so what they are most likely to write in.
Task<Language> language_of_person(Executor& executor, std::string user_id);
// Throws Error{not_found} for what is not theirs.
Task<HeroRow> own_hero(Executor& executor, std::string user_id, std::string id);

// Thread-safe; what it is given outlives it.
class Heroes {
 public:
  struct Rooms {
    database::Database& database;
    jobs::Queue& queue;
    const Media& media;
    Log& log;
    const Clock& clock;
  };
  explicit Heroes(Rooms rooms) : rooms_(rooms) {}

  Task<HeroList> list(http::Caller caller, ListHeroes request);
  Task<http::Created<HeroReply>> create(http::Caller caller, NewHero request);
  Task<HeroReply> read(http::Caller caller, ReadHero request);
  Task<HeroReply> change(http::Caller caller, HeroChange request);
  Task<HeroRemoved> remove(http::Caller caller, HeroRequest request);

  Hero shown(const HeroRow& row, std::string_view base_url) const;

  void mount(http::Api& api);

 private:
  Rooms rooms_;
};

}  // namespace odeon::stories

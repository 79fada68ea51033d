#include "products/stories/heroes.hpp"

#include "base/ids.hpp"
#include "base/nullable.hpp"
#include "engine/http/binding.hpp"
#include "products/stories/faults.hpp"
#include "products/stories/leftovers.hpp"
#include "products/stories/store.hpp"
#include "products/stories/tale_store.hpp"
#include "products/stories/wording.hpp"

namespace odeon::stories {
namespace {

// What both requests have. What people write of their children is told on, so it is looked at here, once.
void apply_to_hero(HeroRow& row, const auto& request, Language language, Log& log) {
  if (request.traits) row.traits = known_traits(*request.traits);
  if (request.appearance)
    row.appearance =
        text::trim(*request.appearance).empty() ? "" : fit_words("appearance", *request.appearance, language, log);
  if (!request.abilities) return;
  row.abilities.clear();
  for (std::size_t i = 0; i < request.abilities->size(); ++i)
    row.abilities.push_back(fit_words(fmt::format("abilities[{}]", i), (*request.abilities)[i], language, log));
}

Nullable<std::string> unless_empty(const std::string& text) {
  return text.empty() ? Nullable<std::string>() : Nullable<std::string>(text);
}

HeroChange as_change(NewHero hero) {
  return {.heroId = "",
          .name = std::move(hero.name),
          .age = hero.age,
          .traits = std::move(hero.traits),
          .appearance = std::move(hero.appearance),
          .abilities = std::move(hero.abilities)};
}

}  // namespace

VisualProfile profile_shown(const VisualLook& look) {
  return {.hairColor = unless_empty(look.hairColor),
          .hairStyle = unless_empty(look.hairStyle),
          .eyeColor = unless_empty(look.eyeColor),
          .skinTone = unless_empty(look.skinTone),
          .bodyType = unless_empty(look.bodyType),
          .height = unless_empty(look.height),
          .clothingStyle = unless_empty(look.clothingStyle),
          .colorPalette = look.colorPalette,
          .accessories = look.accessories,
          .artStyle = unless_empty(look.artStyle),
          .canonicalPrompt = unless_empty(look.canonicalPrompt),
          .simplifiedPrompt = unless_empty(look.simplifiedPrompt)};
}

Task<Language> language_of_person(Executor& executor, std::string user_id) {
  co_return (co_await store::preferences(executor, std::move(user_id))).value_or(store::Preferences{}).language;
}

Task<HeroRow> own_hero(Executor& executor, std::string user_id, std::string id) {
  auto row = co_await store::hero(executor, std::move(user_id), std::move(id));
  if (!row) throw no_such_hero();
  co_return std::move(*row);
}

void Heroes::mount(http::Api& api) {
  http::mount(api, list_heroes, &Heroes::list, *this);
  http::mount(api, create_hero, &Heroes::create, *this);
  http::mount(api, read_hero, &Heroes::read, *this);
  http::mount(api, change_hero, &Heroes::change, *this);
  http::mount(api, delete_hero, &Heroes::remove, *this);
}

Hero Heroes::shown(const HeroRow& row, std::string_view base_url) const {
  return {.id = row.id,
          .name = row.name,
          .age = row.age,
          .traits = row.traits,
          .appearance = row.appearance,
          .abilities = row.abilities,
          .avatarUrl = rooms_.media.url_or_null(base_url, row.avatar_key),
          .avatarGenerationId = or_null(row.avatar_generation_id),
          .avatarPrompt = or_null(row.avatar_prompt),
          .avatarModel = or_null(row.avatar_model),
          .visualProfile = row.visual_profile ? Nullable<VisualProfile>(profile_shown(*row.visual_profile))
                                              : Nullable<VisualProfile>(),
          .createdAt = row.created_at,
          .updatedAt = row.updated_at};
}

Task<HeroList> Heroes::list(http::Caller caller, ListHeroes request) {
  HeroList list{.heroes = {}, .pagination = {.limit = request.limit, .offset = request.offset}};
  const auto rows = co_await store::heroes(rooms_.database, {.user_id = caller.user_id,
                                                             .by = request.sortBy.value_or(HeroesBy::createdAt),
                                                             .order = request.sortOrder.value_or(SortOrder::desc),
                                                             .limit = request.limit,
                                                             .offset = request.offset});
  for (const auto& row : rows) list.heroes.emplace_back(shown(row, caller.base_url)).storyCount = row.story_count;
  list.pagination.total = co_await store::hero_count(rooms_.database, caller.user_id);
  co_return list;
}

Task<http::Created<HeroReply>> Heroes::create(http::Caller caller, NewHero request) {
  const auto language = co_await language_of_person(rooms_.database, caller.user_id);
  HeroRow row{.id = new_id("hero", rooms_.clock), .user_id = caller.user_id, .created_at = rooms_.clock.now()};
  row.updated_at = row.created_at;
  row.name = fit_words("name", request.name, language, rooms_.log);
  row.age = request.age;
  apply_to_hero(row, as_change(std::move(request)), language, rooms_.log);
  co_await store::add(rooms_.database, row);
  co_return http::Created<HeroReply>{{shown(row, caller.base_url)}};
}

Task<HeroReply> Heroes::read(http::Caller caller, ReadHero request) {
  const auto row = co_await own_hero(rooms_.database, caller.user_id, request.heroId);
  HeroReply reply{shown(row, caller.base_url)};
  if (request.includeStories.value_or(false)) {
    reply.hero.stories.emplace();
    const auto tales = co_await store::tales(
        rooms_.database, {.user_id = caller.user_id, .hero_id = row.id, .limit = request.storyLimit});
    for (const auto& tale : tales) reply.hero.stories->push_back({tale.id, tale.title, tale.created_at});
  }
  co_return reply;
}

Task<HeroReply> Heroes::change(http::Caller caller, HeroChange request) {
  const auto language = co_await language_of_person(rooms_.database, caller.user_id);
  auto tx = co_await rooms_.database.begin();
  auto row = co_await own_hero(*tx, caller.user_id, request.heroId);
  if (request.name) row.name = fit_words("name", *request.name, language, rooms_.log);
  if (request.age) row.age = *request.age;
  apply_to_hero(row, request, language, rooms_.log);
  row.updated_at = rooms_.clock.now();
  co_await store::change(*tx, row);
  co_await tx->commit();
  co_return HeroReply{shown(row, caller.base_url)};
}

Task<HeroRemoved> Heroes::remove(http::Caller caller, HeroRequest request) {
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  const auto row = co_await own_hero(*tx, caller.user_id, request.heroId);
  HeroRemoved removed{.storiesAffected = co_await store::part_from_hero(*tx, row.id, rooms_.clock.now())};
  if (!co_await store::remove_hero(*tx, caller.user_id, row.id)) throw no_such_hero();
  if (row.avatar_key) {
    co_await store::let_go(*tx, caller.user_id, *row.avatar_key);
    co_await rooms_.queue.enqueue(*tx, SweepLeftovers{}, {.trace = caller.trace});
  }
  co_await tx->commit();
  co_return removed;
}

}  // namespace odeon::stories

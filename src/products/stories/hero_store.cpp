#include "products/stories/hero_store.hpp"

namespace odeon::stories {

bool tells_a_look(const VisualLook& look) {
  VisualLook rest = look;
  rest.colorPalette.clear();
  return json::write(rest) != json::write(VisualLook{});
}

namespace store {
namespace {

Task<void> let_portrait_go(Executor& executor, std::string id) {
  co_await executor.execute(
      "INSERT INTO stories_leftovers (storage_key, user_id, due_at) SELECT avatar_key, user_id, 0 FROM stories_heroes "
      "WHERE id = $1 AND avatar_key IS NOT NULL ON CONFLICT (storage_key) DO NOTHING",
      id);
}

}  // namespace

Task<void> add(Executor& executor, HeroRow row) {
  co_await executor.execute(
      "INSERT INTO stories_heroes (id, user_id, name, age, traits, appearance, abilities, "
      "visual_profile, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      row.id, row.user_id, row.name, row.age, row.traits, row.appearance, row.abilities, row.visual_profile,
      row.created_at, row.updated_at);
}

Task<std::optional<HeroRow>> hero(Executor& executor, std::string user_id, std::string id) {
  return executor.find<HeroRow>("SELECT * FROM stories_heroes WHERE id = $1 AND user_id = $2", id, user_id);
}

Task<std::vector<HeroListed>> heroes(Executor& executor, HeroesWanted wanted) {
  return executor.query<HeroListed>(
      "SELECT h.*, (SELECT COUNT(*) FROM stories_tales t WHERE t.hero_id = h.id AND t.status = 'ready') AS story_count "
      "FROM stories_heroes h WHERE h.user_id = $1 "
      "ORDER BY CASE WHEN $2 = 'name' AND $3 = 'asc' THEN LOWER(h.name) END ASC, "
      "CASE WHEN $2 = 'name' AND $3 = 'desc' THEN LOWER(h.name) END DESC, "
      "CASE WHEN $3 = 'asc' THEN h.created_at END ASC, CASE WHEN $3 = 'desc' THEN h.created_at END DESC, h.id "
      "LIMIT $4 OFFSET $5",
      wanted.user_id, wanted.by, wanted.order, wanted.limit, wanted.offset);
}

Task<std::int64_t> hero_count(Executor& executor, std::string user_id) {
  co_return (co_await executor.find<std::int64_t>("SELECT COUNT(*) FROM stories_heroes WHERE user_id = $1", user_id))
      .value_or(0);
}

Task<bool> change(Executor& executor, HeroRow row) {
  co_return co_await executor.execute(
      "UPDATE stories_heroes SET name = $3, age = $4, traits = $5, appearance = $6, abilities = $7, updated_at = $8 "
      "WHERE id = $1 AND user_id = $2",
      row.id, row.user_id, row.name, row.age, row.traits, row.appearance, row.abilities, row.updated_at) > 0;
}

Task<bool> remove_hero(Executor& executor, std::string user_id, std::string id) {
  co_return co_await executor.execute("DELETE FROM stories_heroes WHERE id = $1 AND user_id = $2", id, user_id) > 0;
}

Task<void> expect_portrait(Executor& executor, std::string id, std::string job_id) {
  co_await executor.execute("UPDATE stories_heroes SET avatar_job_id = $2 WHERE id = $1", id, job_id);
}

Task<void> learn_look(Executor& executor, std::string id, VisualLook look) {
  co_await executor.execute(
      "UPDATE stories_heroes SET visual_profile = $2 WHERE id = $1 AND avatar_generation_id IS NULL", id, look);
}

Task<bool> keep_portrait(Executor& executor, std::string id, Portrait portrait, Instant now) {
  co_await let_portrait_go(executor, id);
  co_return co_await executor.execute(
      "UPDATE stories_heroes SET avatar_key = $2, avatar_prompt = $3, avatar_generation_id = $4, visual_profile = $5, "
      "updated_at = $6, avatar_model = $7 WHERE id = $1",
      id, portrait.storage_key, portrait.prompt, portrait.generation_id, portrait.look, now, portrait.model) > 0;
}

Task<bool> take_portrait(Executor& executor, std::string id, BroughtPortrait portrait, Instant now) {
  co_await let_portrait_go(executor, id);
  auto hero = co_await executor.find<HeroRow>(
      "UPDATE stories_heroes SET avatar_key = $2, avatar_prompt = NULL, avatar_generation_id = NULL, "
      "avatar_model = NULL, updated_at = $3 WHERE id = $1 RETURNING *",
      id, portrait.storage_key, now);
  if (!hero) co_return false;
  if (portrait.colours.empty()) co_return true;
  VisualLook look = std::move(hero->visual_profile).value_or(VisualLook{});
  look.colorPalette = std::move(portrait.colours);
  co_await executor.execute("UPDATE stories_heroes SET visual_profile = $2 WHERE id = $1", id, look);
  co_return true;
}

}  // namespace store
}  // namespace odeon::stories

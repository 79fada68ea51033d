#include "products/podcasts/show_store.hpp"

namespace odeon::podcasts {

namespace embedded {
extern const std::string_view schema_sql, schema_2_sql, schema_3_sql, schema_4_sql, schema_5_sql, schema_6_sql,
    schema_7_sql, schema_8_sql;
}

std::vector<database::Migration> migrations() {
  return {{"podcasts", 1, embedded::schema_sql},   {"podcasts", 2, embedded::schema_2_sql},
          {"podcasts", 3, embedded::schema_3_sql}, {"podcasts", 4, embedded::schema_4_sql},
          {"podcasts", 5, embedded::schema_5_sql}, {"podcasts", 6, embedded::schema_6_sql},
          {"podcasts", 7, embedded::schema_7_sql}, {"podcasts", 8, embedded::schema_8_sql}};
}

namespace store {

Task<bool> add(Transaction& tx, ShowRow row) {
  co_return co_await tx.execute(
      "INSERT INTO podcasts_shows (id, user_id, slug, guid, title, description, author, category, language, "
      "artwork_url, website_url, owner_email, type, is_explicit, is_locked, status, revision, changed_at, created_at, "
      "updated_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) "
      "ON CONFLICT (slug) DO NOTHING",
      row.id, row.user_id, row.slug, row.guid, row.title, row.description, row.author, row.category, row.language,
      row.artwork_url, row.website_url, row.owner_email, row.type, row.is_explicit, row.is_locked, row.status,
      row.revision, row.changed_at, row.created_at, row.updated_at) > 0;
}

Task<std::optional<ShowRow>> show(Executor& executor, std::string user_id, std::string id) {
  return executor.find<ShowRow>("SELECT * FROM podcasts_shows WHERE id = $1 AND user_id = $2", id, user_id);
}

Task<std::optional<ShowRow>> show(Executor& executor, std::string id) {
  return executor.find<ShowRow>("SELECT * FROM podcasts_shows WHERE id = $1", id);
}

Task<std::optional<ShowRow>> show_at(Executor& executor, std::string slug) {
  return executor.find<ShowRow>("SELECT * FROM podcasts_shows WHERE slug = $1", slug);
}

Task<std::vector<ShowRow>> shows(Executor& executor, std::string user_id, std::string before, std::int64_t limit) {
  return executor.query<ShowRow>(
      "SELECT * FROM podcasts_shows WHERE user_id = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3", user_id,
      before, limit);
}

Task<bool> change(Transaction& tx, ShowRow row) {
  co_return co_await tx.execute(
      "UPDATE podcasts_shows SET title = $2, description = $3, author = $4, category = $5, language = $6, "
      "artwork_url = $7, website_url = $8, owner_email = $9, type = $10, is_explicit = $11, is_locked = $12, "
      "status = $13, updated_at = $14 WHERE id = $1",
      row.id, row.title, row.description, row.author, row.category, row.language, row.artwork_url, row.website_url,
      row.owner_email, row.type, row.is_explicit, row.is_locked, row.status, row.updated_at) > 0;
}

Task<void> feed_changed(Transaction& tx, std::string id, Instant now) {
  co_await tx.execute(
      "UPDATE podcasts_shows SET revision = revision + 1, "
      "changed_at = CASE WHEN changed_at >= $2 THEN changed_at + 1000000 ELSE $2 END WHERE id = $1",
      id, Instant(std::chrono::floor<std::chrono::seconds>(now)));
}

Task<void> open_show(Transaction& tx, std::string id, Instant now) {
  co_await tx.execute(
      "UPDATE podcasts_shows SET status = 'published', updated_at = $2 WHERE id = $1 AND status = 'draft'", id, now);
}

Task<bool> remove_show(Transaction& tx, std::string user_id, std::string id) {
  co_return co_await tx.execute("DELETE FROM podcasts_shows WHERE id = $1 AND user_id = $2", id, user_id) > 0;
}

Task<std::int64_t> forget(Transaction& tx, std::string user_id) {
  std::int64_t rows = 0;
  rows += co_await tx.execute(
      "DELETE FROM podcasts_pieces WHERE intake_id IN (SELECT id FROM podcasts_intakes WHERE user_id = $1)", user_id);
  rows += co_await tx.execute("DELETE FROM podcasts_intakes WHERE user_id = $1", user_id);
  rows += co_await tx.execute(
      "DELETE FROM podcasts_imported WHERE import_id IN (SELECT id FROM podcasts_imports WHERE user_id = $1)", user_id);
  rows += co_await tx.execute("DELETE FROM podcasts_imports WHERE user_id = $1", user_id);
  rows += co_await tx.execute("DELETE FROM podcasts_processing WHERE user_id = $1", user_id);
  rows += co_await tx.execute(
      "DELETE FROM podcasts_heard_pieces WHERE episode_id IN (SELECT id FROM podcasts_episodes WHERE user_id = $1)",
      user_id);
  rows += co_await tx.execute("DELETE FROM podcasts_audio WHERE user_id = $1", user_id);
  rows += co_await tx.execute("DELETE FROM podcasts_artwork WHERE user_id = $1", user_id);
  rows += co_await tx.execute("DELETE FROM podcasts_episodes WHERE user_id = $1", user_id);
  rows += co_await tx.execute("DELETE FROM podcasts_shows WHERE user_id = $1", user_id);
  co_return rows;
}

}  // namespace store
}  // namespace odeon::podcasts

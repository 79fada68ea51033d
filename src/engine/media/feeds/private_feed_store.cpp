#include "engine/media/feeds/private_feed_store.hpp"

namespace odeon::feeds {

namespace embedded {
extern const std::string_view schema_sql;
}

std::vector<database::Migration> migrations() {
  return {{"feeds", 1, embedded::schema_sql}};
}

namespace store {

Task<std::string> keep(database::Executor& executor, PrivateFeedRow row) {
  co_await executor.execute(
      "INSERT INTO feeds_private (product, user_id, salt, token_hash, made_at) VALUES ($1, $2, $3, $4, $5) "
      "ON CONFLICT (product, user_id) DO NOTHING",
      row.product, row.user_id, row.salt, row.token_hash, row.made_at);
  auto kept = co_await executor.find<std::string>("SELECT salt FROM feeds_private WHERE product = $1 AND user_id = $2",
                                                  row.product, row.user_id);
  co_return kept.value_or(row.salt);
}

Task<void> replace(database::Executor& executor, PrivateFeedRow row) {
  co_await executor.execute(
      "INSERT INTO feeds_private (product, user_id, salt, token_hash, made_at) VALUES ($1, $2, $3, $4, $5) "
      "ON CONFLICT (product, user_id) DO UPDATE SET salt = excluded.salt, token_hash = excluded.token_hash, "
      "made_at = excluded.made_at",
      row.product, row.user_id, row.salt, row.token_hash, row.made_at);
}

Task<std::optional<std::string>> owner(database::Executor& executor, std::string product, std::string token_hash) {
  return executor.find<std::string>("SELECT user_id FROM feeds_private WHERE token_hash = $1 AND product = $2",
                                    token_hash, product);
}

Task<std::int64_t> forget(database::Executor& executor, std::string product, std::string user_id) {
  return executor.execute("DELETE FROM feeds_private WHERE product = $1 AND user_id = $2", product, user_id);
}

}  // namespace store
}  // namespace odeon::feeds

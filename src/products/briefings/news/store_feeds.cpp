#include "products/briefings/news/store_feeds.hpp"

namespace odeon::briefings::store {

Task<std::string> keep_feed(database::Database& database, std::string user_id, std::string salt, std::string token_hash,
                            Instant now) {
  co_await database.execute(
      "INSERT INTO briefings_private_feeds (user_id, salt, token_hash, made_at) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (user_id) DO NOTHING",
      user_id, salt, token_hash, now);
  auto kept =
      co_await database.find<std::string>("SELECT salt FROM briefings_private_feeds WHERE user_id = $1", user_id);
  co_return kept.value_or(salt);
}

Task<void> replace_feed(database::Database& database, std::string user_id, std::string salt, std::string token_hash,
                        Instant now) {
  co_await database.execute(
      "INSERT INTO briefings_private_feeds (user_id, salt, token_hash, made_at) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (user_id) DO UPDATE SET salt = excluded.salt, token_hash = excluded.token_hash, "
      "made_at = excluded.made_at",
      user_id, salt, token_hash, now);
}

Task<std::optional<std::string>> owner_of_feed(database::Database& database, std::string token_hash) {
  return database.find<std::string>("SELECT user_id FROM briefings_private_feeds WHERE token_hash = $1", token_hash);
}

}  // namespace odeon::briefings::store

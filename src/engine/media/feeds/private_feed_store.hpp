// SQL of people's private feeds.
#pragma once

#include "engine/database/database.hpp"
#include "engine/database/migrations.hpp"

namespace odeon::feeds {

struct PrivateFeedRow {
  std::string product, user_id, salt, token_hash;
  Instant made_at;
};

// The table of this room.
std::vector<database::Migration> migrations();

namespace store {

// Unless there is one. Returns the salt of the one there is.
Task<std::string> keep(database::Executor& executor, PrivateFeedRow row);
Task<void> replace(database::Executor& executor, PrivateFeedRow row);
// Whose it is.
Task<std::optional<std::string>> owner(database::Executor& executor, std::string product, std::string token_hash);
// Returns how many rows went.
Task<std::int64_t> forget(database::Executor& executor, std::string product, std::string user_id);

}  // namespace store
}  // namespace odeon::feeds

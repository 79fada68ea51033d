// SQL of private podcast feeds.
#pragma once

#include <optional>
#include <string>

#include "engine/database/database.hpp"

namespace odeon::briefings::store {

// The salt of the listener's feed: `salt`, unless there is one.
Task<std::string> keep_feed(database::Database& database, std::string user_id, std::string salt, std::string token_hash,
                            Instant now);
Task<void> replace_feed(database::Database& database, std::string user_id, std::string salt, std::string token_hash,
                        Instant now);
// The listener whose feed it is.
Task<std::optional<std::string>> owner_of_feed(database::Database& database, std::string token_hash);

}  // namespace odeon::briefings::store

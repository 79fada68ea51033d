// What is kept of purchases at Google Play, and all SQL of it.
#pragma once

#include <optional>
#include <string>

#include "engine/database/database.hpp"

namespace odeon::billing::google_play {

using database::Executor;
using database::Transaction;

// False if it was known.
Task<bool> replace(Transaction& tx, std::string token, std::string replaced_by, Instant now);
Task<bool> is_replaced(Executor& executor, std::string token);
// Whose contract `token` is, or else the one whose place it took.
Task<std::optional<std::string>> owner_of(Executor& executor, std::string token, std::string replaced);

}  // namespace odeon::billing::google_play

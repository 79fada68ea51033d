// SQL of objects that nobody has any more.
#pragma once

#include "engine/database/database.hpp"

namespace odeon::stories::store {

// In the transaction in which the last row lets it go.
Task<void> let_go(database::Executor& executor, std::string user_id, std::string storage_key);
// Before it is stored: it goes at `due_at` unless it is somebody's by then. Also of what is removed while it may come
// again: then nothing keeps it.
Task<void> expect_object(database::Executor& executor, std::string user_id, std::string storage_key, Instant due_at);
// It is somebody's now. False if it has gone.
Task<bool> keep_object(database::Executor& executor, std::string storage_key);
Task<std::vector<std::string>> leftovers(database::Executor& executor, Instant now, std::int64_t limit);
Task<void> remove_leftover(database::Executor& executor, std::string storage_key);

}  // namespace odeon::stories::store

// Objects that nobody has any more: of files that were never used, and of what went with its conversation.
#pragma once

#include "engine/storage/folder.hpp"
#include "products/chat/files/creation_store.hpp"

namespace odeon::chat {

// How long a file is kept that no question names.
inline constexpr std::chrono::hours kUnusedKept{24};

// Each tells how many objects went; they go before the rows that know of them, so that it can be called
// again.
Task<std::int64_t> sweep_leftovers(database::Database& database, storage::Storage& storage, Instant now);
// Every object of a person's.
Task<std::int64_t> remove_objects_of(database::Database& database, storage::Storage& storage, std::string user_id);

}  // namespace odeon::chat

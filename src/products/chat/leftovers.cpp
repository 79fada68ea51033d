#include "products/chat/leftovers.hpp"

namespace odeon::chat {
namespace {

constexpr std::int64_t kRemovedAtOnce = 100;

Task<std::int64_t> sweep_attachments(database::Database& database, storage::Storage& storage, Instant now) {
  co_await store::let_go_unused(database, now - kUnusedKept);
  std::int64_t gone = 0;
  for (;;) {
    const auto leftovers = co_await store::let_go_of(database, kRemovedAtOnce);
    for (const auto& leftover : leftovers) {
      co_await storage.remove(leftover.storage_key);
      co_await store::remove_attachment(database, leftover.id);
      ++gone;
    }
    if (std::ssize(leftovers) < kRemovedAtOnce) co_return gone;
  }
}

Task<std::int64_t> sweep_creations(database::Database& database, storage::Storage& storage) {
  std::int64_t gone = 0;
  for (;;) {
    const auto ids = co_await store::let_go_creations(database, kRemovedAtOnce);
    for (const auto& id : ids) {
      gone += co_await remove_folder(storage, creation_folder(id));
      co_await store::remove_creation(database, id);
    }
    if (std::ssize(ids) < kRemovedAtOnce) co_return gone;
  }
}

}  // namespace

Task<std::int64_t> sweep_leftovers(database::Database& database, storage::Storage& storage, Instant now) {
  const auto attachments = co_await sweep_attachments(database, storage, now);
  co_return attachments + co_await sweep_creations(database, storage);
}

Task<std::int64_t> remove_objects_of(database::Database& database, storage::Storage& storage, std::string user_id) {
  std::int64_t gone = 0;
  for (const auto& object : co_await store::objects_of(database, user_id)) {
    co_await storage.remove(object.storage_key);
    ++gone;
  }
  for (const auto& id : co_await store::creation_ids_of(database, user_id))
    gone += co_await remove_folder(storage, creation_folder(id));
  co_return gone;
}

}  // namespace odeon::chat

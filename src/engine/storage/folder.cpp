#include "engine/storage/folder.hpp"

namespace odeon::storage {
namespace {

constexpr std::size_t kAtOnce = 100;

}  // namespace

Task<std::int64_t> remove_folder(Storage& storage, std::string folder) {
  std::int64_t gone = 0;
  std::string cursor;
  do {
    auto page = co_await storage.list(folder, cursor, kAtOnce);
    for (const auto& object : page.objects) {
      co_await storage.remove(object.key);
      ++gone;
    }
    cursor = std::move(page.next);
  } while (!cursor.empty());
  co_return gone;
}

}  // namespace odeon::storage

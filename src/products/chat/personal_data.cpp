#include "products/chat/personal_data.hpp"

#include "products/chat/memories.hpp"
#include "products/chat/store_settings.hpp"

namespace odeon::chat {
namespace {

constexpr std::int64_t kAtOnce = 200;

struct MemoriesTold {
  std::optional<MemoryPolicy> policy;  // that was chosen
  std::vector<MemoryShown> memories;
};
BOOST_DESCRIBE_STRUCT(MemoriesTold, (), (policy, memories))

bool is_asked(std::string_view product) {
  return product.empty() || product == kProduct;
}

}  // namespace

Task<void> ChatData::tell(std::string user_id, std::string product, PersonalArchive& archive) {
  if (!is_asked(product)) co_return;
  co_await tell_memories(user_id, archive);
  co_await archive.document("chat/settings.json", json::write(co_await store::settings(database_, user_id)));
  Instant before = Instant::max();
  std::string id;
  for (;;) {
    const auto rows = co_await store::conversations(database_, user_id, before, id, kAtOnce);
    for (const auto& row : rows) {
      const ConversationTold told{shown(row), co_await store::messages(database_, row.id)};
      co_await archive.document("chat/conversations/" + row.id + ".json", json::write(told));
    }
    if (std::ssize(rows) < kAtOnce) co_return;
    before = rows.back().updated_at;
    id = rows.back().id;
  }
}

Task<void> ChatData::tell_memories(std::string user_id, PersonalArchive& archive) {
  MemoriesTold told{.policy = (co_await store::policies(database_, user_id, "")).person, .memories = {}};
  for (auto& row : co_await store::memories(database_, user_id, "", Instant::max(), "", kMostMemories))
    told.memories.push_back(shown(std::move(row)));
  if (told.policy || !told.memories.empty()) co_await archive.document("chat/memories.json", json::write(told));
}

Task<Forgotten> ChatData::forget(std::string user_id, std::string product) {
  if (!is_asked(product)) co_return Forgotten{};
  auto transaction = co_await database_.begin(database::Isolation::statement);
  const Forgotten gone{.rows = co_await store::forget(*transaction, std::move(user_id))};
  co_await transaction->commit();
  co_return gone;
}

}  // namespace odeon::chat

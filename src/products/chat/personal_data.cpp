#include "products/chat/personal_data.hpp"

#include "products/chat/files/attachment_kinds.hpp"
#include "products/chat/leftovers.hpp"
#include "products/chat/memory/lesson_store.hpp"
#include "products/chat/memory/memories.hpp"
#include "products/chat/money.hpp"
#include "products/chat/store_settings.hpp"

namespace odeon::chat {
namespace {

constexpr std::int64_t kToldAtOnce = 200;

struct MemoriesTold {
  std::optional<MemoryPolicy> policy;  // that was chosen
  std::vector<MemoryShown> memories;
  std::vector<UseRow> uses;            // by answers
  std::vector<LessonWaiting> lessons;  // that are still to be learnt
};
BOOST_DESCRIBE_STRUCT(MemoriesTold, (), (policy, memories, uses, lessons))

// A picture or film, with its cost as everywhere.
json::object about(const CreationRow& row) {
  auto told = json::parse(json::write(row)).as_object();
  told.erase("cost");
  told["cost_usd"] = dollars(row.cost);
  return told;
}

bool is_asked(std::string_view product) {
  return product.empty() || product == kProduct;
}

}  // namespace

Task<void> ChatData::tell(std::string user_id, std::string product, PersonalArchive& archive) {
  if (!is_asked(product)) co_return;
  co_await tell_memories(user_id, archive);
  co_await tell_attachments(user_id, archive);
  for (const auto kind : {CreationKind::image, CreationKind::video}) co_await tell_creations(user_id, archive, kind);
  co_await archive.document("chat/settings.json", json::write(co_await store::settings(database_, user_id)));
  Instant before = Instant::max();
  std::string id;
  for (;;) {
    const auto rows = co_await store::conversations(database_, user_id, before, id, kToldAtOnce);
    for (const auto& row : rows)
      co_await archive.document("chat/conversations/" + row.id + ".json", json::write(co_await told(database_, row)));
    if (std::ssize(rows) < kToldAtOnce) co_return;
    before = rows.back().updated_at;
    id = rows.back().id;
  }
}

Task<void> ChatData::tell_memories(std::string user_id, PersonalArchive& archive) {
  MemoriesTold told{.policy = (co_await store::policies(database_, user_id, "")).person,
                    .memories = {},
                    .uses = co_await store::uses(database_, user_id),
                    .lessons = co_await store::lessons_of(database_, user_id)};
  for (auto& row : co_await store::memories(database_, user_id, "", Instant::max(), "", kMostMemories))
    told.memories.push_back(shown(std::move(row)));
  if (told.policy || !told.memories.empty() || !told.lessons.empty())
    co_await archive.document("chat/memories.json", json::write(told));
}

// Each beside what is known of it. Names that people gave are no paths.
Task<void> ChatData::tell_attachments(std::string user_id, PersonalArchive& archive) {
  std::string after;
  for (;;) {
    const auto rows = co_await store::attachments(database_, user_id, after, kToldAtOnce);
    for (const auto& row : rows) {
      const std::string path = "chat/attachments/" + row.id;
      co_await archive.document(path + ".about.json", json::write(row));
      co_await archive.object(path + std::string(extension_of(row.media_type)), row.storage_key);
    }
    if (std::ssize(rows) < kToldAtOnce) co_return;
    after = rows.back().id;
  }
}

Task<void> ChatData::tell_creations(std::string user_id, PersonalArchive& archive, CreationKind kind) {
  std::string before;
  for (;;) {
    const auto rows = co_await store::creations(database_, user_id, kind, "", before, kToldAtOnce);
    for (const auto& row : rows) {
      const std::string path = "chat/creations/" + row.id;
      co_await archive.document(path + ".about.json", json::write(about(row)));
      for (const auto& file : row.files)
        co_await archive.object(path + "-" + file.name, creation_folder(row.id) + file.name);
    }
    if (std::ssize(rows) < kToldAtOnce) co_return;
    before = rows.back().id;
  }
}

// Objects go before the rows that know of them.
Task<Forgotten> ChatData::forget(std::string user_id, std::string product) {
  if (!is_asked(product)) co_return Forgotten{};
  Forgotten gone{.objects = co_await remove_objects_of(database_, storage_, user_id)};
  auto transaction = co_await database_.begin(database::Isolation::statement);
  gone.rows = co_await store::forget(*transaction, std::move(user_id));
  co_await transaction->commit();
  co_return gone;
}

}  // namespace odeon::chat

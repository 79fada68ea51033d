#include "products/stories/personal_data.hpp"

#include "engine/media/feeds/private_feed_store.hpp"
#include "products/stories/file_store.hpp"
#include "products/stories/import/import_store.hpp"
#include "products/stories/person_store.hpp"
#include "products/stories/store.hpp"

namespace odeon::stories {
namespace {

constexpr std::int64_t kToldAtOnce = 200;

// `visit` is called with each row that `more(after)` gives, page by page.
template <class More, class Visit>
Task<void> each_row(More more, Visit visit) {
  std::string after;
  for (;;) {
    const auto rows = co_await more(after);
    for (const auto& row : rows) co_await visit(row);
    if (std::ssize(rows) < kToldAtOnce) co_return;
    after = rows.back().id;
  }
}

std::string path_of(std::string_view folder, std::string_view name) {
  return fmt::format("stories/{}/{}", folder, name);
}

}  // namespace

Task<void> StoriesData::tell(std::string user_id, std::string product, PersonalArchive& archive) {
  if (!product.empty() && product != kProduct) co_return;
  if (const auto preferences = co_await store::preferences(database_, user_id))
    co_await archive.document("stories/preferences.json", json::write(*preferences));
  co_await tell_heroes(user_id, archive);
  co_await tell_events(user_id, archive);
  co_await tell_tales(user_id, archive);
  co_await tell_files(user_id, archive);
  co_await tell_imports(std::move(user_id), archive);
}

Task<void> StoriesData::tell_heroes(std::string user_id, PersonalArchive& archive) {
  co_await each_row([&](std::string after) { return store::heroes_of(database_, user_id, after, kToldAtOnce); },
                    [&](this auto, const HeroRow& row) -> Task<void> {
                      co_await archive.document(path_of("heroes", row.id + ".json"), json::write(row));
                      if (row.avatar_key) co_await archive.object(path_of("heroes", row.id + ".png"), *row.avatar_key);
                    });
}

Task<void> StoriesData::tell_events(std::string user_id, PersonalArchive& archive) {
  co_await each_row([&](std::string after) { return store::events_of(database_, user_id, after, kToldAtOnce); },
                    [&](this auto, const EventRow& row) -> Task<void> {
                      co_await archive.document(path_of("custom-events", row.id + ".json"), json::write(row));
                      if (row.pictogram_key)
                        co_await archive.object(path_of("custom-events", row.id + ".png"), *row.pictogram_key);
                    });
}

Task<void> StoriesData::tell_tales(std::string user_id, PersonalArchive& archive) {
  co_await each_row([&](std::string after) { return store::tales_of(database_, user_id, after, kToldAtOnce); },
                    [&](this auto, const TaleRow& row) -> Task<void> {
                      const auto pictures = co_await store::illustrations(database_, row.id);
                      co_await archive.document(path_of("stories", row.id + ".json"), json::write(row));
                      co_await archive.document(path_of("stories", row.id + ".pictures.json"), json::write(pictures));
                      if (row.audio_key) co_await archive.object(path_of("stories", row.id + ".mp3"), *row.audio_key);
                      for (const auto& picture : pictures)
                        if (picture.image_key)
                          co_await archive.object(path_of("stories", row.id + '.' + picture.id + ".png"),
                                                  *picture.image_key);
                    });
}

// Names that people gave are no paths.
Task<void> StoriesData::tell_files(std::string user_id, PersonalArchive& archive) {
  co_await each_row([&](std::string after) { return store::files_of(database_, user_id, after, kToldAtOnce); },
                    [&](this auto, const FileRow& row) -> Task<void> {
                      co_await archive.document(path_of("files", row.id + ".about.json"), json::write(row));
                      if (row.confirmed_at) co_await archive.object(path_of("files", row.id), row.storage_key);
                    });
}

Task<void> StoriesData::tell_imports(std::string user_id, PersonalArchive& archive) {
  co_await each_row([&](std::string after) { return store::imports_of(database_, user_id, after, kToldAtOnce); },
                    [&](this auto, const ImportRow& row) -> Task<void> {
                      co_await archive.document(path_of("imports", row.id + ".json"), json::write(row));
                      if (!row.ended_at) co_await archive.object(path_of("imports", row.id + ".zip"), row.upload_key);
                    });
}

// Objects go before the rows that know of them.
Task<Forgotten> StoriesData::forget(std::string user_id, std::string product) {
  if (!product.empty() && product != kProduct) co_return Forgotten{};
  Forgotten gone;
  auto keys = co_await store::objects_of(database_, user_id);
  std::ranges::move(co_await store::import_objects_of(database_, user_id), std::back_inserter(keys));
  for (const auto& key : keys) {
    co_await storage_.remove(key);
    ++gone.objects;
  }
  auto tx = co_await database_.begin(database::Isolation::statement);
  gone.rows = co_await store::forget_stories(*tx, user_id);
  gone.rows += co_await feeds::store::forget(*tx, std::string(kProduct), user_id);
  gone.rows += co_await store::forget_imports(*tx, user_id);
  gone.rows += co_await store::forget(*tx, std::move(user_id));
  co_await tx->commit();
  co_return gone;
}

}  // namespace odeon::stories

#include "products/podcasts/personal_data.hpp"

#include "engine/storage/folder.hpp"
#include "products/podcasts/artwork/artwork.hpp"
#include "products/podcasts/import/import_store.hpp"
#include "products/podcasts/intake/intakes.hpp"
#include "products/podcasts/podcasts.hpp"
#include "products/podcasts/sound/processing_store.hpp"

namespace odeon::podcasts {
namespace {

constexpr std::int64_t kToldAtOnce = 200;

struct EpisodeTold {
  EpisodeRow episode;
  EpisodeTexts texts;
  std::optional<ProcessingRow> processing;
};
BOOST_DESCRIBE_STRUCT(EpisodeTold, (), (episode, texts, processing))

struct ImportTold {
  ImportRow import;
  std::vector<ImportedRow> episodes;
};
BOOST_DESCRIBE_STRUCT(ImportTold, (), (import, episodes))

bool is_asked(std::string_view product) {
  return product.empty() || product == kProduct;
}

}  // namespace

Task<void> PodcastsData::tell(std::string user_id, std::string product, PersonalArchive& archive) {
  if (!is_asked(product)) co_return;
  co_await tell_shows(user_id, archive);
  co_await tell_audio(user_id, archive);
  co_await tell_artwork(user_id, archive);
  co_await tell_intakes(user_id, archive);
  co_await tell_imports(std::move(user_id), archive);
}

Task<void> PodcastsData::tell_shows(std::string user_id, PersonalArchive& archive) {
  std::string before;
  for (;;) {
    const auto rows = co_await store::shows(database_, user_id, before, kToldAtOnce);
    for (const auto& row : rows) {
      co_await archive.document("podcasts/podcasts/" + row.id + ".json", json::write(row));
      co_await tell_episodes(row.id, archive);
    }
    if (std::ssize(rows) < kToldAtOnce) co_return;
    before = rows.back().id;
  }
}

Task<void> PodcastsData::tell_episodes(std::string podcast_id, PersonalArchive& archive) {
  std::string before;
  for (;;) {
    const auto rows = co_await store::episodes(database_, podcast_id, "", before, kToldAtOnce);
    for (const auto& row : rows)
      co_await archive.document("podcasts/episodes/" + row.id + ".json",
                                json::write(EpisodeTold{row, co_await store::texts_of(database_, row.id),
                                                        co_await store::processing(database_, row.id)}));
    if (std::ssize(rows) < kToldAtOnce) co_return;
    before = rows.back().id;
  }
}

// Each beside what is known of it. Names that people gave are no paths.
Task<void> PodcastsData::tell_audio(std::string user_id, PersonalArchive& archive) {
  std::string after;
  for (;;) {
    const auto rows = co_await store::audio_of_person(database_, user_id, after, kToldAtOnce);
    for (const auto& row : rows) {
      const std::string path = "podcasts/audio/" + row.id;
      co_await archive.document(path + ".about.json", json::write(row));
      co_await archive.object(path, row.storage_key);
    }
    if (std::ssize(rows) < kToldAtOnce) co_return;
    after = rows.back().id;
  }
}

// As it is shown: the smaller ones are made of it.
Task<void> PodcastsData::tell_artwork(std::string user_id, PersonalArchive& archive) {
  std::string after;
  for (;;) {
    const auto rows = co_await store::artwork_of_person(database_, user_id, after, kToldAtOnce);
    for (const auto& row : rows) {
      const std::string path = "podcasts" + artwork_path(row);
      co_await archive.document(path + ".about.json", json::write(row));
      co_await archive.object(path, artwork_key(row));
    }
    if (std::ssize(rows) < kToldAtOnce) co_return;
    after = rows.back().id;
  }
}

// What is not joined yet, piece by piece.
Task<void> PodcastsData::tell_intakes(std::string user_id, PersonalArchive& archive) {
  for (const auto& row : co_await store::intakes_of(database_, std::move(user_id))) {
    const std::string path = "podcasts/recordings/" + row.id;
    co_await archive.document(path + ".about.json", json::write(row));
    for (const auto& piece : co_await store::pieces(database_, row.id))
      co_await archive.object(fmt::format("{}.{}.part", path, piece.number), piece.storage_key);
  }
}

Task<void> PodcastsData::tell_imports(std::string user_id, PersonalArchive& archive) {
  for (const auto& row : co_await store::imports_of(database_, std::move(user_id)))
    co_await archive.document("podcasts/imports/" + row.id + ".json",
                              json::write(ImportTold{row, co_await store::imported_of(database_, row.id)}));
}

// Objects go before the rows that know of them.
Task<Forgotten> PodcastsData::forget(std::string user_id, std::string product) {
  if (!is_asked(product)) co_return Forgotten{};
  Forgotten gone;
  for (const auto& object : co_await store::audio_objects_of(database_, user_id)) {
    co_await storage_.remove(object.storage_key);
    ++gone.objects;
  }
  for (const auto& id : co_await store::artwork_ids_of(database_, user_id))
    gone.objects += co_await storage::remove_folder(storage_, artwork_folder(id));
  for (const auto& row : co_await store::intakes_of(database_, user_id)) {
    for (const auto& piece : co_await store::pieces(database_, row.id)) {
      co_await storage_.remove(piece.storage_key);
      ++gone.objects;
    }
    // What a process that died may have left.
    gone.objects += co_await storage::remove_folder(storage_, piece_folder(row.id));
    co_await storage_.remove(audio_key(row.id));
  }
  auto tx = co_await database_.begin(database::Isolation::statement);
  gone.rows = co_await store::forget(*tx, std::move(user_id));
  co_await tx->commit();
  co_return gone;
}

}  // namespace odeon::podcasts

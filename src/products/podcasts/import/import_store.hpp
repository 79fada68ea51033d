// SQL of podcasts that come from another host.
#pragma once

#include "products/podcasts/episode_store.hpp"

namespace odeon::podcasts {

enum class ImportState { reading, fetching, finished, failed };
BOOST_DESCRIBE_ENUM(ImportState, reading, fetching, finished, failed)

struct ImportRow {
  std::string id;
  std::string user_id;
  std::string feed_url;  // empty where the feed was sent
  std::string base_url;  // of the product, as whoever asked reached it
  std::optional<std::string> podcast_id, job_id;
  ImportState state = ImportState::reading;
  std::optional<std::string> error;
  Instant created_at;
};
BOOST_DESCRIBE_STRUCT(ImportRow, (), (id, user_id, feed_url, base_url, podcast_id, job_id, state, error, created_at))

// `known`: it was here before.
enum class ImportedState { waiting, taken, known, skipped };
BOOST_DESCRIBE_ENUM(ImportedState, waiting, taken, known, skipped)

struct ImportedRow {
  std::string import_id;
  std::int64_t number = 0;  // in the feed
  std::optional<std::string> episode_id;
  std::string title;
  std::string audio_url;
  ImportedState state = ImportedState::waiting;
  std::optional<std::string> reason;  // why it was skipped
};
BOOST_DESCRIBE_STRUCT(ImportedRow, (), (import_id, number, episode_id, title, audio_url, state, reason))

// An episode of a podcast that is imported again.
struct KnownEpisode {
  std::string id;
  std::string guid;
  std::optional<std::string> source_id, audio_id;

  bool has_sound() const { return source_id || audio_id; }
};
BOOST_DESCRIBE_STRUCT(KnownEpisode, (), (id, guid, source_id, audio_id))

namespace store {

Task<void> add(Transaction& tx, ImportRow row);
Task<std::optional<ImportRow>> import_of(Executor& executor, std::string id);
Task<std::optional<ImportRow>> import_of(Executor& executor, std::string user_id, std::string id);
Task<std::vector<ImportRow>> imports_of(Executor& executor, std::string user_id);
Task<void> set_import_job(Transaction& tx, std::string id, std::string job_id);
// Its feed is read. False if it was before.
Task<bool> begin_fetching(Transaction& tx, std::string id, std::string podcast_id);
Task<void> end_import(Transaction& tx, std::string id, ImportState state, std::optional<std::string> error);

// The podcast of theirs that an earlier import of this address gave, while it is there.
Task<std::optional<std::string>> podcast_from(Executor& executor, std::string user_id, std::string feed_url);
// The one of theirs that the world knows by this GUID.
Task<std::optional<std::string>> podcast_known_as(Executor& executor, std::string user_id, std::string guid);
// To the end of the transaction, so that its episodes are another's to add only after that. False if it is gone.
Task<bool> hold_podcast(Transaction& tx, std::string podcast_id);
Task<std::vector<KnownEpisode>> known_episodes(Executor& executor, std::string podcast_id);

Task<void> add(Transaction& tx, ImportedRow row);
Task<std::optional<ImportedRow>> imported(Executor& executor, std::string import_id, std::int64_t number);
// In the order of the feed.
Task<std::vector<ImportedRow>> imported_of(Executor& executor, std::string import_id);
Task<std::vector<std::int64_t>> waiting_of(Executor& executor, std::string import_id);
// False if it waits no more.
Task<bool> end_imported(Transaction& tx, std::string import_id, std::int64_t number, ImportedState state,
                        std::optional<std::string> reason);

}  // namespace store
}  // namespace odeon::podcasts

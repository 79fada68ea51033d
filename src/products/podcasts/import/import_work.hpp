// The work on imports, which is light: it waits for other hosts most of the time. One job reads the feed and waits for
// those that fetch its episodes, of which each is a job of its own: so what is cut off goes on where it was, what a
// host does not give now is asked for again later, and one person's hundred episodes hold up nobody else's work. Nor do
// hosts that are slow: there are `places` for some of them at once, and whatever finds none comes again later.
#pragma once

#include "engine/http/client.hpp"
#include "engine/jobs/worker.hpp"
#include "products/podcasts/import/fetching.hpp"
#include "products/podcasts/import/import_intake.hpp"
#include "products/podcasts/sound/sound_work.hpp"

namespace odeon::podcasts {

struct ImportFeed {
  static constexpr std::string_view kind = "podcasts.import";
  std::string id;
};
BOOST_DESCRIBE_STRUCT(ImportFeed, (), (id))

struct ImportEpisode {
  static constexpr std::string_view kind = "podcasts.import_episode";
  std::string import_id;
  std::int64_t number = 0;
};
BOOST_DESCRIBE_STRUCT(ImportEpisode, (), (import_id, number))

inline constexpr int kImportedAtOnce = 1;  // of one person's
// How long a host is left alone that did not give a sound.
inline constexpr std::chrono::minutes kAskedAgain{5};
// How long whoever finds no place waits.
inline constexpr std::chrono::seconds kPlaceAwaited{20};

// Thread-safe; what it is given outlives it.
class ImportWork {
 public:
  struct Rooms {
    database::Database& database;
    storage::Storage& storage;
    jobs::Queue& queue;
    billing::Allowances& allowances;
    http::Client& client;  // strangers name the addresses: it connects to public ones only
    FetchPlaces& places;
    Audio& audio;
    ImportIntake& intake;
    SoundWork& work;
    ThreadPool& files;
    const Clock& clock;
  };
  explicit ImportWork(Rooms rooms) : rooms_(rooms) {}

  void install(jobs::Worker& worker);

 private:
  Task<void> run(ImportFeed job, jobs::Job& handle);
  Task<void> read_feed(ImportRow row);
  Task<std::string> fetch_feed(std::string url);
  Task<void> finish(std::string id, jobs::Job& handle);
  Task<void> run_episode(ImportEpisode job, jobs::Job& handle);
  Task<void> enqueue(Transaction& tx, ImportRow row, std::vector<ImportEpisode> waiting, std::string parent,
                     std::optional<Instant> run_at, TraceContext trace);
  Task<void> come_again(ImportRow row, ImportEpisode job, jobs::Job& handle);
  Task<void> fetch(ImportRow row, ImportedRow item, jobs::Job& handle);
  Task<std::uint64_t> room_for(std::string user_id);
  Task<std::int64_t> put(std::string key, std::string url, std::uint64_t room);
  Task<void> take(ImportRow row, ImportedRow item, AudioRow sound, jobs::Job& handle);
  Task<void> found_here(ImportedRow item, jobs::Job& handle);
  Task<void> skip(ImportEpisode job, Transaction& tx, std::string reason);

  Rooms rooms_;
};

}  // namespace odeon::podcasts

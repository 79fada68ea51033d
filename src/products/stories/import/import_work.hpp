// The job that takes over a library: heroes, custom events and stories first, then their pictures and sound as they
// come in the ZIP. What does not fit is left out and the rest goes on; what came before is not taken again, so that an
// attempt goes on where one was cut off.
#pragma once

#include "engine/jobs/worker.hpp"
#include "engine/storage/storage.hpp"
#include "products/stories/import/import_store.hpp"
#include "products/stories/import/unpacking.hpp"

namespace odeon::stories {

struct ImportLibrary {
  static constexpr std::string_view kind = "stories.import";
  static constexpr auto weight = jobs::Weight::heavy;
  std::string id;
};
BOOST_DESCRIBE_STRUCT(ImportLibrary, (), (id))

class ImportWork {
 public:
  struct Rooms {
    database::Database& database;
    storage::Storage& storage;
    jobs::Queue& queue;
    ThreadPool& pool;
    Log& log;
    const Clock& clock;
  };
  explicit ImportWork(Rooms rooms) : rooms_(rooms) {}

  void install(jobs::Worker& worker);

 private:
  struct Taking;
  Task<void> take_over(std::string id, jobs::Job& handle);
  Task<void> fail(std::string id, database::Transaction& tx, std::string error);
  Task<void> copy(std::string key, media::ScratchFile& into);

  template <class Row>
  using Finder = std::type_identity_t<Task<std::optional<Row>> (*)(database::Executor&, std::string, std::string)>;
  template <class Row>
  Task<Row> kept(Imported note, std::optional<Instant> made_at, Row row, Finder<Row> find);
  Task<void> take_hero(Taking& taking, BroughtHero brought);
  Task<void> take_event(Taking& taking, BroughtEvent brought);
  Task<void> take_story(Taking& taking, BroughtStory brought);
  Task<void> take_files(Taking& taking, const media::ScratchFile& zip, jobs::Job& handle);
  Task<void> take_file(Taking& taking, std::string path, WantedFile wanted, std::string bytes);
  Task<void> attach(Transaction& tx, const Taking& taking, WantedFile wanted, std::string key, std::int64_t size,
                    KeptFile kept);

  Rooms rooms_;
};

}  // namespace odeon::stories

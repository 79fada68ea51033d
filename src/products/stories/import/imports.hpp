// A library of the former app moves here: heroes, custom events and stories with their pictures and sound, as a ZIP.
// The same one comes once, however often it is sent.
#pragma once

#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "products/stories/import/import_work.hpp"

namespace odeon::stories {

inline constexpr std::uint64_t kLargestLibrary = 500'000'000;  // bytes

struct BringLibrary {
  http::Upload file;
};
BOOST_DESCRIBE_STRUCT(BringLibrary, (), (file))
struct ImportRequest {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(ImportRequest, (), (id))

struct ImportTold {
  std::string id;
  ImportState status = ImportState::reading;
  std::string jobId;                                       // for /api/jobs/{id} and its events
  std::int64_t heroes = 0, customEvents = 0, stories = 0;  // that are new here
  std::int64_t files = 0;                                  // pictures and sounds of them
  std::vector<Skipped> skipped;
  Nullable<std::string> error;
  Instant createdAt;
  Nullable<Instant> endedAt;
};
BOOST_DESCRIBE_STRUCT(ImportTold, (),
                      (id, status, jobId, heroes, customEvents, stories, files, skipped, error, createdAt, endedAt))
struct ImportReply {
  ImportTold import_;
};
BOOST_DESCRIBE_STRUCT(ImportReply, (), (import_))

inline constexpr Endpoint<BringLibrary, http::Accepted<ImportReply>> bring_library{
    {.method = Method::post,
     .path = "/api/import",
     .summary = "Take over a library of the former app",
     .description = "A form with `file`: a ZIP of library.json, pictures and sound, up to 500 MB. What does not fit is "
                    "left out, and said why; what came before does not come again.",
     .auth = Auth::user,
     .rate = {10, http::per_hour},
     .max_body = kLargestLibrary}};
inline constexpr Endpoint<ImportRequest, ImportReply> read_import{{.method = Method::get,
                                                                   .path = "/api/import/{id}",
                                                                   .summary = "How far a library has come over",
                                                                   .auth = Auth::user,
                                                                   .rate = {100, http::per_minute}}};

// Thread-safe; what it is given outlives it.
class Imports {
 public:
  struct Rooms {
    database::Database& database;
    storage::Storage& storage;
    jobs::Queue& queue;
    const Clock& clock;
  };
  explicit Imports(Rooms rooms) : rooms_(rooms) {}

  Task<http::Accepted<ImportReply>> bring(http::Caller caller, BringLibrary request);
  Task<ImportReply> read(http::Caller caller, ImportRequest request);

  void mount(http::Api& api);

 private:
  Task<ImportRow> begin(http::Caller caller, std::string upload_key);
  Task<ImportReply> shown(ImportRow row);

  Rooms rooms_;
};

}  // namespace odeon::stories

// A podcast that moves here from another host: its feed is read, and its episodes are taken over one by one with all
// that listeners' apps know them by. An MP3 is kept byte for byte; what is none is made one. What cannot be taken over
// is left out, and said why. The same podcast comes once, however often it is asked for.
#pragma once

#include "products/podcasts/import/import_work.hpp"

namespace odeon::podcasts {

struct ImportPodcast {
  Text<1, 2000> feed_url;
};
BOOST_DESCRIBE_STRUCT(ImportPodcast, (), (feed_url))
struct ImportFile {
  http::Upload file;
};
BOOST_DESCRIBE_STRUCT(ImportFile, (), (file))
struct ImportRequest {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(ImportRequest, (), (id))

struct SkippedEpisode {
  std::string title;
  std::string reason;  // a sentence
};
BOOST_DESCRIBE_STRUCT(SkippedEpisode, (), (title, reason))

struct ImportShown {
  std::string id;
  ImportState status = ImportState::reading;
  Nullable<std::string> podcast_id;  // once its feed is read
  Nullable<std::string> job_id;      // for /api/jobs/{id} and its events
  std::int64_t percent = 0;
  std::int64_t episodes = 0;  // in the feed
  std::int64_t taken = 0;     // of them
  std::int64_t known = 0;     // that were here before
  std::vector<SkippedEpisode> skipped;
  std::string verify;  // what a locked feed of yours says in podcast:txt, of that purpose, to be imported by you
  Nullable<std::string> error;
  Instant created_at;
};
BOOST_DESCRIBE_STRUCT(ImportShown, (),
                      (id, status, podcast_id, job_id, percent, episodes, taken, known, skipped, verify, error,
                       created_at))

inline constexpr Endpoint<ImportPodcast, http::Accepted<ImportShown>> import_podcast{
    {.method = Method::post,
     .path = "/api/podcasts/import",
     .summary = "Take over a podcast from another host by its feed",
     .description =
         "GUIDs, titles and dates stay; sounds are fetched one by one. Once more, it takes over what is new. 403 "
         "PODCAST_LIMIT_REACHED for who has as many podcasts as their plan allows.",
     .auth = Auth::user,
     .rate = {20, http::per_hour}}};
inline constexpr Endpoint<ImportFile, http::Accepted<ImportShown>> import_file{
    {.method = Method::post,
     .path = "/api/podcasts/import/file",
     .summary = "Take over a podcast from another host by its feed as a file",
     .description = "A form with `file`. 403 FEED_LOCKED for one that is another's alone to import.",
     .auth = Auth::user,
     .rate = {20, http::per_hour},
     .max_body = kLargestFeed}};
inline constexpr Endpoint<ImportRequest, ImportShown> read_import{{.method = Method::get,
                                                                   .path = "/api/imports/{id}",
                                                                   .summary = "How far a podcast has come over",
                                                                   .auth = Auth::user,
                                                                   .rate = kReading}};

// Thread-safe; what it is given outlives it.
class Imports {
 public:
  struct Rooms {
    database::Database& database;
    storage::Storage& storage;
    jobs::Queue& queue;
    billing::Allowances& allowances;
    ImportIntake& intake;
    ThreadPool& files;
    const Clock& clock;
  };
  explicit Imports(Rooms rooms) : rooms_(rooms) {}

  Task<http::Accepted<ImportShown>> start(http::Caller caller, ImportPodcast request);
  Task<http::Accepted<ImportShown>> start_with(http::Caller caller, ImportFile request);
  Task<ImportShown> read(http::Caller caller, ImportRequest request);

  void mount(http::Api& api);

 private:
  Task<FeedShow> feed_in(std::string key);
  Task<http::Accepted<ImportShown>> begin(http::Caller caller, std::string feed_url, std::optional<FeedShow> feed);
  Task<void> check_room(ImportRow row);
  Task<ImportShown> shown(ImportRow row);

  Rooms rooms_;
};

}  // namespace odeon::podcasts

// Files that are there already: in one go as a form, or so that they can be resumed, by tus. Whatever a file is called,
// what it is shows when it is decoded. A form's file becomes a source as it is stored; what comes by tus is joined
// first. Both are listened to while they come.
#pragma once

#include "engine/http/tus.hpp"
#include "products/podcasts/episodes.hpp"
#include "products/podcasts/sound/processing_options.hpp"

namespace odeon::podcasts {

inline constexpr http::TusRoutes kTusRoutes =
    http::tus_routes("/api/upload/tus", "/api/upload/tus/{id}", kLargestSource);

// With what is to be done with its sound.
struct UploadFile : ProcessingOptions {
  std::optional<Text<1, 64>> episode_id;  // one of yours
  std::optional<Text<1, 64>> podcast_id;  // or where one is begun for it
  Text<0, 255> title;                     // of that one
  http::Upload file;
};
BOOST_DESCRIBE_STRUCT(UploadFile, (ProcessingOptions), (episode_id, podcast_id, title, file))

enum class UploadStatus { uploading, joining, finished };
BOOST_DESCRIBE_ENUM(UploadStatus, uploading, joining, finished)
struct UploadShown {
  std::string id;
  UploadStatus status = UploadStatus::uploading;
  std::string podcast_id;
  Nullable<std::string> episode_id;
  Nullable<std::string> job_id;  // that joins it: for /api/jobs/{id} and its events
  std::int64_t bytes = 0;        // that have come
  Nullable<std::int64_t> size;   // of the whole, where it is known
  Instant expires_at;            // unless more comes
};
BOOST_DESCRIBE_STRUCT(UploadShown, (), (id, status, podcast_id, episode_id, job_id, bytes, size, expires_at))
struct UploadRequest {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(UploadRequest, (), (id))

inline constexpr Endpoint<UploadFile, http::Accepted<Episode>> upload_file{
    {.method = Method::post,
     .path = "/api/upload",
     .summary = "Upload the sound of an episode",
     .description =
         "A form with `file`, of at most 2 GB, and `episode_id`, or `podcast_id` and `title` for a new episode; and "
         "with what is to be done with the sound. "
         "What can be resumed goes to /api/upload/tus, with the same names in Upload-Metadata beside "
         "`filename` and `filetype`. 403 STORAGE_LIMIT_REACHED where the plan has no room for it.",
     .auth = Auth::user,
     .rate = {60, http::per_hour},
     .max_body = kLargestSource}};
inline constexpr Endpoint<UploadRequest, UploadShown> read_upload{
    {.method = Method::get,
     .path = "/api/upload/tus/{id}",
     .summary = "How far an upload has come, and which episode it is for",
     .auth = Auth::user,
     .rate = kReading}};

// Thread-safe; what it is given outlives it.
class Uploads final : public http::TusUploads {
 public:
  struct Rooms {
    database::Database& database;
    storage::Storage& storage;
    jobs::Queue& queue;
    billing::Allowances& allowances;
    Audio& audio;
    Intakes& intakes;
    Listening& listening;
    Episodes& episodes;
    const Clock& clock;
  };
  explicit Uploads(Rooms rooms) : rooms_(rooms), tus_(*this, kTusRoutes) {}

  Task<http::Accepted<Episode>> upload(http::Caller caller, UploadFile request);
  Task<UploadShown> read(http::Caller caller, UploadRequest request);

  void mount(http::Api& api);

  // ---- as tus wants them ---------------------------------------------------------------------------
  std::uint64_t max_size() const override { return kLargestSource; }
  Task<http::TusUpload> create(http::Caller caller, std::optional<std::uint64_t> length, http::TusMetadata metadata,
                               std::string written) override;
  Task<std::optional<http::TusUpload>> find(http::Caller caller, std::string id) override;
  Task<bool> declare(http::Caller caller, std::string id, std::uint64_t length) override;
  Task<http::TusPiece> store(http::Caller caller, std::string id, std::string bytes) override;
  Task<bool> append(http::Caller caller, std::string id, std::uint64_t offset,
                    std::vector<http::TusPiece> pieces) override;
  Task<void> discard(std::vector<http::TusPiece> pieces) override;
  Task<bool> remove(http::Caller caller, std::string id) override;

 private:
  std::unique_ptr<http::UploadWatcher> listen(const json::object& fields);
  Task<std::string> take(http::Caller caller, UploadFile request);
  Task<void> check_room(Transaction& tx, std::string user_id, std::int64_t bytes);
  // What is wanted of its sound.
  Task<ProcessingOptions> close_if_whole(Transaction& tx, std::string id, TraceContext trace);

  Rooms rooms_;
  http::Tus tus_;
};

}  // namespace odeon::podcasts

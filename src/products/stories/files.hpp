// Files of people's own, uploaded straight to storage by an address that allows just that, then confirmed. Pictures are
// decoded and kept as PNG, so that what is kept is a picture and nothing else.
#pragma once

#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "engine/jobs/queue.hpp"
#include "products/stories/file_store.hpp"
#include "products/stories/heroes.hpp"

namespace odeon::stories {

inline constexpr std::int64_t kLargestImage = 10 * 1024 * 1024, kLargestSound = 50 * 1024 * 1024;  // bytes

struct NewUpload {
  Text<1, 255> fileName;
  Text<1, 100> mimeType;
  Int<1, kLargestSound> fileSize;  // bytes, of a picture at most 10 MB
  FileCategory category;
};
BOOST_DESCRIBE_STRUCT(NewUpload, (), (fileName, mimeType, fileSize, category))
struct UploadGranted {
  std::string id;      // to confirm it by
  std::string method;  // PUT
  std::string uploadUrl;
  std::map<std::string, std::string> headers;  // to be sent as they are
  std::string storageKey;
  std::string publicUrl;  // reads it once it is confirmed
  Instant expiresAt;
};
BOOST_DESCRIBE_STRUCT(UploadGranted, (), (id, method, uploadUrl, headers, storageKey, publicUrl, expiresAt))

struct ConfirmUpload {
  std::string id;
  // Whose it becomes: the avatar of a hero, the pictogram of an event, the sound or one more picture of a story.
  std::optional<Text<1, 64>> entityId;
  std::optional<double> timestamp;  // seconds into the story at which a picture comes
};
BOOST_DESCRIBE_STRUCT(ConfirmUpload, (), (id, entityId, timestamp))
struct StoredFile {
  std::string id;
  std::string fileName;
  std::int64_t fileSize = 0;
  std::string mimeType;
  std::string storageKey;
  std::string url;  // reads it without further credentials for a day or two
  FileCategory category = FileCategory::avatar;
  Nullable<std::string> entityId;
  Instant createdAt;
};
BOOST_DESCRIBE_STRUCT(StoredFile, (),
                      (id, fileName, fileSize, mimeType, storageKey, url, category, entityId, createdAt))
struct FileReply {
  StoredFile file;
};
BOOST_DESCRIBE_STRUCT(FileReply, (), (file))

inline constexpr Endpoint<NewUpload, UploadGranted> upload_file{
    {.method = Method::post,
     .path = "/api/files/upload",
     .summary = "An address to upload a file to",
     .description = "For an hour, for a file of just that size and type. Pictures: PNG, JPEG, WebP; sound: MP3, MP4, "
                    "WAV, Ogg, WebM. What is not confirmed is removed.",
     .auth = Auth::user,
     .rate = {100, http::per_minute}}};
inline constexpr Endpoint<ConfirmUpload, FileReply> confirm_file{
    {.method = Method::post,
     .path = "/api/files/{id}/confirm",
     .summary = "Keep what was uploaded",
     .description = "Its content is looked at: what is not what it was said to be is refused (400 CONTENT_MISMATCH). "
                    "With `entityId` it becomes the avatar of that hero, the pictogram of that event, or the sound or "
                    "one more picture of that story, by its category.",
     .auth = Auth::user,
     .rate = {30, http::per_minute}}};

// Thread-safe; what it is given outlives it.
class Files {
 public:
  struct Rooms {
    database::Database& database;
    storage::Storage& storage;
    jobs::Queue& queue;
    const Media& media;
    ThreadPool& pool;
    const Clock& clock;
  };
  explicit Files(Rooms rooms) : rooms_(rooms) {}

  Task<UploadGranted> grant(http::Caller caller, NewUpload request);
  Task<FileReply> confirm(http::Caller caller, ConfirmUpload request);

  void mount(http::Api& api);

 private:
  Task<void> check_entity(const FileRow& row, const ConfirmUpload& request);
  // What was uploaded. Throws Error{conflict} if it was not, and Error{invalid} if it is of another size.
  Task<std::string> uploaded(const FileRow& row);
  struct Kept {
    double seconds = 0;                // of a story's sound
    std::vector<std::string> colours;  // of a hero's portrait
  };
  // What is kept of it is stored, and told by the row. Throws Error{invalid} for a lie.
  Task<Kept> store_content(FileRow& row);
  Task<void> keep(http::Caller caller, FileRow row, std::optional<double> timestamp, Kept kept);
  // In the transaction of `keep`.
  Task<void> attach(Transaction& tx, FileRow row, std::optional<double> timestamp, Kept kept);

  Rooms rooms_;
};

}  // namespace odeon::stories

// Pictures and films that models make: asked for, made by a job that can be watched and cancelled, kept with addresses
// that read them, listed, deleted.
#pragma once

#include "engine/http/router.hpp"
#include "engine/jobs/queue.hpp"
#include "products/chat/files/attachments.hpp"
#include "products/chat/files/creation_store.hpp"

namespace odeon::chat {

struct DrawRequest {
  Text<1, 4000> prompt;
  std::optional<Text<1, 20>> size;  // "1024x1024" (256 to 2048), or square, landscape, portrait
  std::optional<Int<1, 4>> count;
  std::optional<Text<1, 100>> model;
  std::optional<Text<1, 64>> conversation_id;
};
BOOST_DESCRIBE_STRUCT(DrawRequest, (), (prompt, size, count, model, conversation_id))
struct FilmRequest {
  Text<1, 4000> prompt;
  std::optional<Int<1, 10>> seconds;  // about; models have lengths of their own
  std::optional<Text<1, 20>> size;
  std::optional<Text<1, 64>> image;  // an attachment, for models that begin with a picture
  std::optional<Text<1, 100>> model;
  std::optional<Text<1, 64>> conversation_id;
};
BOOST_DESCRIBE_STRUCT(FilmRequest, (), (prompt, seconds, size, image, model, conversation_id))

struct CreationFile {
  std::string url;  // reads it without further credentials, for a while
  std::string media_type;
  std::int64_t bytes = 0;
};
BOOST_DESCRIBE_STRUCT(CreationFile, (), (url, media_type, bytes))
struct CreationFault {
  std::string code;
  std::string message;
};
BOOST_DESCRIBE_STRUCT(CreationFault, (), (code, message))
struct CreationShown {
  std::string id;
  CreationKind kind = CreationKind::image;
  CreationStatus status = CreationStatus::queued;
  std::string prompt;
  std::optional<std::string> conversation_id;
  std::string job_id;                       // for /api/jobs/{id} and its events
  std::optional<int> percent;               // while it is being made; not in listings, as the next
  std::optional<double> estimated_seconds;  // until it is there
  std::vector<CreationFile> files;
  std::optional<std::string> model;  // once it is ready, as the next
  std::optional<double> cost_usd;
  std::optional<CreationFault> error;  // once it failed
  Instant created_at;
  std::optional<Instant> ended_at;
};
BOOST_DESCRIBE_STRUCT(CreationShown, (),
                      (id, kind, status, prompt, conversation_id, job_id, percent, estimated_seconds, files, model,
                       cost_usd, error, created_at, ended_at))

struct CreationRequest {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(CreationRequest, (), (id))
struct CreationContent {
  std::string id, name;
  std::string expires, signature;
};
BOOST_DESCRIBE_STRUCT(CreationContent, (), (id, name, expires, signature))
struct ListCreations {
  std::optional<Text<1, 64>> conversation_id;
  Clamped<1, 100> limit = 30;
  Text<0, 64> cursor;
};
BOOST_DESCRIBE_STRUCT(ListCreations, (), (conversation_id, limit, cursor))
struct CreationList {
  std::vector<CreationShown> creations;
  Nullable<std::string> next_cursor;  // null at the end
};
BOOST_DESCRIBE_STRUCT(CreationList, (), (creations, next_cursor))

inline constexpr Endpoint<DrawRequest, http::Accepted<CreationShown>> draw_pictures{
    {.method = Method::post,
     .path = "/api/images",
     .summary = "Let a model draw",
     .description = "Answers at once; the job draws. `status` is queued, running, ready, failed (with `error`) or "
                    "cancelled. An `Idempotency-Key` is carried out once. Part of plans with the feature "
                    "image_generation.",
     .auth = Auth::user,
     .rate = {30, http::per_minute}}};
inline constexpr Endpoint<FilmRequest, http::Accepted<CreationShown>> make_film{
    {.method = Method::post,
     .path = "/api/videos",
     .summary = "Let a model make a short film",
     .description = "As `/api/images`; it takes minutes. `image` is an attachment that the film begins with. Part of "
                    "plans with the feature video_generation.",
     .auth = Auth::user,
     .rate = {10, http::per_minute}}};
inline constexpr Endpoint<ListCreations, CreationList> list_images{{.method = Method::get,
                                                                    .path = "/api/images",
                                                                    .summary = "Your pictures, the newest first",
                                                                    .auth = Auth::user,
                                                                    .rate = {240, http::per_minute}}};
inline constexpr Endpoint<ListCreations, CreationList> list_videos{{.method = Method::get,
                                                                    .path = "/api/videos",
                                                                    .summary = "Your films, the newest first",
                                                                    .auth = Auth::user,
                                                                    .rate = {240, http::per_minute}}};
inline constexpr Endpoint<CreationRequest, CreationShown> read_creation{
    {.method = Method::get,
     .path = "/api/creations/{id}",
     .summary = "How a picture or film comes along, and where it is",
     .auth = Auth::user,
     .rate = {600, http::per_minute}}};
inline constexpr Endpoint<CreationRequest, CreationShown> cancel_creation{
    {.method = Method::post,
     .path = "/api/creations/{id}/cancel",
     .summary = "Stop making it; what has ended stays as it is",
     .auth = Auth::user,
     .rate = {120, http::per_minute}}};
inline constexpr Endpoint<CreationRequest, http::NoContent> delete_creation{{.method = Method::delete_,
                                                                             .path = "/api/creations/{id}",
                                                                             .summary = "Delete it, made or not",
                                                                             .auth = Auth::user,
                                                                             .rate = {120, http::per_minute}}};
inline constexpr Endpoint<CreationContent, http::File> creation_content{
    {.method = Method::get,
     .path = "/api/creations/{id}/files/{name}",
     .summary = "The picture or film itself, by the address that is told",
     .rate = {600, http::per_minute}}};

// Thread-safe; what it is given outlives it.
class Creations {
 public:
  struct Rooms {
    database::Database& database;
    storage::Storage& storage;
    const storage::FileSigner& signer;
    jobs::Queue& queue;
    const ai::Gateway& gateway;
    Asking& asking;
    const Clock& clock;
  };
  explicit Creations(Rooms rooms) : rooms_(rooms) {}

  Task<http::Accepted<CreationShown>> draw(http::Caller caller, DrawRequest request);
  Task<http::Accepted<CreationShown>> film(http::Caller caller, FilmRequest request);
  Task<CreationList> images(http::Caller caller, ListCreations request);
  Task<CreationList> videos(http::Caller caller, ListCreations request);
  Task<CreationShown> read(http::Caller caller, CreationRequest request);
  Task<CreationShown> cancel(http::Caller caller, CreationRequest request);
  Task<http::NoContent> remove(http::Caller caller, CreationRequest request);
  Task<http::File> content(CreationContent request);

  void mount(http::Api& api);

 private:
  // The row that is queued, which is an older one if its request is known.
  Task<CreationRow> ask(http::Caller caller, CreationRow row);
  Task<CreationRow> enqueue(CreationRow row, TraceContext trace);
  Task<void> check(CreationRow row);
  Task<CreationList> list(http::Caller caller, CreationKind kind, ListCreations request);
  Task<CreationRow> own(std::string user_id, std::string id);
  CreationShown shown(const CreationRow& row, const http::Caller& caller) const;
  Task<CreationShown> shown_now(CreationRow row, http::Caller caller);
  std::string model_of(std::string_view asked, ai::ModelKind kind) const;

  Rooms rooms_;
};

}  // namespace odeon::chat

// The pictures of stories: asked for, listed, and how far they are. A job draws them one after the other
// (illustrating.hpp), each to match the one before and the hero's portrait.
#pragma once

#include "engine/billing/subscriptions.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "engine/jobs/queue.hpp"
#include "products/stories/illustration_store.hpp"
#include "products/stories/narrations.hpp"

namespace odeon::stories {

struct IllustrateStory {
  static constexpr std::string_view kind = "stories.illustrate";
  static constexpr auto weight = jobs::Weight::heavy;
  std::string id;
  std::string tier;
  List<std::string, 0, 5> pictures;  // their ids: by the time that this ends, the story may have others
};
BOOST_DESCRIBE_STRUCT(IllustrateStory, (), (id, tier, pictures))

inline constexpr std::chrono::seconds kUsualDrawing{120};
// Attempts at a story's pictures: what failed is drawn again, what succeeded stays.
inline constexpr int kDrawingAttempts = 3;

struct IllustrationsWanted {
  std::string storyId;
  std::optional<Int<1, 5>> count;                     // 3, unless there are timestamps
  std::optional<List<double, 1, 5>> sceneTimestamps;  // seconds, ascending; else scenes are chosen
  std::optional<Priority> priority;
};
BOOST_DESCRIBE_STRUCT(IllustrationsWanted, (), (storyId, count, sceneTimestamps, priority))
struct IllustrationsRequest {
  std::string storyId;
};
BOOST_DESCRIBE_STRUCT(IllustrationsRequest, (), (storyId))
struct IllustrationRequest {
  std::string storyId;
  std::string illustrationId;
};
BOOST_DESCRIBE_STRUCT(IllustrationRequest, (), (storyId, illustrationId))

struct IllustrationsJob {
  std::string id;
  JobStatus status = JobStatus::queued;
  std::int64_t illustrationCount = 0;
  std::optional<Instant> estimatedCompletionTime;
};
BOOST_DESCRIBE_STRUCT(IllustrationsJob, (), (id, status, illustrationCount, estimatedCompletionTime))
struct IllustrationsJobReply {
  IllustrationsJob job;
};
BOOST_DESCRIBE_STRUCT(IllustrationsJobReply, (), (job))

struct Illustration {
  std::string id;
  Nullable<std::string> imageUrl;  // null until it is drawn
  double timestamp = 0;            // seconds into the narration
  Nullable<double> duration;       // seconds that it is looked at
  std::int64_t displayOrder = 0;
  DrawStatus generationStatus = DrawStatus::pending;
  std::optional<std::string> errorMessage;
  std::int64_t retryCount = 0;
  Nullable<std::string> model;
  Nullable<std::string> generationId, previousGenerationId;
  Instant createdAt;
};
BOOST_DESCRIBE_STRUCT(Illustration, (),
                      (id, imageUrl, timestamp, duration, displayOrder, generationStatus, errorMessage, retryCount,
                       model, generationId, previousGenerationId, createdAt))
struct IllustrationList {
  std::vector<Illustration> illustrations;
  double totalDuration = 0;  // seconds: of the narration, or as long as it would be
};
BOOST_DESCRIBE_STRUCT(IllustrationList, (), (illustrations, totalDuration))

// partial: some are drawn, and no more are going to be.
enum class DrawingsState { none, queued, processing, completed, partial, failed };
BOOST_DESCRIBE_ENUM(DrawingsState, none, queued, processing, completed, partial, failed)
struct DrawingsProgress {
  std::int64_t completed = 0, total = 0, percentage = 0;
};
BOOST_DESCRIBE_STRUCT(DrawingsProgress, (), (completed, total, percentage))
struct IllustrationState {
  std::string id;
  DrawStatus generationStatus = DrawStatus::pending;
  std::optional<std::string> errorMessage;
};
BOOST_DESCRIBE_STRUCT(IllustrationState, (), (id, generationStatus, errorMessage))
struct DrawingsStatus {
  DrawingsState status = DrawingsState::none;
  DrawingsProgress progress;
  std::vector<IllustrationState> illustrations;
  std::optional<Instant> estimatedCompletionTime;
  std::optional<std::string> jobId;
};
BOOST_DESCRIBE_STRUCT(DrawingsStatus, (), (status, progress, illustrations, estimatedCompletionTime, jobId))

inline constexpr Endpoint<IllustrationsWanted, http::Accepted<IllustrationsJobReply>> illustrate_story{
    {.method = Method::post,
     .path = "/api/stories/{storyId}/illustrations",
     .summary = "Have pictures drawn of a story",
     .description = "They take the place of those that it has. 5 an hour.",
     .auth = Auth::user,
     .rate = {100, http::per_minute}}};
inline constexpr Endpoint<IllustrationsRequest, IllustrationList> list_illustrations{
    {.method = Method::get,
     .path = "/api/stories/{storyId}/illustrations",
     .summary = "The pictures of a story",
     .auth = Auth::user,
     .rate = {100, http::per_minute}}};
inline constexpr Endpoint<IllustrationsRequest, DrawingsStatus> illustrations_status{
    {.method = Method::get,
     .path = "/api/stories/{storyId}/illustrations/status",
     .summary = "How far the pictures of a story are",
     .auth = Auth::user,
     .rate = {60, http::per_minute}}};
inline constexpr Endpoint<IllustrationRequest, Success> delete_illustration{
    {.method = Method::delete_,
     .path = "/api/stories/{storyId}/illustrations/{illustrationId}",
     .summary = "Delete a picture; those behind it move up",
     .auth = Auth::user,
     .rate = {20, http::per_minute}}};

// Thread-safe; what it is given outlives it.
class Drawings {
 public:
  struct Rooms {
    database::Database& database;
    jobs::Queue& queue;
    billing::Subscriptions& subscriptions;
    Pace& pace;
    const Media& media;
    const Clock& clock;
  };
  explicit Drawings(Rooms rooms) : rooms_(rooms) {}

  Task<http::Accepted<IllustrationsJobReply>> ask(http::Caller caller, IllustrationsWanted request);
  Task<IllustrationList> list(http::Caller caller, IllustrationsRequest request);
  Task<DrawingsStatus> status(http::Caller caller, IllustrationsRequest request);
  Task<Success> remove(http::Caller caller, IllustrationRequest request);

  struct Wanted {
    std::int64_t count = 3;
    std::vector<double> timestamps;  // as many, or none
    std::optional<Priority> priority;
  };
  // The job's id, in the transaction of whoever wants the story illustrated. The pictures that there were go.
  Task<std::string> enqueue(Transaction& transaction, TaleRow tale, Wanted wanted, std::string tier,
                            TraceContext trace);

  void mount(http::Api& api);

 private:
  Rooms rooms_;
};

}  // namespace odeon::stories

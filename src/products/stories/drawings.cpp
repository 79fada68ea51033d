#include "products/stories/drawings.hpp"

#include <cmath>

#include "base/ids.hpp"
#include "base/nullable.hpp"
#include "engine/http/binding.hpp"
#include "products/stories/bringing.hpp"
#include "products/stories/faults.hpp"
#include "products/stories/leftovers.hpp"
#include "products/stories/showing.hpp"

namespace odeon::stories {
namespace {

Drawings::Wanted wanted_drawings(const IllustrationsWanted& request) {
  Drawings::Wanted wanted{.priority = request.priority};
  if (request.count) wanted.count = *request.count;
  if (!request.sceneTimestamps) return wanted;
  json::Faults faults;
  double before = -1;
  for (std::size_t i = 0; i < request.sceneTimestamps->size(); ++i) {
    const double at = (*request.sceneTimestamps)[i];
    if (!std::isfinite(at) || at < 0 || at > kLongestStory || at <= before)
      faults.add(fmt::format("sceneTimestamps[{}]", i), "not_allowed",
                 "These must be seconds, each later than the last.");
    before = at;
    wanted.timestamps.push_back(at);
  }
  if (request.count && std::ssize(wanted.timestamps) != *request.count)
    faults.add("sceneTimestamps", "not_allowed", "There must be as many as `count` says.");
  faults.raise();
  wanted.count = std::ssize(wanted.timestamps);
  return wanted;
}

DrawingsState state_of(const DrawingsStatus& status, std::optional<JobStatus> job) {
  const auto has = [&](DrawStatus wanted) {
    return std::ranges::find(status.illustrations, wanted, &IllustrationState::generationStatus) !=
           status.illustrations.end();
  };
  if (status.illustrations.empty()) return DrawingsState::none;
  if (job == JobStatus::queued) return DrawingsState::queued;
  if (job == JobStatus::processing) return DrawingsState::processing;
  if (status.progress.completed == status.progress.total) return DrawingsState::completed;
  return has(DrawStatus::completed) ? DrawingsState::partial : DrawingsState::failed;
}

}  // namespace

void Drawings::mount(http::Api& api) {
  http::mount(api, illustrate_story, &Drawings::ask, *this);
  http::mount(api, list_illustrations, &Drawings::list, *this);
  http::mount(api, illustrations_status, &Drawings::status, *this);
  http::mount(api, delete_illustration, &Drawings::remove, *this);
}

Task<std::string> Drawings::enqueue(Transaction& transaction, TaleRow tale, Wanted wanted, std::string tier,
                                    TraceContext trace) {
  co_await store::remove_illustrations(transaction, tale.id);
  const Instant now = rooms_.clock.now();
  IllustrateStory wanted_job{.id = tale.id, .tier = std::move(tier)};
  std::vector<IllustrationRow> rows;
  for (std::int64_t i = 0; i < wanted.count; ++i) {
    const bool is_timed = !wanted.timestamps.empty();
    rows.push_back({.id = new_id("ill", rooms_.clock),
                    .story_id = tale.id,
                    .user_id = tale.user_id,
                    .is_timed = is_timed,
                    .starts_at = is_timed ? wanted.timestamps[static_cast<std::size_t>(i)] : 0,
                    .display_order = i,
                    .created_at = now,
                    .updated_at = now});
    wanted_job.pictures.push_back(rows.back().id);
  }
  co_await store::add_each(transaction, std::move(rows));
  const auto job = co_await rooms_.queue.enqueue(transaction, std::move(wanted_job),
                                                 {.priority = priority_of(wanted.priority),
                                                  .lane = tale.user_id,
                                                  .lane_limit = kAtOnce,
                                                  .max_attempts = kDrawingAttempts,
                                                  .trace = trace});
  co_await store::expect_illustrations(transaction, tale.id, job.id);
  co_return job.id;
}

Task<http::Accepted<IllustrationsJobReply>> Drawings::ask(http::Caller caller, IllustrationsWanted request) {
  const auto wanted = wanted_drawings(request);
  const auto entitled = co_await rooms_.subscriptions.entitlement(caller.user_id, std::string(kProduct));
  co_await own_written_tale(rooms_.database, caller.user_id, request.storyId);
  co_await rooms_.pace.take(kIllustrating, caller);
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  const auto tale = co_await own_written_tale(*tx, caller.user_id, request.storyId);
  const auto id = co_await enqueue(*tx, tale, wanted, entitled.plan->name, caller.trace);
  co_await rooms_.queue.enqueue(*tx, SweepLeftovers{}, {.trace = caller.trace});
  co_await tx->commit();
  if (tale.illustrations_job_id) co_await rooms_.queue.cancel(*tale.illustrations_job_id);
  const auto job = co_await job_told(rooms_.queue, id, rooms_.clock.now(), kUsualDrawing);
  IllustrationsJob shown{.id = id, .illustrationCount = wanted.count};
  if (job) shown.status = job->status, shown.estimatedCompletionTime = job->estimatedCompletionTime;
  co_return http::Accepted<IllustrationsJobReply>{{std::move(shown)}};
}

Task<IllustrationList> Drawings::list(http::Caller caller, IllustrationsRequest request) {
  const auto tale = co_await own_tale(rooms_.database, caller.user_id, request.storyId);
  IllustrationList list{.illustrations = {}, .totalDuration = seconds_of(tale)};
  for (auto& row : co_await store::illustrations(rooms_.database, tale.id))
    list.illustrations.push_back({.id = row.id,
                                  .imageUrl = rooms_.media.url_or_null(caller.base_url, row.image_key),
                                  .timestamp = row.starts_at,
                                  .duration = or_null(row.seconds),
                                  .displayOrder = row.display_order,
                                  .generationStatus = row.status,
                                  .errorMessage = row.error,
                                  .retryCount = row.retry_count,
                                  .model = or_null(row.model),
                                  .generationId = or_null(row.generation_id),
                                  .previousGenerationId = or_null(row.previous_generation_id),
                                  .createdAt = row.created_at});
  co_return list;
}

Task<DrawingsStatus> Drawings::status(http::Caller caller, IllustrationsRequest request) {
  const auto tale = co_await own_tale(rooms_.database, caller.user_id, request.storyId);
  DrawingsStatus status{.jobId = tale.illustrations_job_id};
  for (const auto& row : co_await store::illustrations(rooms_.database, tale.id)) {
    status.illustrations.push_back({row.id, row.status, row.error});
    if (row.status == DrawStatus::completed) ++status.progress.completed;
  }
  status.progress.total = std::ssize(status.illustrations);
  if (status.progress.total > 0) status.progress.percentage = status.progress.completed * 100 / status.progress.total;
  std::optional<JobTold> job;
  if (tale.illustrations_job_id)
    job = co_await job_told(rooms_.queue, *tale.illustrations_job_id, rooms_.clock.now(), kUsualDrawing);
  status.status = state_of(status, job ? std::optional(job->status) : std::nullopt);
  if (job) status.estimatedCompletionTime = job->estimatedCompletionTime;
  co_return status;
}

Task<Success> Drawings::remove(http::Caller caller, IllustrationRequest request) {
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  const auto tale = co_await own_tale(*tx, caller.user_id, request.storyId);
  const auto row = co_await store::illustration(*tx, caller.user_id, request.illustrationId);
  if (!row || row->story_id != tale.id || !co_await store::remove_illustration(*tx, *row))
    throw Error(Fault::not_found, "ILLUSTRATION_NOT_FOUND", "There is no such picture.");
  co_await rooms_.queue.enqueue(*tx, SweepLeftovers{}, {.trace = caller.trace});
  co_await tx->commit();
  co_return Success{};
}

}  // namespace odeon::stories

#include "products/stories/narrations.hpp"

#include "engine/http/binding.hpp"
#include "products/stories/faults.hpp"

namespace odeon::stories {

Task<TaleRow> own_tale(Executor& executor, std::string user_id, std::string id) {
  auto row = co_await store::tale(executor, std::move(user_id), std::move(id));
  if (!row) throw no_such_story();
  co_return std::move(*row);
}

Task<TaleRow> own_written_tale(Executor& executor, std::string user_id, std::string id) {
  auto row = co_await own_tale(executor, std::move(user_id), std::move(id));
  if (row.status != TaleStatus::ready)
    throw Error(Fault::conflict, "STORY_NOT_READY",
                "This story is not written. Please wait for it, or ask for another.");
  co_return row;
}

int priority_of(std::optional<Priority> priority) {
  switch (priority.value_or(Priority::normal)) {
    case Priority::low:
      return 5;
    case Priority::normal:
      break;
    case Priority::high:
      return 2;
  }
  return 3;
}

void Narrations::mount(http::Api& api) {
  http::mount(api, narrate_story, &Narrations::ask, *this);
  http::mount(api, audio_status, &Narrations::status, *this);
}

Task<void> Narrations::count(http::Caller caller) {
  return rooms_.pace.take(kReading, std::move(caller));
}

Task<std::string> Narrations::enqueue(Transaction& transaction, TaleRow tale, std::optional<Voice> voice,
                                      std::optional<Priority> priority, std::string tier, TraceContext trace) {
  const std::string name =
      voice ? std::string(json::enum_name(*voice)) : tale.voice.value_or(std::string(json::enum_name(Voice::nova)));
  const auto job = co_await rooms_.queue.enqueue(
      transaction, NarrateStory{tale.id, name, std::move(tier)},
      {.priority = priority_of(priority), .lane = tale.user_id, .lane_limit = kAtOnce, .trace = trace});
  co_await store::expect_audio(transaction, tale.id, job.id);
  co_return job.id;
}

Task<http::Accepted<AudioJobReply>> Narrations::ask(http::Caller caller, AudioWanted request) {
  const auto entitled = co_await rooms_.subscriptions.entitlement(caller.user_id, std::string(kProduct));
  co_await own_written_tale(rooms_.database, caller.user_id, request.storyId);
  co_await count(caller);
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  const auto tale = co_await own_written_tale(*tx, caller.user_id, request.storyId);
  const auto id = co_await enqueue(*tx, tale, request.voice, request.priority, entitled.plan->name, caller.trace);
  co_await tx->commit();
  if (tale.audio_job_id) co_await rooms_.queue.cancel(*tale.audio_job_id);
  const auto job = co_await job_told(rooms_.queue, id, rooms_.clock.now(), kUsualNarrating);
  co_return http::Accepted<AudioJobReply>{{job.value_or(JobTold{.id = id})}};
}

Task<AudioStatus> Narrations::status(http::Caller caller, AudioRequest request) {
  const auto tale = co_await own_tale(rooms_.database, caller.user_id, request.storyId);
  AudioStatus status{.audioGenerated = tale.audio_key.has_value()};
  if (tale.audio_key) {
    status.audioUrl = rooms_.media.url(caller.base_url, *tale.audio_key);
    status.audioDuration = tale.audio_seconds;
    status.audioModel = tale.audio_model;
    status.generatedAt = tale.audio_at;
  }
  if (!tale.audio_job_id) co_return status;
  auto job = co_await job_told(rooms_.queue, *tale.audio_job_id, rooms_.clock.now(), kUsualNarrating);
  if (job && job->status != JobStatus::completed) status.job = std::move(*job);
  co_return status;
}

}  // namespace odeon::stories

#include "products/podcasts/sound/processing_api.hpp"

#include "base/nullable.hpp"
#include "engine/http/binding.hpp"
#include "products/podcasts/faults.hpp"
#include "products/podcasts/sound/adopted_sound.hpp"
#include "products/podcasts/sound/waveform_svg.hpp"

namespace odeon::podcasts {
namespace {

Error no_sound() {
  return Error(Fault::conflict, "NO_SOUND", "This episode has no sound yet. Record or upload it first.");
}

// What came finished from elsewhere was never looked at.
Error no_waveform(bool is_heard) {
  return Error(Fault::not_found, "NO_WAVEFORM",
               is_heard ? "This sound came finished. Its outline is drawn once it is worked on here."
                        : "The sound of this episode is not finished yet.");
}

bool has_ended(jobs::State state) {
  return state == jobs::State::completed || state == jobs::State::failed || state == jobs::State::cancelled;
}

// Where no job says so itself.
std::string_view words_for(const Nullable<ProcessingStatus>& status) {
  if (!status) return "There is no sound yet";
  switch (*status) {
    case ProcessingStatus::uploading:
      return "The sound is on its way";
    case ProcessingStatus::uploaded:
      return "Waiting for its turn";
    case ProcessingStatus::editing:
      return "Working on the sound";
    case ProcessingStatus::transcribing:
      return "Writing down what is said";
    case ProcessingStatus::complete:
      return "Finished";
    case ProcessingStatus::error:
      return "The sound could not be finished";
  }
  std::unreachable();
}

}  // namespace

void ProcessingApi::mount(http::Api& api) {
  http::mount(api, process_episode, &ProcessingApi::process, *this);
  http::mount(api, read_processing, &ProcessingApi::status, *this);
  http::mount(api, read_waveform, &ProcessingApi::waveform, *this);
  http::mount(api, draw_waveform, &ProcessingApi::picture, *this);
}

Task<http::Accepted<ProcessingShown>> ProcessingApi::process(http::Caller caller, ProcessRequest request) {
  check_options(request);
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  const auto episode = co_await own_episode(*tx, caller.user_id, request.id);
  const auto source = co_await source_to_work_on(*tx, episode, rooms_.clock);
  // From here on no other source comes.
  if (!source || !co_await store::set_processing(*tx, episode.id, *source, ProcessingStatus::uploaded, std::nullopt,
                                                 rooms_.clock.now()))
    throw no_sound();
  if (!co_await is_under_way(*tx, episode.id, request)) {
    co_await store::choose(*tx, episode.id, caller.user_id, request);
    co_await rooms_.processing.begin(*tx, {caller.user_id, episode.id, *source, caller.trace});
    co_await tx->commit();
  }
  tx.reset();
  co_return http::Accepted<ProcessingShown>{co_await shown(caller.user_id, request.id)};
}

// With these very options.
Task<bool> ProcessingApi::is_under_way(Transaction& tx, std::string episode_id, ProcessingOptions given) {
  const auto row = co_await store::processing(tx, episode_id);
  if (!row || !row->job_id) co_return false;
  const auto now = co_await store::options_of(tx, std::move(episode_id));
  if (json::write(merged(now, given)) != json::write(now)) co_return false;
  const auto job = co_await rooms_.queue.progress(*row->job_id);
  co_return job && !has_ended(job->state);
}

Task<ProcessingShown> ProcessingApi::status(http::Caller caller, EpisodeRequest request) {
  return shown(std::move(caller.user_id), std::move(request.id));
}

Task<ProcessingShown> ProcessingApi::shown(std::string user_id, std::string episode_id) {
  const auto episode = co_await own_episode(rooms_.database, std::move(user_id), std::move(episode_id));
  ProcessingShown shown{.episode_id = episode.id,
                        .processing_status = or_null(episode.processing_status),
                        .error = or_null(episode.processing_error)};
  shown.message = words_for(shown.processing_status);
  shown.options = co_await store::options_of(rooms_.database, episode.id);
  const auto row = co_await store::processing(rooms_.database, episode.id);
  if (row && row->measurements) shown.measurements = json::from<Measurements>(*row->measurements);
  shown.percent = episode.processing_status == ProcessingStatus::complete ? 100 : 0;
  if (!row || !row->job_id || episode.processing_status == ProcessingStatus::uploading) co_return shown;
  shown.job_id = *row->job_id;
  const auto job = co_await rooms_.queue.progress(*row->job_id);
  if (!job || has_ended(job->state)) co_return shown;
  shown.percent = job->percent;
  shown.stage = job->stage;
  if (!job->message.empty()) shown.message = job->message;
  shown.queue_position = or_null(job->queue_position);
  shown.estimated_seconds = or_null(job->estimated_seconds);
  co_return shown;
}

Task<std::string> ProcessingApi::own_waveform(std::string user_id, std::string episode_id) {
  const auto episode = co_await own_episode(rooms_.database, std::move(user_id), episode_id);
  auto waveform = co_await store::waveform(rooms_.database, std::move(episode_id));
  if (!waveform) throw no_waveform(episode.audio_id.has_value());
  co_return std::move(*waveform);
}

Task<http::Content> ProcessingApi::waveform(http::Caller caller, EpisodeRequest request) {
  co_return http::Content{.type = "application/json",
                          .body = co_await own_waveform(std::move(caller.user_id), std::move(request.id))};
}

Task<http::Content> ProcessingApi::picture(http::Caller caller, EpisodeRequest request) {
  const auto kept = co_await own_waveform(std::move(caller.user_id), std::move(request.id));
  co_return http::Content{.type = "image/svg+xml", .body = waveform_svg(json::from<media::Waveform>(kept))};
}

}  // namespace odeon::podcasts

#include "products/briefings/audio/playback.hpp"

#include "base/ids.hpp"
#include "engine/http/binding.hpp"
#include "engine/jobs/endpoints.hpp"

namespace odeon::briefings {
namespace {

constexpr std::chrono::hours kPlayableFor{6};
constexpr std::chrono::hours kDownloadableFor{24};

Error no_such_briefing() {
  return Error(Fault::not_found, "BRIEFING_NOT_FOUND", "There is no such briefing.");
}

Error not_ready() {
  return Error(Fault::not_found, "NOT_READY", "This briefing has no audio yet.").with_fallback_action("poll");
}

Status status_of(jobs::State state) {
  switch (state) {
    case jobs::State::scheduled:
    case jobs::State::ready:
      return Status::queued;
    case jobs::State::running:
    case jobs::State::waiting:
      return Status::processing;
    case jobs::State::completed:
      return Status::ready;
    case jobs::State::failed:
    case jobs::State::cancelled:
      return Status::failed;
  }
  return Status::failed;
}

ProgressMessage message_of(const jobs::Progress& progress) {
  const Status status = status_of(progress.state);
  return {status, status == Status::ready ? 100 : progress.percent, progress.message};
}

void add_progress(Briefing& briefing, const jobs::Progress& progress) {
  briefing.status = status_of(progress.state);
  briefing.percent = progress.percent;
  briefing.stage = progress.stage;
  briefing.message = progress.message;
  briefing.queue_position = progress.queue_position;
  briefing.estimated_seconds = progress.estimated_seconds;
}

}  // namespace

Playback::Playback(Store& store, jobs::Queue& queue, storage::Storage& storage, const storage::FileSigner& signer,
                   billing::Subscriptions& subscriptions, const Clock& clock)
    : store_(store), queue_(queue), storage_(storage), signer_(signer), subscriptions_(subscriptions), clock_(clock) {}

void Playback::mount(http::Api& api) {
  http::mount(api, get_briefing, &Playback::poll, *this);
  http::mount(api, quick_briefing, &Playback::quick, *this);
  http::mount(api, download_briefing, &Playback::download, *this);
  http::mount(api, briefing_captions, &Playback::captions, *this);
  http::mount(api, briefing_audio, &Playback::audio, *this);
  http::mount(api, watch_briefing, &Playback::watch, *this);
}

// Another's briefing is none that exists.
Task<BriefingRow> Playback::visible(http::Caller caller, std::string id) {
  if (!is_uuid(id)) throw no_such_briefing();
  auto row = co_await store_.briefing(std::move(id));
  if (!row || (!row->user_id.empty() && row->user_id != caller.user_id)) throw no_such_briefing();
  co_return std::move(*row);
}

Task<BriefingRow> Playback::playable(http::Caller caller, std::string id) {
  auto row = co_await visible(std::move(caller), std::move(id));
  if (row.status != Status::ready) throw not_ready();
  co_return row;
}

std::string Playback::signed_url(const http::Caller& caller, const BriefingRow& briefing,
                                 std::chrono::seconds lifetime) const {
  return fmt::format("{}/api/audio/{}.mp3?{}", caller.base_url, briefing.id,
                     signer_.read_query(briefing.audio_key, lifetime));
}

std::string Playback::audio_url(const http::Caller& caller, const BriefingRow& briefing) const {
  if (!briefing.user_id.empty()) return signed_url(caller, briefing, kPlayableFor);
  return fmt::format("{}/api/audio/{}.mp3", caller.base_url, briefing.id);
}

void Playback::add_result(Briefing& briefing, BriefingRow row, const http::Caller& caller) const {
  briefing.percent = 100;
  briefing.stage = "ready";
  briefing.message = "Ready to play.";
  briefing.audio_url = audio_url(caller, row);
  briefing.captions_url = fmt::format("{}/api/briefings/{}/captions.vtt", caller.base_url, row.id);
  briefing.title = std::move(row.title);
  briefing.duration = row.duration;
  briefing.transcript = std::move(row.transcript);
  briefing.sources = std::move(row.sources);
  briefing.ad_markers = std::move(row.ad_markers);
  briefing.chapters = std::move(row.chapters);
  briefing.script_model = std::move(row.script_model);
  briefing.speech_model = std::move(row.speech_model);
  briefing.loudness = row.loudness;
  briefing.true_peak = row.true_peak;
  briefing.generated_at = row.generated_at;
}

Task<Briefing> Playback::described(http::Caller caller, BriefingRow row) {
  Briefing briefing{.id = row.id, .status = row.status, .job_id = row.job_id};
  if (row.status == Status::ready) {
    add_result(briefing, std::move(row), caller);
  } else if (row.status == Status::failed) {
    briefing.error = json::from<Failure>(row.error);
    briefing.message = briefing.error->message;
  } else if (const auto progress = co_await queue_.progress(row.job_id)) {
    add_progress(briefing, *progress);
    if (briefing.status != Status::ready) co_return briefing;
    auto ready = co_await store_.briefing(row.id);
    if (!ready) throw no_such_briefing();
    add_result(briefing, std::move(*ready), caller);
  }
  co_return briefing;
}

Task<Briefing> Playback::poll(http::Caller caller, BriefingRequest request) {
  auto row = co_await visible(caller, request.id);
  co_return co_await described(std::move(caller), std::move(row));
}

Task<Quick> Playback::quick(http::Caller caller, BriefingRequest request) {
  const auto row = co_await playable(caller, request.id);
  co_return Quick{audio_url(caller, row), row.duration};
}

Task<Download> Playback::download(http::Caller caller, BriefingRequest request) {
  const auto row = co_await playable(caller, request.id);
  const auto entitled = co_await subscriptions_.entitlement(caller.user_id, std::string(kProduct));
  if (!entitled.plan->has("downloads"))
    throw Error(Fault::forbidden, "UPGRADE_REQUIRED", "Listening offline is part of the paid plans.")
        .with_upgrade_url(subscriptions_.plans_of(kProduct).upgrade_url);
  co_return Download{.audio_url = signed_url(caller, row, kDownloadableFor),
                     .expires_at = std::chrono::floor<std::chrono::seconds>(clock_.now()) + kDownloadableFor,
                     .file_size = row.audio_bytes,
                     .checksum = row.audio_md5};
}

Task<http::Content> Playback::captions(http::Caller caller, BriefingRequest request) {
  auto row = co_await playable(std::move(caller), request.id);
  http::Content content{.type = "text/vtt; charset=utf-8", .body = std::move(row.captions)};
  content.headers.add("Cache-Control",
                      row.user_id.empty() ? "public, max-age=86400, immutable" : "private, max-age=86400, immutable");
  co_return content;
}

// Players send no headers of ours: an edition is open, somebody's own opens by its signature.
Task<http::File> Playback::audio(AudioRequest request) {
  std::string_view id = request.file_id;
  if (id.ends_with(".mp3")) id.remove_suffix(4);
  if (!is_uuid(id)) throw no_such_briefing();
  const auto row = co_await store_.briefing(std::string(id));
  if (!row) throw no_such_briefing();
  const bool own = !row->user_id.empty();
  if (own && !(request.expires && request.signature)) throw no_such_briefing();
  if (own) signer_.check_read(row->audio_key, *request.expires, *request.signature);
  if (row->status != Status::ready) throw not_ready();
  auto object = co_await storage_.get(row->audio_key);
  if (!object) throw Error(Fault::gone, "AUDIO_GONE", "The audio of this briefing is no longer kept.");
  co_return http::File{.object = std::move(object),
                       .cache_control = own ? "private, max-age=3600" : "public, max-age=86400, immutable"};
}

Task<http::Socket> Playback::watch(http::Caller caller, BriefingRequest request) {
  const auto row = co_await visible(std::move(caller), request.id);
  auto describe = [](const jobs::Progress& progress) { return json::write(message_of(progress)); };
  co_return jobs::progress_socket(queue_, row.job_id, describe);
}

}  // namespace odeon::briefings

#include "products/briefings/editions.hpp"

#include "base/ids.hpp"
#include "engine/http/binding.hpp"
#include "engine/jobs/endpoints.hpp"

namespace odeon::briefings {
namespace {

// Long enough to take a burst off the database, short enough that nobody notices.
constexpr std::chrono::seconds kLatestFor{10};
constexpr std::chrono::seconds kFirstEditionIn{15};

std::string audio_url(const http::Caller& caller, const EditionRow& edition) {
  return fmt::format("{}/api/audio/{}.mp3", caller.base_url, edition.id);
}

Error no_such_briefing() {
  return Error(Fault::not_found, "BRIEFING_NOT_FOUND", "There is no such briefing.");
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

void add_result(Briefing& briefing, EditionRow row, const http::Caller& caller) {
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

}  // namespace

Editions::Editions(Store& store, jobs::Queue& queue, storage::Storage& storage,
                   coordination::Coordination& coordination, ai::Gateway& gateway, const Clock& clock, bool has_feeds)
    : store_(store),
      queue_(queue),
      storage_(storage),
      coordination_(coordination),
      gateway_(gateway),
      clock_(clock),
      has_feeds_(has_feeds) {}

void Editions::mount(http::Api& api) {
  http::mount(api, latest_edition, &Editions::latest, *this);
  http::mount(api, current_edition, &Editions::current, *this);
  http::mount(api, edition_history, &Editions::history, *this);
  http::mount(api, get_briefing, &Editions::poll, *this);
  http::mount(api, quick_briefing, &Editions::quick, *this);
  http::mount(api, briefing_captions, &Editions::captions, *this);
  http::mount(api, briefing_audio, &Editions::audio, *this);
  http::mount(api, watch_briefing, &Editions::watch, *this);
  http::mount(api, mobile_health, &Editions::health, *this);
}

Task<Edition> Editions::latest(http::Caller caller) {
  auto load = [this](this auto) -> Task<std::string> {
    const auto row = co_await store_.newest_ready();
    co_return row ? json::write(Edition{.id = row->id,
                                        .title = row->title,
                                        .duration = row->duration,
                                        .generated_at = row->generated_at,
                                        .next_update_at = row->expires_at,
                                        .ad_markers = row->ad_markers})
                  : std::string();
  };
  const std::string stored = co_await coordination::cached_or(coordination_, kLatestKey, kLatestFor, load);
  if (stored.empty()) {
    co_await coordination_.forget(kLatestKey);
    if (!has_feeds_)
      throw Error(Fault::unavailable, "NO_NEWS_SOURCES", "No news source is configured. Set BRIEFINGS_FEEDS.");
    throw Error(Fault::unavailable, "NOT_READY_YET", "The first briefing is being made.")
        .with_retry_after(kFirstEditionIn)
        .with_fallback_action("retry");
  }
  auto edition = json::from<Edition>(stored);
  edition.audio_url = fmt::format("{}/api/audio/{}.mp3", caller.base_url, edition.id);
  // A late edition is not announced for the past.
  edition.next_update_at = std::max(edition.next_update_at, clock_.now());
  co_return edition;
}

Task<Briefing> Editions::current(http::Caller caller) {
  auto row = co_await store_.newest();
  if (!row) throw Error(Fault::not_found, "NO_EDITION", "No briefing was asked for yet.");
  co_return co_await described(std::move(caller), std::move(*row));
}

Task<History> Editions::history(http::Caller caller, HistoryRequest request) {
  auto rows = co_await store_.ready_since(clock_.now() - kFreeHistory, request.limit + 1, request.offset);
  History history{.has_more = rows.size() > static_cast<std::size_t>(request.limit)};
  if (history.has_more) rows.pop_back();
  for (const auto& row : rows)
    history.briefings.push_back({row.id, row.title, row.duration, row.generated_at, audio_url(caller, row)});
  co_return history;
}

Task<EditionRow> Editions::edition(std::string id) {
  if (!is_uuid(id)) throw no_such_briefing();
  auto row = co_await store_.edition(std::move(id));
  if (!row) throw no_such_briefing();
  co_return std::move(*row);
}

Task<EditionRow> Editions::ready_edition(std::string id) {
  auto row = co_await edition(std::move(id));
  if (row.status != Status::ready)
    throw Error(Fault::not_found, "NOT_READY", "This briefing has no audio yet.").with_fallback_action("poll");
  co_return row;
}

Task<Briefing> Editions::poll(http::Caller caller, BriefingRequest request) {
  co_return co_await described(std::move(caller), co_await edition(request.id));
}

Task<Briefing> Editions::described(http::Caller caller, EditionRow row) {
  Briefing briefing{.id = row.id, .status = row.status, .job_id = row.job_id};
  if (row.status == Status::ready) {
    add_result(briefing, std::move(row), caller);
  } else if (row.status == Status::failed) {
    briefing.error = json::from<Failure>(row.error);
    briefing.message = briefing.error->message;
  } else if (const auto progress = co_await queue_.progress(row.job_id)) {
    add_progress(briefing, *progress);
    if (briefing.status == Status::ready) add_result(briefing, co_await edition(row.id), caller);
  }
  co_return briefing;
}

Task<Quick> Editions::quick(http::Caller caller, BriefingRequest request) {
  const auto row = co_await ready_edition(request.id);
  co_return Quick{audio_url(caller, row), row.duration};
}

Task<http::Content> Editions::captions(BriefingRequest request) {
  auto row = co_await ready_edition(request.id);
  http::Content content{.type = "text/vtt; charset=utf-8", .body = std::move(row.captions)};
  content.headers.add("Cache-Control", "public, max-age=86400, immutable");
  co_return content;
}

Task<http::File> Editions::audio(AudioRequest request) {
  std::string_view id = request.file_id;
  if (id.ends_with(".mp3")) id.remove_suffix(4);
  const auto row = co_await ready_edition(std::string(id));
  auto object = co_await storage_.get(row.audio_key);
  if (!object) throw Error(Fault::gone, "AUDIO_GONE", "The audio of this briefing is no longer kept.");
  co_return http::File{.object = std::move(object), .cache_control = "public, max-age=86400, immutable"};
}

Task<http::Socket> Editions::watch(BriefingRequest request) {
  const auto row = co_await edition(request.id);
  auto describe = [](const jobs::Progress& progress) { return json::write(message_of(progress)); };
  co_return jobs::progress_socket(queue_, row.job_id, describe);
}

Task<MobileHealth> Editions::health() {
  MobileHealth health{.api = "healthy", .kokoro = "not_configured", .min_app_version = "1.0.0"};
  for (const auto& model : gateway_.health())
    if (model.model.starts_with("kokoro/")) health.kokoro = model.available ? "healthy" : "unavailable";
  const auto row = co_await store_.newest_ready();
  const auto used = row ? std::ranges::count_if(row->sources, &Source::used) : 0;
  if (!has_feeds_)
    health.news_api = "not_configured";
  else if (used == 0)
    health.news_api = "unavailable";
  else
    health.news_api = used == std::ssize(row->sources) ? "healthy" : "degraded";
  co_return health;
}

}  // namespace odeon::briefings

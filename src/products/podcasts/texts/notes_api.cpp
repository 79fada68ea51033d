#include "products/podcasts/texts/notes_api.hpp"

#include "engine/http/binding.hpp"
#include "products/podcasts/podcasts.hpp"

namespace odeon::podcasts {

void NotesApi::mount(http::Api& api) {
  http::mount(api, write_show_notes, &NotesApi::write, *this);
}

Task<http::Accepted<TextWork>> NotesApi::write(http::Caller caller, EpisodeRequest request) {
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  co_await own_episode(*tx, caller.user_id, request.id);
  const auto entitled = co_await rooms_.subscriptions.entitlement(*tx, caller.user_id, std::string(kProduct));
  if (!entitled.plan->has("ai_show_notes"))
    throw upgrade_required("Show notes", rooms_.subscriptions.plans_of(kProduct).upgrade_url);
  const auto held = co_await hold_finished(*tx, caller.user_id, request.id, rooms_.clock);
  if (const auto* under_way = std::get_if<TextWork>(&held)) co_return http::Accepted<TextWork>{*under_way};
  const auto& episode = std::get<EpisodeRow>(held);
  const auto offered = co_await store::offered_texts(*tx, episode.id);
  if (!offered.transcript_revision)
    throw Error(Fault::conflict, "TRANSCRIPT_MISSING",
                "Show notes are written from a transcript, and this episode has none yet. Please transcribe it first.");
  const Instant now = rooms_.clock.now();
  const auto job =
      co_await rooms_.notes.begin(*tx, {episode.id, *episode.source_id, false}, caller.user_id, caller.trace);
  co_await store::begin_processing(*tx, episode.id, caller.user_id, job, now);
  co_await store::set_processing(*tx, episode.id, *episode.source_id, ProcessingStatus::transcribing, std::nullopt,
                                 now);
  co_await tx->commit();
  co_return http::Accepted<TextWork>{{.episode_id = episode.id, .job_id = job}};
}

}  // namespace odeon::podcasts

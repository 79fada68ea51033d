#include "products/briefings/jobs.hpp"

#include "base/ids.hpp"

namespace odeon::briefings {
namespace {

constexpr std::chrono::seconds kRetryFailedIn{600};

// Editions start at 0, 4, 8 … o'clock UTC.
Instant slot_of(Instant when) {
  const auto day = std::chrono::floor<std::chrono::days>(when);
  return day + std::chrono::floor<std::chrono::hours>((when - day) / kEditionEvery * kEditionEvery);
}

}  // namespace

EditionJobs::EditionJobs(database::Database& database, Store& store, jobs::Queue& queue, storage::Storage& storage,
                         coordination::Coordination& coordination, Producer& producer, const Clock& clock, Order order)
    : database_(database),
      store_(store),
      queue_(queue),
      storage_(storage),
      coordination_(coordination),
      producer_(producer),
      clock_(clock),
      order_(std::move(order)) {}

void EditionJobs::install(jobs::Worker& worker) {
  worker.handle<EditionDue>([this](this auto, EditionDue, jobs::Job&) -> Task<void> { co_await request_current(); });
  worker.handle<MakeEdition>([this](MakeEdition job, jobs::Job& handle) { return make(std::move(job), handle); });
  worker.on_failure<MakeEdition>([this](MakeEdition job, database::Transaction& transaction, std::string error) {
    return fail(std::move(job), transaction, std::move(error));
  });
  worker.handle<RemoveOldEditions>([this](RemoveOldEditions, jobs::Job&) { return remove_old(); });
  worker.schedule("briefings.editions", jobs::Cron("0 */4 * * *"), EditionDue{});
  worker.schedule("briefings.remove_old_editions", jobs::Cron("30 3 * * *"), RemoveOldEditions{});
}

Task<std::string> EditionJobs::request_current() {
  const Instant now = clock_.now(), slot = slot_of(now);
  if (auto known = co_await store_.edition_of_slot(slot)) {
    if (known->status == Status::failed) co_await queue_.retry(known->job_id);
    co_return known->id;
  }
  const std::string id = new_uuid(clock_);
  auto transaction = co_await database_.begin();
  const auto job = co_await queue_.enqueue(*transaction, MakeEdition{id}, {.lane = "editions", .max_attempts = 10});
  const bool added = co_await store_.add_edition(*transaction, id, slot, slot + kEditionEvery, job.id, now);
  if (added) {
    co_await transaction->commit();
    co_return id;
  }
  transaction.reset();  // another node was faster, and its job is enough
  auto known = co_await store_.edition_of_slot(slot);
  if (!known) throw Error(Fault::unavailable, "EDITION_UNKNOWN", "The edition cannot be asked for now.");
  co_return known->id;
}

Task<void> EditionJobs::make(MakeEdition job, jobs::Job& handle) {
  auto edition = co_await store_.edition(job.edition_id);
  if (!edition) throw Error(Fault::not_found, "EDITION_GONE", "The edition was removed before it was made.");
  co_await store_.mark_processing(job.edition_id);

  Order order = order_;
  order.now = clock_.now();
  auto report = [&handle](int percent, std::string stage, std::string message) {
    return handle.progress(percent, std::move(stage), std::move(message));
  };
  Made made = co_await producer_.make(std::move(order), report);

  EditionRow row = std::move(*edition);
  row.audio_key = fmt::format("briefings/editions/{}.mp3", row.id);
  const auto stored =
      co_await storage::put(storage_, row.audio_key, std::move(made.audio.mp3), {.content_type = "audio/mpeg"});
  row.title = std::move(made.title);
  row.audio_bytes = static_cast<std::int64_t>(stored.size);
  row.duration = made.audio.duration;
  row.transcript = std::move(made.transcript);
  row.captions = std::move(made.captions);
  row.sources = std::move(made.sources);
  row.ad_markers = std::move(made.ad_markers);
  row.chapters = std::move(made.chapters);
  row.script_model = std::move(made.script_model);
  row.speech_model = std::move(made.speech_model);
  row.loudness = made.audio.loudness;
  row.true_peak = made.audio.true_peak;
  row.generated_at = clock_.now();

  auto transaction = co_await database_.begin();
  co_await store_.mark_ready(*transaction, std::move(row));
  co_await handle.complete(*transaction);
  co_await transaction->commit();
  co_await coordination_.forget(kLatestKey);
}

Task<void> EditionJobs::fail(MakeEdition job, database::Transaction& transaction, std::string error) {
  co_await store_.mark_failed(transaction, job.edition_id,
                              {.code = "GENERATION_FAILED",
                               .message = std::move(error),
                               .retry_after = kRetryFailedIn.count(),
                               .fallback_action = "play_previous"});
}

Task<void> EditionJobs::remove_old() {
  for (auto& key : co_await store_.remove_editions(clock_.now() - kFreeHistory - std::chrono::days(1)))
    if (!key.empty()) co_await storage_.remove(key);
}

}  // namespace odeon::briefings

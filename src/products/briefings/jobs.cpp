#include "products/briefings/jobs.hpp"

#include "base/crypto.hpp"
#include "base/ids.hpp"

namespace odeon::briefings {
namespace {

constexpr std::chrono::seconds kRetryFailedIn{600};
constexpr std::chrono::days kGrace{1};  // that expired briefings stay playable

// Editions start at 0, 4, 8 … o'clock UTC.
Instant slot_of(Instant when) {
  const auto day = std::chrono::floor<std::chrono::days>(when);
  return day + std::chrono::floor<std::chrono::hours>((when - day) / kEditionEvery * kEditionEvery);
}

void take_over(BriefingRow& row, Made made) {
  row.title = std::move(made.title);
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
}

}  // namespace

BriefingJobs::BriefingJobs(database::Database& database, Store& store, jobs::Queue& queue, storage::Storage& storage,
                           coordination::Coordination& coordination, billing::Subscriptions& subscriptions,
                           billing::Allowances& allowances, Producer& producer, const Clock& clock, Order order)
    : database_(database),
      store_(store),
      queue_(queue),
      storage_(storage),
      coordination_(coordination),
      subscriptions_(subscriptions),
      allowances_(allowances),
      producer_(producer),
      clock_(clock),
      order_(std::move(order)) {}

void BriefingJobs::install(jobs::Worker& worker) {
  worker.handle<EditionDue>(
      [this](this auto, EditionDue, jobs::Job& handle) -> Task<void> { co_await request_current(handle.trace()); });
  worker.handle<MakeBriefing>([this](MakeBriefing job, jobs::Job& handle) { return make(std::move(job), handle); });
  worker.on_failure<MakeBriefing>([this](MakeBriefing job, database::Transaction& transaction, std::string error) {
    return fail(std::move(job), transaction, std::move(error));
  });
  worker.handle<RemoveExpired>([this](RemoveExpired, jobs::Job&) { return remove_expired(); });
  worker.schedule("briefings.editions", jobs::Cron("0 */4 * * *"), EditionDue{});
  worker.schedule("briefings.remove_expired", jobs::Cron("30 3 * * *"), RemoveExpired{});
}

Task<std::string> BriefingJobs::request_current(TraceContext trace) {
  const Instant now = clock_.now(), slot = slot_of(now);
  if (auto known = co_await store_.edition_of_slot(database_, slot)) {
    if (known->status == Status::failed) co_await queue_.retry(known->job_id);
    co_return known->id;
  }
  const std::string id = new_uuid(clock_);
  auto transaction = co_await database_.begin();
  const auto job =
      co_await queue_.enqueue(*transaction, MakeBriefing{id}, {.lane = "editions", .max_attempts = 10, .trace = trace});
  const bool added = co_await store_.add(*transaction, {.id = id,
                                                        .slot = slot,
                                                        .seconds = order_.target_seconds,
                                                        .job_id = job.id,
                                                        .created_at = now,
                                                        .expires_at = slot + kEditionEvery + kEditionsKept});
  if (added) {
    co_await transaction->commit();
    co_return id;
  }
  // Somebody was faster, and that job is enough. Its row may not be committed yet; once this reading of it is, it is.
  transaction.reset();
  transaction = co_await database_.begin();
  const auto known = co_await store_.edition_of_slot(*transaction, slot);
  co_await transaction->commit();
  if (!known) throw Error(Fault::unavailable, "EDITION_UNKNOWN", "The edition cannot be asked for now.");
  co_return known->id;
}

Task<Order> BriefingJobs::order_of(BriefingRow briefing) {
  Order order = order_;
  order.now = clock_.now();
  order.target_seconds = briefing.seconds;
  if (!briefing.voice.empty()) order.voice = briefing.voice;
  if (!briefing.user_id.empty()) order.personal = co_await personal_order(std::move(briefing));
  co_return order;
}

// The stocks that were asked for, with what their owner has of them, as the plan of that time tells it.
Task<PersonalOrder> BriefingJobs::personal_order(BriefingRow briefing) {
  const billing::Plan* plan = subscriptions_.plans_of(kProduct).find(briefing.tier);
  PersonalOrder order{.focus = briefing.focus,
                      .profit_and_loss = plan != nullptr && plan->has("profit_and_loss"),
                      .time_zone = briefing.time_zone};
  if (first_name_) order.first_name = co_await first_name_(briefing.user_id);
  const auto positions = co_await store_.positions(briefing.user_id);
  for (auto& ticker : briefing.tickers) {
    PersonalStock stock{.ticker = std::move(ticker)};
    if (const auto held = std::ranges::find(positions, stock.ticker, &PositionRow::ticker); held != positions.end()) {
      stock.shares = held->shares;
      stock.average_cost = held->average_cost;
      stock.priority = static_cast<int>(held->priority);
    }
    order.tickers.push_back(std::move(stock));
  }
  co_return order;
}

Task<void> BriefingJobs::make(MakeBriefing job, jobs::Job& handle) {
  auto row = co_await store_.briefing(job.id);
  if (!row) throw Error(Fault::not_found, "BRIEFING_GONE", "The briefing was removed before it was made.");
  co_await store_.mark_processing(job.id);

  auto report = [&handle](int percent, std::string stage, std::string message) {
    return handle.progress(percent, std::move(stage), std::move(message));
  };
  Order order = co_await order_of(*row);
  order.trace = handle.trace();
  Made made = co_await producer_.make(std::move(order), report);

  row->audio_key =
      row->user_id.empty() ? fmt::format("briefings/editions/{}.mp3", row->id) : personal_audio_key(row->id);
  row->audio_md5 = crypto::to_hex(crypto::md5(made.audio.mp3));
  const auto stored =
      co_await storage::put(storage_, row->audio_key, std::move(made.audio.mp3), {.content_type = "audio/mpeg"});
  row->audio_bytes = static_cast<std::int64_t>(stored.size);
  take_over(*row, std::move(made));
  row->generated_at = clock_.now();

  auto transaction = co_await database_.begin(database::Isolation::statement);
  if (!row->reservation.empty()) co_await allowances_.settle(*transaction, row->reservation);
  if (on_ready_ && !row->user_id.empty()) co_await on_ready_(*transaction, *row);
  co_await store_.mark_ready(*transaction, std::move(*row));
  co_await handle.complete(*transaction);
  co_await transaction->commit();
  co_await coordination_.forget(kLatestKey);
}

Task<void> BriefingJobs::fail(MakeBriefing job, database::Transaction& transaction, std::string error) {
  const auto row = co_await store_.briefing(job.id);
  if (row && !row->reservation.empty()) co_await allowances_.release(transaction, row->reservation);
  co_await store_.mark_failed(transaction, job.id,
                              {.code = "GENERATION_FAILED",
                               .message = std::move(error),
                               .retry_after = kRetryFailedIn.count(),
                               .fallback_action = "play_previous"});
}

Task<void> BriefingJobs::remove_expired() {
  for (auto& key : co_await store_.remove_expired(clock_.now() - kGrace))
    if (!key.empty()) co_await storage_.remove(key);
}

}  // namespace odeon::briefings

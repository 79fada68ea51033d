#include "products/chat/memory/learning_later.hpp"

namespace odeon::chat {
namespace {

constexpr std::int64_t kMostLessons = 200;  // of one batch
// Providers give up after a day, and say so.
constexpr std::chrono::hours kGivenUp{48};

// One gathers at a time, so that nothing is handed over twice.
jobs::EnqueueOptions one_at_a_time() {
  return {.lane = "chat.gather_lessons", .lane_limit = 1};
}

// Who has no budget is not read for, now or later.
bool is_broke(const ai::BatchAnswer& answer) {
  return !answer && answer.error().fault == Fault::payment_required;
}

}  // namespace

struct LearningLater::Gathered {
  std::vector<LessonRow> rows;
  std::vector<ai::TextRequest> requests;  // of each
  std::vector<LessonRow> over;            // there is nothing to learn from them any more
  bool more = false;
};

void LearningLater::install(jobs::Worker& worker) {
  worker.handle<GatherLessons>([this](GatherLessons, jobs::Job& handle) { return gather(handle); });
  worker.handle<CollectLessons>(
      [this](CollectLessons job, jobs::Job& handle) { return collect(std::move(job), handle); });
  worker.schedule("chat.gather_lessons", jobs::Cron("50 * * * *"), GatherLessons{}, one_at_a_time());
}

Task<LearningLater::Gathered> LearningLater::waiting() {
  Gathered gathered;
  auto rows = co_await store::lessons(rooms_.database, "", kMostLessons);
  gathered.more = std::ssize(rows) == kMostLessons;
  for (auto& row : rows) {
    const auto exchange = co_await rooms_.remembering.find({row.user_id, row.question_id});
    if (!exchange || !exchange->can_pay()) {
      gathered.over.push_back(std::move(row));
      continue;
    }
    row.place = std::ssize(gathered.rows);
    row.shown = shown_ids(exchange->lesson);
    gathered.requests.push_back(rooms_.remembering.request(*exchange));
    gathered.rows.push_back(std::move(row));
  }
  co_return gathered;
}

Task<void> LearningLater::gather(jobs::Job& handle) {
  auto gathered = co_await waiting();
  std::optional<ai::BatchTicket> ticket;
  if (!gathered.rows.empty()) {
    auto submitted = co_await settle(rooms_.gateway.submit_batch(std::move(gathered.requests)));
    if (submitted) ticket = std::move(*submitted);
    if (!submitted && is_cancellation(submitted.error())) std::rethrow_exception(submitted.error());
  }
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  for (auto& row : gathered.rows) {
    if (ticket) {
      co_await store::put_into_batch(*tx, ticket->key, row);
    } else {
      co_await rooms_.remembering.enqueue_now(*tx, row.user_id, row.question_id, {});
      co_await store::remove_lesson(*tx, row.question_id);
    }
  }
  for (const auto& row : gathered.over) co_await store::remove_lesson(*tx, row.question_id);
  if (ticket) {
    const Instant when = rooms_.clock.now() + until_next_look(*ticket, rooms_.clock.now());
    co_await rooms_.queue.enqueue(*tx, CollectLessons{std::move(*ticket)}, {.run_at = when});
  }
  if (gathered.more) co_await rooms_.queue.enqueue(*tx, GatherLessons{}, one_at_a_time());
  co_await handle.complete(*tx);
  co_await tx->commit();
}

Task<void> LearningLater::collect(CollectLessons job, jobs::Job& handle) {
  const auto look = co_await settle(rooms_.gateway.collect_batch(job.ticket));
  if (!look && is_cancellation(look.error())) std::rethrow_exception(look.error());
  const bool answered = look && look->answers;
  if (!answered && rooms_.clock.now() < job.ticket.submitted_at + kGivenUp)
    co_return co_await come_back(std::move(job), handle);
  if (!answered) co_await give_up(job.ticket);
  const ai::BatchAnswer none = std::unexpected(
      ai::FailedAfterUse(Error(Fault::timeout, ai::kBatchExpired, "The provider did not come to it."), {}));
  for (auto& row : co_await store::lessons(rooms_.database, job.ticket.key, kMostLessons)) {
    const auto place = static_cast<std::size_t>(row.place);
    const auto& answer = answered && place < look->answers->size() ? (*look->answers)[place] : none;
    co_await learn(std::move(row), answer, handle.trace());
  }
}

Task<void> LearningLater::give_up(ai::BatchTicket ticket) {
  const auto cancelled = co_await settle(rooms_.gateway.cancel_batch(ticket));
  if (!cancelled && is_cancellation(cancelled.error())) std::rethrow_exception(cancelled.error());
  co_await rooms_.gateway.release_batch(std::move(ticket));
}

Task<void> LearningLater::come_back(CollectLessons job, jobs::Job& handle) {
  const Instant when = rooms_.clock.now() + until_next_look(job.ticket, rooms_.clock.now());
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  co_await rooms_.queue.enqueue(*tx, std::move(job), {.run_at = when});
  co_await handle.complete(*tx);
  co_await tx->commit();
}

// What is learnt is not there to be learnt again, so an attempt after a crash goes on where it was.
Task<void> LearningLater::learn(LessonRow row, ai::BatchAnswer answer, TraceContext trace) {
  std::optional<Exchange> exchange;
  std::vector<Fact> facts;
  if (answer) exchange = co_await rooms_.remembering.find({row.user_id, row.question_id});
  if (exchange) facts = facts_read(answer->text(), exchange->lesson, row.shown);
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  if (!facts.empty())
    co_await rooms_.remembering.keep(*tx, std::move(*exchange), std::move(facts), trace);
  else if (!answer && !is_broke(answer))
    co_await rooms_.remembering.enqueue_now(*tx, row.user_id, row.question_id, trace);
  co_await store::remove_lesson(*tx, row.question_id);
  co_await tx->commit();
}

}  // namespace odeon::chat

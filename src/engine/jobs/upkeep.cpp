#include "base/crypto.hpp"
#include "engine/jobs/worker_state.hpp"

namespace odeon::jobs {
namespace {

constexpr std::int64_t kDueAtOnce = 1'000;

std::int64_t new_owner() {
  const std::string bytes = crypto::random_bytes(8);
  std::int64_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof number);
  return (number & std::numeric_limits<std::int64_t>::max()) | 1;
}

}  // namespace

Task<void> Worker::State::upkeep() {
  // From here on others may ask for an earlier look than this one finds necessary.
  look_at = Instant::max().time_since_epoch().count();
  Instant next;  // if it fails: at once
  std::exception_ptr failure;
  try {
    if (owner == 0)
      co_await enter();
    else if (clock.now() >= renew_at)
      co_await renew();
    co_await save_progress();
    co_await save_durations();
    const Instant due = co_await tidy();
    next = std::min({due, renew_at, clock.now() + options.poll});
  } catch (...) {
    failure = std::current_exception();
  }
  look_by(next);
  if (failure) std::rethrow_exception(failure);
}

Task<void> Worker::State::enter() {
  std::vector<std::string> names;
  for (const auto& [name, kind] : kinds) names.push_back(name);
  const std::int64_t id = new_owner();
  const Instant now = clock.now();
  auto tx = co_await core->database.begin(database::Isolation::statement);
  co_await store::enter_worker(
      *tx, id, {static_cast<std::int64_t>(options.slots.light), static_cast<std::int64_t>(options.slots.heavy)},
      std::move(names), now + options.lease);
  co_await tx->commit();
  owner = id;
  renew_at = now + options.lease / 3;
}

Task<void> Worker::State::renew() {
  const Instant now = clock.now();
  if (co_await store::renew_lease(core->database, owner, now + options.lease)) {
    renew_at = now + options.lease / 3;
    co_await reconcile();
    co_return;
  }
  // Others took this worker for dead and have its jobs.
  log.warning("jobs.lease_lost", {{"running", running.size()}});
  owner = 0;
  for (const auto& job : std::vector(running.begin(), running.end())) job->lose();
  co_await enter();
}

// Compares what is here with what the database says: an announcement can be lost, and so can the answer
// to a commit.
Task<void> Worker::State::reconcile() {
  std::unordered_map<std::string, std::int64_t> known;
  for (const auto& job : running) known[job->id()] = job->claim().fence;
  for (const auto& hold : outcomes.completed) known[hold.id] = hold.fence;
  for (const auto& retry : outcomes.retries) known[retry.hold.id] = retry.hold.fence;
  for (const auto& failure : failures) known[failure.job.id] = failure.job.fence;
  const std::vector before(running.begin(), running.end());

  std::unordered_map<std::string, std::int64_t> stored;
  std::vector<store::Hold> strays;
  for (auto& row : co_await store::running_of(core->database, owner)) {
    const auto found = known.find(row.id);
    if (found == known.end() || found->second != row.fence) strays.push_back({row.id, row.fence});
    stored.emplace(std::move(row.id), row.fence);
  }
  for (const auto& job : before) {
    if (!running.contains(job) || job->changing_hands()) continue;
    const auto found = stored.find(job->id());
    if (found == stored.end() || found->second != job->claim().fence) job->lose();
  }
  if (strays.empty()) co_return;
  auto tx = co_await core->database.begin(database::Isolation::statement);
  for (auto& stray : strays) co_await store::release(*tx, std::move(stray), clock.now());
  co_await tx->commit();
}

Task<void> Worker::State::save_progress() {
  std::vector<store::ProgressNote> notes;
  std::vector<std::string> ids;
  for (const auto& job : running) {
    if (auto note = job->unsaved(clock.now())) {
      ids.push_back(job->id());
      notes.push_back(*std::move(note));
    }
  }
  if (notes.empty()) co_return;
  co_await store::note_progress(core->database, std::move(notes));
  for (const auto& id : ids) core->changed(id);
}

Task<void> Worker::State::save_durations() {
  if (taken.empty()) co_return;
  std::vector<store::DurationNote> notes;
  for (const auto& [kind, sum] : std::exchange(taken, {}))
    notes.push_back({kind, sum.micros / static_cast<double>(sum.samples), sum.samples});
  co_await store::note_durations(core->database, std::move(notes));
}

// Returns when the next job is due.
Task<Instant> Worker::State::tidy() {
  const Instant now = clock.now();
  auto chores = co_await store::chores(core->database, now);
  if (chores.dead_workers > 0 || chores.abandoned > 0) {
    auto tx = co_await core->database.begin(database::Isolation::statement);
    auto exhausted = co_await store::bury_workers(*tx, now);
    co_await tx->commit();
    for (auto& job : exhausted) {
      log.error("jobs.failed", {{"id", job.id}, {"kind", job.kind}, {"error", "its workers died"}});
      failures.push_back({std::move(job), "The job was interrupted too often.", Instant()});
    }
  }
  if (chores.idle_lanes > 0) {
    auto tx = co_await core->database.begin(database::Isolation::statement);
    co_await store::tidy_lanes(*tx, now);
    co_await tx->commit();
  }
  while (chores.next_due && *chores.next_due <= now) {
    auto tx = co_await core->database.begin(database::Isolation::statement);
    co_await store::ready_due(*tx, now, kDueAtOnce);
    co_await tx->commit();
    chores = co_await store::chores(core->database, now);
  }
  co_return chores.next_due.value_or(Instant::max());
}

}  // namespace odeon::jobs

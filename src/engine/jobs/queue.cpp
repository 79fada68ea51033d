#include "engine/jobs/queue.hpp"

#include "base/ids.hpp"
#include "engine/jobs/core.hpp"
#include "engine/jobs/embedded.hpp"
#include "engine/jobs/store.hpp"

namespace odeon::jobs {
namespace {

constexpr std::int64_t kPruneAtOnce = 2'000;  // so that others can write in between

store::NewJob new_job(const std::string& kind, std::string payload, const EnqueueOptions& options, Instant now,
                      const Clock& clock) {
  store::NewJob job;
  job.id = new_id("job", clock);
  job.kind = kind;
  job.payload = std::move(payload);
  job.run_at = std::max(now, options.run_at.value_or(now));
  job.state = job.run_at > now ? State::scheduled : State::ready;
  job.lane = options.lane.empty() ? kind : options.lane;
  job.lane_limit = std::max(options.lane_limit, 0);
  job.priority = std::clamp(options.priority, 1, 9);
  job.max_attempts = std::max(options.max_attempts, 1);
  if (!options.idempotency_key.empty()) job.idempotency_key = options.idempotency_key;
  if (!options.parent.empty()) job.parent = options.parent;
  if (options.trace.valid()) job.trace = options.trace.traceparent();
  return job;
}

}  // namespace

Queue::Queue(database::Database& database, coordination::Coordination& coordination, Clock& clock)
    : core_(std::make_shared<Core>(database, coordination, clock)) {}

Queue::~Queue() = default;

Task<Enqueued> Queue::enqueue_raw(database::Transaction& transaction, std::string kind, std::string payload,
                                  EnqueueOptions options) {
  std::vector<std::string> payloads;
  payloads.push_back(std::move(payload));
  auto all = co_await enqueue_all_raw(transaction, std::move(kind), std::move(payloads), std::move(options));
  co_return std::move(all.front());
}

Task<std::vector<Enqueued>> Queue::enqueue_all_raw(database::Transaction& transaction, std::string kind,
                                                   std::vector<std::string> payloads, EnqueueOptions options) {
  if (payloads.empty()) co_return std::vector<Enqueued>();
  const Instant now = core_->clock.now();
  std::vector<store::NewJob> jobs;
  jobs.reserve(payloads.size());
  for (auto& payload : payloads) {
    jobs.push_back(new_job(kind, std::move(payload), options, now, core_->clock));
    if (jobs.size() > 1 && jobs.back().idempotency_key)
      *jobs.back().idempotency_key += fmt::format("#{}", jobs.size() - 1);
  }
  const store::NewJob& first = jobs.front();
  const bool ready = first.state == State::ready;
  const auto run_at = first.run_at;
  std::vector<store::Place> place{{first.lane, first.lane_limit, first.priority}};

  auto results = co_await store::insert(transaction, std::move(jobs));
  if (std::ranges::none_of(results, &Enqueued::fresh)) co_return results;
  if (ready) co_await store::open_lanes(transaction, std::move(place), now);
  core_->wake_for(transaction, ready ? std::nullopt : std::optional(run_at));
  co_return results;
}

Task<std::optional<Progress>> Queue::progress(std::string id) {
  co_return co_await store::progress(core_->database, std::move(id), core_->clock.now());
}

Task<bool> Queue::cancel(std::string id) {
  const Instant now = core_->clock.now();
  auto tx = co_await core_->database.begin(database::Isolation::statement);
  const auto cancelled = co_await store::cancel(*tx, id, now);
  if (cancelled.empty()) co_return false;
  std::vector<std::string> parents;
  std::vector<std::string> lanes;
  for (const auto& job : cancelled) {
    co_await core_->ended_badly(*tx, job.kind, job.payload, "The job was cancelled.");
    if (job.parent) parents.push_back(*job.parent);
    lanes.push_back(job.lane);
  }
  co_await store::settle_parents(*tx, std::move(parents), now);
  co_await store::reopen_lanes(*tx, std::move(lanes), now);
  core_->wake_for(*tx, std::nullopt);
  co_await tx->commit();
  for (const auto& job : cancelled) {
    core_->cancelled(job.id);
    core_->changed(job.id);
    if (job.parent) core_->changed(*job.parent);
  }
  co_return true;
}

Task<std::int64_t> Queue::cancel_lane(std::string lane, std::string kinds) {
  std::int64_t count = 0;
  for (auto& id : co_await store::open_in_lane(core_->database, std::move(lane), std::move(kinds)))
    count += co_await cancel(std::move(id)) ? 1 : 0;
  co_return count;
}

Task<std::int64_t> Queue::forget_lane(std::string lane, std::string kinds) {
  return store::forget_lane(core_->database, std::move(lane), std::move(kinds));
}

Task<bool> Queue::retry(std::string id) {
  auto tx = co_await core_->database.begin();
  if (!co_await store::retry_failed(*tx, id, core_->clock.now())) co_return false;
  core_->wake_for(*tx, std::nullopt);
  co_await tx->commit();
  core_->changed(id);
  co_return true;
}

Task<std::vector<Progress>> Queue::failed(std::size_t limit) {
  co_return co_await store::failed(core_->database, limit);
}

Task<std::vector<JobShown>> Queue::list(JobFilter filter) {
  return store::jobs_shown(core_->database, std::move(filter));
}

Task<std::optional<JobShown>> Queue::find(std::string id) {
  return store::job_shown(core_->database, std::move(id));
}

Task<std::int64_t> Queue::depth() {
  co_return co_await store::count_ready(core_->database);
}

Task<std::int64_t> Queue::prune(Instant before) {
  std::int64_t pruned = 0;
  for (;;) {
    const auto some = co_await store::prune(core_->database, before, kPruneAtOnce);
    pruned += some;
    if (some < kPruneAtOnce) co_return pruned;
  }
}

std::vector<database::Migration> migrations() {
  return {{.module = "jobs", .number = 1, .sql = embedded::schema_sql},
          {.module = "jobs", .number = 2, .sql = embedded::openings_sql},
          {.module = "jobs", .number = 3, .sql = embedded::traces_sql}};
}

}  // namespace odeon::jobs

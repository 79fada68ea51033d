#include "engine/jobs/queue.hpp"

#include "base/ids.hpp"
#include "engine/jobs/core.hpp"
#include "engine/jobs/embedded.hpp"
#include "engine/jobs/store.hpp"

namespace odeon::jobs {
namespace {

constexpr std::int64_t kPruneAtOnce = 2'000;  // so that others can write in between

store::NewJobs new_jobs(JobKind kind, std::vector<std::string> payloads, const EnqueueOptions& options,
                        const Clock& clock) {
  const Instant now = clock.now();
  store::NewJobs jobs;
  jobs.kind = std::move(kind.name);
  jobs.weight = kind.weight;
  jobs.run_at = std::max(now, options.run_at.value_or(now));
  jobs.state = jobs.run_at > now ? State::scheduled : State::ready;
  jobs.lane = options.lane.empty() ? jobs.kind : options.lane;
  jobs.lane_limit = std::max(options.lane_limit, 0);
  jobs.priority = std::clamp(options.priority, 1, 9);
  jobs.max_attempts = std::max(options.max_attempts, 1);
  if (!options.parent.empty()) jobs.parent = options.parent;
  if (options.trace.valid()) jobs.trace = options.trace.traceparent();
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    jobs.ids.push_back(new_id("job", clock));
    if (!options.idempotency_key.empty())
      jobs.idempotency_keys.push_back(i == 0 ? options.idempotency_key
                                             : fmt::format("{}#{}", options.idempotency_key, i));
  }
  jobs.payloads = std::move(payloads);
  return jobs;
}

}  // namespace

Queue::Queue(database::Database& database, coordination::Coordination& coordination, Clock& clock)
    : core_(std::make_shared<Core>(database, coordination, clock)) {}

Queue::~Queue() = default;

Task<Enqueued> Queue::enqueue_raw(database::Transaction& transaction, JobKind kind, std::string payload,
                                  EnqueueOptions options) {
  std::vector<std::string> payloads;
  payloads.push_back(std::move(payload));
  auto all = co_await enqueue_all_raw(transaction, std::move(kind), std::move(payloads), std::move(options));
  co_return std::move(all.front());
}

Task<std::vector<Enqueued>> Queue::enqueue_all_raw(database::Transaction& transaction, JobKind kind,
                                                   std::vector<std::string> payloads, EnqueueOptions options) {
  if (payloads.empty()) co_return std::vector<Enqueued>();
  store::NewJobs jobs = new_jobs(std::move(kind), std::move(payloads), options, core_->clock);
  const bool ready = jobs.state == State::ready;
  const Instant run_at = jobs.run_at;
  std::vector<store::Place> place{{jobs.lane, jobs.weight, jobs.lane_limit, jobs.priority}};
  auto results = co_await store::insert(transaction, std::move(jobs));
  if (std::ranges::none_of(results, &Enqueued::fresh)) co_return results;
  if (ready) store::open_lanes(transaction, std::move(place), run_at);
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
  std::vector<store::LaneKey> lanes;
  for (const auto& job : cancelled) {
    co_await core_->ended_badly(*tx, job.kind, job.payload, "The job was cancelled.");
    if (job.parent) parents.push_back(*job.parent);
    lanes.push_back({job.lane, job.weight});
  }
  co_await store::settle_parents(*tx, std::move(parents), now);
  store::reopen_lanes(*tx, std::move(lanes), now);
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

Task<ByWeight<std::int64_t>> Queue::depth() {
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
          {.module = "jobs", .number = 3, .sql = embedded::traces_sql},
          {.module = "jobs", .number = 4, .sql = embedded::weights_sql}};
}

}  // namespace odeon::jobs

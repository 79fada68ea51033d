#include "engine/jobs/store.hpp"

namespace odeon::jobs::store {

Task<void> enter_worker(Transaction& tx, std::int64_t id, Slots slots, std::vector<std::string> kinds,
                        Instant lease_until) {
  co_await tx.execute("INSERT INTO jobs_workers (id, lease_until, slots, heavy_slots) VALUES ($1, $2, $3, $4)", id,
                      lease_until, slots.light, slots.heavy);
  std::vector<std::tuple<std::int64_t, std::string>> rows;
  rows.reserve(kinds.size());
  for (auto& kind : kinds) rows.emplace_back(id, std::move(kind));
  co_await tx.execute_each("INSERT INTO jobs_worker_kinds (worker, kind) VALUES ($1, $2)", std::move(rows));
}

Task<bool> renew_lease(Executor& executor, std::int64_t id, Instant lease_until) {
  co_return co_await executor.execute("UPDATE jobs_workers SET lease_until = $2 WHERE id = $1", id, lease_until) == 1;
}

Task<void> remove_worker(Transaction& tx, std::int64_t id) {
  co_await tx.execute("DELETE FROM jobs_workers WHERE id = $1", id);
  co_await tx.execute("DELETE FROM jobs_worker_kinds WHERE worker = $1", id);
}

Task<std::vector<Running>> running_of(Executor& executor, std::int64_t owner) {
  co_return co_await executor.query<Running>("SELECT id, fence FROM jobs WHERE state = 'running' AND owner = $1",
                                             owner);
}

Task<Chores> chores(Executor& executor, Instant now) {
  auto found = co_await executor.find<Chores>(
      "SELECT (SELECT min(run_at) FROM jobs WHERE state IN ('scheduled', 'waiting')) AS next_due, "
      "  (SELECT count(*) FROM jobs_workers WHERE lease_until <= $1) AS dead_workers, "
      "  (SELECT count(*) FROM jobs WHERE state = 'running' "
      "   AND owner NOT IN (SELECT id FROM jobs_workers WHERE lease_until > $1)) AS abandoned, "
      "  (SELECT count(*) FROM jobs_lanes WHERE turn IS NULL AND (max_running = 0 "
      "   OR NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.lane = jobs_lanes.lane AND jobs.weight = jobs_lanes.weight "
      "                  AND jobs.state = 'ready') "
      "   OR max_running > (SELECT count(*) FROM jobs WHERE jobs.lane = jobs_lanes.lane "
      "                    AND jobs.weight = jobs_lanes.weight AND jobs.state = 'running'))) "
      "  AS idle_lanes",
      now);
  co_return found.value();
}

namespace {

Task<std::vector<Place>> make_abandoned_ready(Transaction& tx, Instant now) {
  if (tx.engine() == Engine::postgresql)  // rows that someone has locked are changing hands anyway
    co_return co_await tx.query<Place>(
        "WITH abandoned AS MATERIALIZED (SELECT id FROM jobs WHERE state = 'running' AND attempt < max_attempts "
        "  AND owner NOT IN (SELECT id FROM jobs_workers) FOR UPDATE SKIP LOCKED) "
        "UPDATE jobs SET state = 'ready', owner = NULL, run_at = $1, rank = $1 + priority * $2, percent = 0, "
        "                stage = '', message = '' "
        "WHERE id IN (SELECT id FROM abandoned) RETURNING lane, weight, lane_limit, priority",
        now, ageing.count());
  co_return co_await tx.query<Place>(
      "UPDATE jobs SET state = 'ready', owner = NULL, run_at = $1, rank = $1 + priority * $2, percent = 0, "
      "                stage = '', message = '' "
      "WHERE state = 'running' AND attempt < max_attempts AND owner NOT IN (SELECT id FROM jobs_workers) "
      "RETURNING lane, weight, lane_limit, priority",
      now, ageing.count());
}

}  // namespace

Task<std::vector<Exhausted>> bury_workers(Transaction& tx, Instant now) {
  co_await tx.execute("DELETE FROM jobs_workers WHERE lease_until <= $1", now);
  co_await tx.execute("DELETE FROM jobs_worker_kinds WHERE worker NOT IN (SELECT id FROM jobs_workers)");
  auto places = co_await make_abandoned_ready(tx, now);
  open_lanes(tx, std::move(places), now);
  co_return co_await tx.query<Exhausted>(
      "SELECT id, kind, payload, lane, weight, parent, fence FROM jobs "
      "WHERE state = 'running' AND owner NOT IN (SELECT id FROM jobs_workers)");
}

Task<Instant> last_fired(Executor& executor, std::string name, Instant now) {
  const auto last = co_await executor.find<Instant>("SELECT fired_at FROM jobs_schedules WHERE name = $1", name);
  if (last) co_return *last;
  co_await executor.execute("INSERT INTO jobs_schedules (name, fired_at) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
                            std::move(name), now);
  co_return now;
}

Task<bool> fire(Transaction& tx, std::string name, Instant last, Instant now) {
  co_return co_await tx.execute("UPDATE jobs_schedules SET fired_at = $3 WHERE name = $1 AND fired_at = $2",
                                std::move(name), last, now) == 1;
}

}  // namespace odeon::jobs::store

#include "engine/jobs/store.hpp"

namespace odeon::jobs::store {
namespace {

// A parent that nobody woke (its process died between two commits) is looked at this often.
constexpr Micros kLookAgain = std::chrono::seconds(60);

using InsertRow =
    std::tuple<std::string, std::string, std::string, State, std::string, std::int64_t, std::int64_t, Instant, Instant,
               std::int64_t, std::optional<std::string>, std::optional<std::string>, std::optional<std::string>>;

// `place` keeps the order of jobs that are enqueued together.
InsertRow insert_row(NewJob job, std::size_t place) {
  const Instant rank = rank_of(job.run_at, job.priority) + Micros(place);
  return {std::move(job.id),
          std::move(job.kind),
          std::move(job.payload),
          job.state,
          std::move(job.lane),
          job.lane_limit,
          job.priority,
          rank,
          job.run_at,
          job.max_attempts,
          std::move(job.idempotency_key),
          std::move(job.parent),
          std::move(job.trace)};
}

Task<void> insert_keyed(Transaction& tx, std::vector<InsertRow> rows, std::vector<Enqueued>& results) {
  std::vector<std::tuple<std::string, std::string>> keys;
  keys.reserve(rows.size());
  for (const auto& row : rows) keys.emplace_back(std::get<1>(row), *std::get<10>(row));
  const auto inserted = co_await tx.query_each<std::string>(
      "INSERT INTO jobs (id, kind, payload, state, lane, lane_limit, priority, rank, run_at, max_attempts, "
      "                  idempotency_key, parent, trace) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) "
      "ON CONFLICT (kind, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING RETURNING id",
      std::move(rows));
  const auto present = co_await tx.query_each<std::string>(
      "SELECT id FROM jobs WHERE kind = $1 AND idempotency_key = $2", std::move(keys));
  for (std::size_t i = 0; i < results.size(); ++i) {
    results[i].fresh = present.at(i) == results[i].id;
    results[i].id = present[i];
  }
}

}  // namespace

Task<std::vector<Enqueued>> insert(Transaction& tx, std::vector<NewJob> jobs) {
  std::vector<Enqueued> results;
  std::vector<InsertRow> rows;
  results.reserve(jobs.size());
  rows.reserve(jobs.size());
  const bool keyed = !jobs.empty() && jobs.front().idempotency_key.has_value();
  for (auto& job : jobs) {
    results.push_back({job.id, true});
    rows.push_back(insert_row(std::move(job), rows.size()));
  }
  if (keyed) {
    co_await insert_keyed(tx, std::move(rows), results);
  } else {
    co_await tx.execute_each(
        "INSERT INTO jobs (id, kind, payload, state, lane, lane_limit, priority, rank, run_at, max_attempts, "
        "                  idempotency_key, parent, trace) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        std::move(rows));
  }
  co_return results;
}

// Here and below a job is running if it has an owner. Asked for its state, PostgreSQL would rather go through
// the index of all that run than look up the key.
Task<std::int64_t> note_progress(Executor& executor, std::vector<ProgressNote> notes) {
  std::vector<std::tuple<std::string, std::int64_t, std::int64_t, std::string, std::string>> rows;
  rows.reserve(notes.size());
  for (auto& note : notes)
    rows.emplace_back(std::move(note.hold.id), note.hold.fence, note.percent, std::move(note.stage),
                      std::move(note.message));
  co_return co_await executor.execute_each(
      "UPDATE jobs SET percent = $3, stage = $4, message = $5 WHERE id = $1 AND fence = $2 AND owner IS NOT NULL",
      std::move(rows));
}

Task<std::int64_t> complete(Transaction& tx, std::vector<Hold> holds, Instant now) {
  std::vector<std::tuple<std::string, std::int64_t, Instant>> rows;
  rows.reserve(holds.size());
  std::ranges::sort(holds, {}, &Hold::id);  // everybody locks rows in this order
  for (auto& hold : holds) rows.emplace_back(std::move(hold.id), hold.fence, now);
  co_return co_await tx.execute_each(
      "UPDATE jobs SET state = 'completed', owner = NULL, percent = 100, error = NULL, ended_at = $3 "
      "WHERE id = $1 AND fence = $2 AND owner IS NOT NULL",
      std::move(rows));
}

Task<std::int64_t> fail(Transaction& tx, Hold hold, std::string error, Instant now) {
  co_return co_await tx.execute(
      "UPDATE jobs SET state = 'failed', owner = NULL, error = $3, ended_at = $4 "
      "WHERE id = $1 AND fence = $2 AND owner IS NOT NULL",
      std::move(hold.id), hold.fence, std::move(error), now);
}

// Not a failed attempt, so it does not count as one.
Task<std::int64_t> wait_for_children(Transaction& tx, Hold hold, Instant now) {
  co_return co_await tx.execute(
      "UPDATE jobs SET state = 'waiting', owner = NULL, attempt = attempt - 1, run_at = $3 "
      "WHERE id = $1 AND fence = $2 AND owner IS NOT NULL",
      std::move(hold.id), hold.fence, now + kLookAgain);
}

Task<std::int64_t> retry_later(Transaction& tx, std::vector<Retry> retries) {
  std::vector<std::tuple<std::string, std::int64_t, Instant, std::string>> rows;
  rows.reserve(retries.size());
  std::ranges::sort(retries, {}, [](const Retry& retry) -> const std::string& { return retry.hold.id; });
  for (auto& retry : retries)
    rows.emplace_back(std::move(retry.hold.id), retry.hold.fence, retry.run_at, std::move(retry.error));
  co_return co_await tx.execute_each(
      "UPDATE jobs SET state = 'scheduled', owner = NULL, run_at = $3, error = $4, percent = 0, stage = '', "
      "                message = '' "
      "WHERE id = $1 AND fence = $2 AND owner IS NOT NULL",
      std::move(rows));
}

Task<std::int64_t> release_all(Transaction& tx, std::int64_t owner, Instant now) {
  auto places = co_await tx.query<Place>(
      "UPDATE jobs SET state = 'ready', owner = NULL, attempt = attempt - 1, percent = 0, stage = '', message = '' "
      "WHERE state = 'running' AND owner = $1 RETURNING lane, lane_limit, priority",
      owner);
  const auto released = static_cast<std::int64_t>(places.size());
  co_await open_lanes(tx, std::move(places), now);
  co_return released;
}

Task<bool> release(Transaction& tx, Hold hold, Instant now) {
  auto places = co_await tx.query<Place>(
      "UPDATE jobs SET state = 'ready', owner = NULL, attempt = attempt - 1, percent = 0, stage = '', message = '' "
      "WHERE id = $1 AND fence = $2 AND owner IS NOT NULL RETURNING lane, lane_limit, priority",
      std::move(hold.id), hold.fence);
  const bool released = !places.empty();
  co_await open_lanes(tx, std::move(places), now);
  co_return released;
}

Task<std::vector<Cancelled>> cancel(Transaction& tx, std::string id, Instant now) {
  if (tx.engine() == Engine::postgresql)
    co_await tx.query<std::string>(
        "WITH RECURSIVE tree (id) AS ("
        "  SELECT id FROM jobs WHERE id = $1 UNION SELECT jobs.id FROM jobs JOIN tree ON jobs.parent = tree.id) "
        "SELECT id FROM jobs WHERE id IN (SELECT id FROM tree) AND ended_at IS NULL ORDER BY id FOR UPDATE",
        id);
  co_return co_await tx.query<Cancelled>(
      "WITH RECURSIVE tree (id) AS ("
      "  SELECT id FROM jobs WHERE id = $1 AND ended_at IS NULL "
      "  UNION SELECT jobs.id FROM jobs JOIN tree ON jobs.parent = tree.id) "
      "UPDATE jobs SET state = 'cancelled', owner = NULL, ended_at = $2 "
      "WHERE id IN (SELECT id FROM tree) AND ended_at IS NULL RETURNING id, kind, payload, lane, parent",
      std::move(id), now);
}

Task<std::vector<std::string>> open_in_lane(Executor& executor, std::string lane, std::string kinds) {
  return executor.query<std::string>(
      "SELECT id FROM jobs WHERE lane = $1 AND SUBSTR(kind, 1, LENGTH($2)) = $2 AND ended_at IS NULL", lane, kinds);
}

Task<std::int64_t> forget_lane(Executor& executor, std::string lane, std::string kinds) {
  return executor.execute(
      "DELETE FROM jobs WHERE lane = $1 AND SUBSTR(kind, 1, LENGTH($2)) = $2 AND ended_at IS NOT NULL", lane, kinds);
}

Task<bool> retry_failed(Transaction& tx, std::string id, Instant now) {
  auto places = co_await tx.query<Place>(
      "UPDATE jobs SET state = 'ready', attempt = 0, percent = 0, stage = '', message = '', error = NULL, "
      "                started_at = NULL, ended_at = NULL, run_at = $2, rank = $2 + priority * $3 "
      "WHERE id = $1 AND state = 'failed' RETURNING lane, lane_limit, priority",
      std::move(id), now, ageing.count());
  const bool found = !places.empty();
  co_await open_lanes(tx, std::move(places), now);
  co_return found;
}

Task<std::int64_t> settle_parents(Transaction& tx, std::vector<std::string> parents, Instant now) {
  std::vector<std::tuple<std::string, Instant, std::int64_t>> rows;
  std::ranges::sort(parents);
  const auto repeated = std::ranges::unique(parents);
  parents.erase(repeated.begin(), repeated.end());
  rows.reserve(parents.size());
  for (auto& parent : parents) rows.emplace_back(std::move(parent), now, ageing.count());
  if (tx.engine() == Engine::postgresql) {
    // The last two of its children may end side by side, each blind to the other's end. Touching the parent
    // makes the second wait for the first, and look again.
    std::vector<std::tuple<std::string>> ids;
    ids.reserve(rows.size());
    for (const auto& row : rows) ids.emplace_back(std::get<0>(row));
    if (co_await tx.execute_each("UPDATE jobs SET run_at = run_at WHERE id = $1 AND ended_at IS NULL",
                                 std::move(ids)) == 0)
      co_return 0;
  }
  auto places = co_await tx.query_each<Place>(
      "UPDATE jobs SET state = 'ready', run_at = $2, rank = $2 + priority * $3 "
      "WHERE id = $1 AND state || '' = 'waiting' "  // by the key, not through all that waits
      "AND NOT EXISTS (SELECT 1 FROM jobs child WHERE child.parent = $1 AND child.ended_at IS NULL) "
      "RETURNING lane, lane_limit, priority",
      std::move(rows));
  const auto settled = static_cast<std::int64_t>(places.size());
  co_await open_lanes(tx, std::move(places), now);
  co_return settled;
}

namespace {

// What another node is just making ready is left to it.
Task<std::int64_t> ready_due_unlocked(Transaction& tx, Instant now, std::int64_t most) {
  auto places = co_await tx.query<Place>(
      "WITH due AS MATERIALIZED (SELECT id FROM jobs WHERE state IN ('scheduled', 'waiting') AND run_at <= $1 "
      "                          ORDER BY run_at LIMIT $2 FOR UPDATE SKIP LOCKED) "
      "UPDATE jobs SET state = 'ready', rank = run_at + priority * $3 WHERE id IN (SELECT id FROM due) "
      "AND (state = 'scheduled' OR NOT EXISTS "
      "     (SELECT 1 FROM jobs child WHERE child.parent = jobs.id AND child.ended_at IS NULL)) "
      "RETURNING lane, lane_limit, priority",
      now, most, ageing.count());
  co_await tx.execute(
      "WITH due AS MATERIALIZED (SELECT id FROM jobs WHERE state IN ('scheduled', 'waiting') AND state = 'waiting' "
      "                          AND run_at <= $1 FOR UPDATE SKIP LOCKED) "
      "UPDATE jobs SET run_at = $2 WHERE id IN (SELECT id FROM due)",
      now, now + kLookAgain);
  const auto found = static_cast<std::int64_t>(places.size());
  co_await open_lanes(tx, std::move(places), now);
  co_return found;
}

}  // namespace

Task<std::int64_t> ready_due(Transaction& tx, Instant now, std::int64_t most) {
  if (tx.engine() == Engine::postgresql) co_return co_await ready_due_unlocked(tx, now, most);
  auto places = co_await tx.query<Place>(
      "UPDATE jobs SET state = 'ready', rank = run_at + priority * $3 "
      "WHERE id IN (SELECT id FROM jobs WHERE state IN ('scheduled', 'waiting') AND run_at <= $1 "
      "             ORDER BY run_at LIMIT $2) "
      "AND (state = 'scheduled' OR NOT EXISTS "
      "     (SELECT 1 FROM jobs child WHERE child.parent = jobs.id AND child.ended_at IS NULL)) "
      "RETURNING lane, lane_limit, priority",
      now, most, ageing.count());
  co_await tx.execute(
      "UPDATE jobs SET run_at = $2 WHERE state IN ('scheduled', 'waiting') AND state = 'waiting' AND run_at <= $1", now,
      now + kLookAgain);
  const auto found = static_cast<std::int64_t>(places.size());
  co_await open_lanes(tx, std::move(places), now);
  co_return found;
}

// Ids sort by the time they were made, and nothing ends before it is made: so the key itself is the index
// of what is old. The margin covers ids that ran ahead of the clock, and clocks of other nodes.
Task<std::int64_t> prune(Executor& executor, Instant before, std::int64_t most) {
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(before.time_since_epoch()).count() + 60'000;
  co_return co_await executor.execute(
      "DELETE FROM jobs WHERE id IN ("
      "  SELECT id FROM jobs WHERE id < $1 AND ended_at < $2 AND state IN ('completed', 'cancelled') "
      "  AND NOT EXISTS (SELECT 1 FROM jobs kin WHERE kin.id = jobs.parent AND kin.ended_at IS NULL) "
      "  ORDER BY id LIMIT $3)",
      fmt::format("job_{:012x}", std::max<std::int64_t>(millis, 0)), before, most);
}

}  // namespace odeon::jobs::store

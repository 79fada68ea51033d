#include "engine/jobs/store.hpp"

namespace odeon::jobs::store {
namespace {

// A parent that nobody woke (its process died between two commits) is looked at this often.
constexpr Micros kLookAgain = std::chrono::seconds(60);

using InsertRow = std::tuple<std::string, std::string, std::string, State, std::string, std::int64_t, std::int64_t,
                             Instant, Instant, std::int64_t, std::optional<std::string>, std::optional<std::string>,
                             std::optional<std::string>, Weight>;

// Jobs that are enqueued together keep their order.
std::vector<InsertRow> insert_rows(NewJobs jobs) {
  const bool keyed = !jobs.idempotency_keys.empty();
  const Instant rank = rank_of(jobs.run_at, jobs.priority);
  std::vector<InsertRow> rows;
  rows.reserve(jobs.ids.size());
  for (std::size_t i = 0; i < jobs.ids.size(); ++i)
    rows.emplace_back(std::move(jobs.ids[i]), jobs.kind, std::move(jobs.payloads[i]), jobs.state, jobs.lane,
                      jobs.lane_limit, jobs.priority, rank + Micros(i), jobs.run_at, jobs.max_attempts,
                      keyed ? std::optional(std::move(jobs.idempotency_keys[i])) : std::nullopt, jobs.parent,
                      jobs.trace, jobs.weight);
  return rows;
}

// PostgreSQL: one statement for all of them costs it half as much.
void insert_together(Transaction& tx, NewJobs jobs) {
  std::vector<std::tuple<std::vector<std::string>, std::vector<std::string>, std::string, State, std::string,
                         std::int64_t, std::int64_t, Instant, Instant, std::int64_t, std::optional<std::string>,
                         std::optional<std::string>, Weight>>
      row;
  row.emplace_back(std::move(jobs.ids), std::move(jobs.payloads), std::move(jobs.kind), jobs.state,
                   std::move(jobs.lane), jobs.lane_limit, jobs.priority,
                   rank_of(jobs.run_at, jobs.priority) - Micros(1), jobs.run_at, jobs.max_attempts,
                   std::move(jobs.parent), std::move(jobs.trace), jobs.weight);
  tx.execute_later(
      "INSERT INTO jobs (id, payload, kind, state, lane, lane_limit, priority, rank, run_at, max_attempts, parent, "
      "                  trace, weight) "
      "SELECT id, payload, $3, $4, $5, $6, $7, $8 + place, $9, $10, $11, $12, $13 "
      "FROM ROWS FROM (json_array_elements_text($1::json), json_array_elements_text($2::json)) "
      "     WITH ORDINALITY AS job (id, payload, place)",
      std::move(row));
}

Task<void> insert_keyed(Transaction& tx, std::vector<InsertRow> rows, std::vector<Enqueued>& results) {
  std::vector<std::tuple<std::string, std::string>> keys;
  keys.reserve(rows.size());
  for (const auto& row : rows) keys.emplace_back(std::get<1>(row), *std::get<10>(row));
  const auto inserted = co_await tx.query_each<std::string>(
      "INSERT INTO jobs (id, kind, payload, state, lane, lane_limit, priority, rank, run_at, max_attempts, "
      "                  idempotency_key, parent, trace, weight) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) "
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

Task<std::vector<Enqueued>> insert(Transaction& tx, NewJobs jobs) {
  std::vector<Enqueued> results;
  results.reserve(jobs.ids.size());
  for (const auto& id : jobs.ids) results.push_back({id, true});
  if (!jobs.idempotency_keys.empty()) {
    co_await insert_keyed(tx, insert_rows(std::move(jobs)), results);
  } else if (tx.engine() == Engine::postgresql) {
    insert_together(tx, std::move(jobs));
  } else {
    tx.execute_later(
        "INSERT INTO jobs (id, kind, payload, state, lane, lane_limit, priority, rank, run_at, max_attempts, "
        "                  idempotency_key, parent, trace, weight) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        insert_rows(std::move(jobs)));
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

namespace {

// PostgreSQL: by one statement, which goes through the key in its order.
Task<std::int64_t> complete_together(Transaction& tx, std::vector<Hold> holds, Instant now) {
  json::object fences;
  fences.reserve(holds.size());
  for (const auto& hold : holds) fences[hold.id] = hold.fence;
  co_return co_await tx.execute(
      "UPDATE jobs SET state = 'completed', owner = NULL, percent = 100, error = NULL, ended_at = $2 "
      "WHERE id = ANY (ARRAY(SELECT jsonb_object_keys($1::jsonb))) AND fence = ($1::jsonb ->> id)::bigint "
      "AND owner IS NOT NULL",
      json::value(std::move(fences)), now);
}

}  // namespace

Task<std::int64_t> complete(Transaction& tx, std::vector<Hold> holds, Instant now) {
  if (tx.engine() == Engine::postgresql && holds.size() > 1)
    co_return co_await complete_together(tx, std::move(holds), now);
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
      "WHERE state = 'running' AND owner = $1 RETURNING lane, weight, lane_limit, priority",
      owner);
  const auto released = static_cast<std::int64_t>(places.size());
  open_lanes(tx, std::move(places), now);
  co_return released;
}

Task<bool> release(Transaction& tx, Hold hold, Instant now) {
  auto places = co_await tx.query<Place>(
      "UPDATE jobs SET state = 'ready', owner = NULL, attempt = attempt - 1, percent = 0, stage = '', message = '' "
      "WHERE id = $1 AND fence = $2 AND owner IS NOT NULL RETURNING lane, weight, lane_limit, priority",
      std::move(hold.id), hold.fence);
  const bool released = !places.empty();
  open_lanes(tx, std::move(places), now);
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
      "WHERE id IN (SELECT id FROM tree) AND ended_at IS NULL RETURNING id, kind, payload, lane, weight, parent",
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
      "WHERE id = $1 AND state = 'failed' RETURNING lane, weight, lane_limit, priority",
      std::move(id), now, ageing.count());
  const bool found = !places.empty();
  open_lanes(tx, std::move(places), now);
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
      "RETURNING lane, weight, lane_limit, priority",
      std::move(rows));
  const auto settled = static_cast<std::int64_t>(places.size());
  open_lanes(tx, std::move(places), now);
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
      "RETURNING lane, weight, lane_limit, priority",
      now, most, ageing.count());
  co_await tx.execute(
      "WITH due AS MATERIALIZED (SELECT id FROM jobs WHERE state IN ('scheduled', 'waiting') AND state = 'waiting' "
      "                          AND run_at <= $1 FOR UPDATE SKIP LOCKED) "
      "UPDATE jobs SET run_at = $2 WHERE id IN (SELECT id FROM due)",
      now, now + kLookAgain);
  const auto found = static_cast<std::int64_t>(places.size());
  open_lanes(tx, std::move(places), now);
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
      "RETURNING lane, weight, lane_limit, priority",
      now, most, ageing.count());
  co_await tx.execute(
      "UPDATE jobs SET run_at = $2 WHERE state IN ('scheduled', 'waiting') AND state = 'waiting' AND run_at <= $1", now,
      now + kLookAgain);
  const auto found = static_cast<std::int64_t>(places.size());
  open_lanes(tx, std::move(places), now);
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

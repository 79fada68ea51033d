#include "engine/jobs/store_lanes.hpp"

namespace odeon::jobs::store {

Task<void> set_turns(Transaction& tx, std::vector<OpeningRow> rows) {
  co_await tx.execute_each(
      "INSERT INTO jobs_lanes (lane, turn, priority, max_running) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (lane) DO UPDATE SET "
      "  priority = CASE WHEN jobs_lanes.turn <= excluded.turn THEN jobs_lanes.priority ELSE excluded.priority END, "
      "  turn = CASE WHEN jobs_lanes.turn <= excluded.turn THEN jobs_lanes.turn ELSE excluded.turn END, "
      "  max_running = excluded.max_running "
      "WHERE jobs_lanes.turn IS NULL OR jobs_lanes.turn > excluded.turn "
      "   OR jobs_lanes.max_running <> excluded.max_running",
      std::move(rows));
}

Task<void> open_lanes(Transaction& tx, std::vector<Place> places, Instant now) {
  // One row a lane is enough: that of its most urgent job.
  std::ranges::sort(places, {}, [](const Place& place) { return std::tie(place.lane, place.priority); });
  const auto repeated = std::ranges::unique(places, {}, &Place::lane);
  places.erase(repeated.begin(), repeated.end());
  std::vector<OpeningRow> rows;
  for (auto& place : places)
    rows.emplace_back(std::move(place.lane), rank_of(now, place.priority), place.priority, place.lane_limit);
  if (tx.engine() == Engine::sqlite) co_return co_await set_turns(tx, std::move(rows));
  co_await tx.execute_each("INSERT INTO jobs_openings (lane, turn, priority, max_running) VALUES ($1, $2, $3, $4)",
                           std::move(rows));
}

Task<void> reopen_lanes(Transaction& tx, std::vector<std::string> lanes, Instant now) {
  std::ranges::sort(lanes);
  const auto repeated = std::ranges::unique(lanes);
  lanes.erase(repeated.begin(), repeated.end());
  std::vector<std::tuple<std::string, Instant, std::int64_t>> rows;
  for (auto& lane : lanes) rows.emplace_back(std::move(lane), now, ageing.count());
  if (tx.engine() == Engine::postgresql) {
    co_await tx.execute_each(
        "INSERT INTO jobs_openings (lane, turn, priority, max_running) "
        "SELECT lane, $2 + priority * $3, priority, max_running FROM jobs_lanes WHERE lane = $1 AND max_running > 0",
        std::move(rows));
    co_return;
  }
  co_await tx.execute_each(
      "UPDATE jobs_lanes SET turn = $2 + priority * $3 WHERE lane = $1 AND turn IS NULL "
      "AND EXISTS (SELECT 1 FROM jobs WHERE jobs.lane = $1 AND jobs.state = 'ready')",
      std::move(rows));
}

Task<void> tidy_lanes(Transaction& tx, Instant now) {
  if (tx.engine() == Engine::postgresql) {
    // Claims wait for one another in an order that this one does not know.
    co_await tx.execute(
        "DELETE FROM jobs_lanes WHERE lane IN (SELECT lane FROM jobs_lanes AS idle WHERE turn IS NULL "
        "  AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.lane = idle.lane AND jobs.state = 'ready') "
        "  FOR UPDATE SKIP LOCKED)");
    co_await tx.execute(
        "UPDATE jobs_lanes SET turn = $1 + priority * $2 WHERE lane IN ("
        "  SELECT lane FROM jobs_lanes AS idle WHERE turn IS NULL AND (max_running = 0 OR max_running > "
        "    (SELECT count(*) FROM jobs WHERE jobs.lane = idle.lane AND jobs.state = 'running')) "
        "  FOR UPDATE SKIP LOCKED)",
        now, ageing.count());
    co_return;
  }
  co_await tx.execute(
      "DELETE FROM jobs_lanes WHERE turn IS NULL "
      "AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.lane = jobs_lanes.lane AND jobs.state = 'ready')");
  co_await tx.execute(
      "UPDATE jobs_lanes SET turn = $1 + priority * $2 WHERE turn IS NULL AND (max_running = 0 OR max_running > "
      "(SELECT count(*) FROM jobs WHERE jobs.lane = jobs_lanes.lane AND jobs.state = 'running'))",
      now, ageing.count());
}

}  // namespace odeon::jobs::store

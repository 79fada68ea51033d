#include "engine/jobs/store_lanes.hpp"

namespace odeon::jobs::store {

void set_turns(Transaction& tx, std::vector<OpeningRow> rows) {
  tx.execute_later(
      "INSERT INTO jobs_lanes (lane, weight, turn, priority, max_running) VALUES ($1, $2, $3, $4, $5) "
      "ON CONFLICT (lane, weight) DO UPDATE SET "
      "  priority = CASE WHEN jobs_lanes.turn <= excluded.turn THEN jobs_lanes.priority ELSE excluded.priority END, "
      "  turn = CASE WHEN jobs_lanes.turn <= excluded.turn THEN jobs_lanes.turn ELSE excluded.turn END, "
      "  max_running = excluded.max_running "
      "WHERE jobs_lanes.turn IS NULL OR jobs_lanes.turn > excluded.turn "
      "   OR jobs_lanes.max_running <> excluded.max_running",
      std::move(rows));
}

void open_lanes(Transaction& tx, std::vector<Place> places, Instant now) {
  // One row a lane and weight is enough: that of the most urgent job.
  const auto lane_of = [](const Place& place) { return std::tie(place.lane, place.weight); };
  std::ranges::sort(places, {}, [](const Place& place) { return std::tie(place.lane, place.weight, place.priority); });
  const auto repeated = std::ranges::unique(places, {}, lane_of);
  places.erase(repeated.begin(), repeated.end());
  std::vector<OpeningRow> rows;
  rows.reserve(places.size());
  for (auto& place : places)
    rows.emplace_back(std::move(place.lane), place.weight, rank_of(now, place.priority), place.priority,
                      place.lane_limit);
  if (tx.engine() == Engine::sqlite) return set_turns(tx, std::move(rows));
  tx.execute_later("INSERT INTO jobs_openings (lane, weight, turn, priority, max_running) VALUES ($1, $2, $3, $4, $5)",
                   std::move(rows));
}

void reopen_lanes(Transaction& tx, std::vector<LaneKey> lanes, Instant now) {
  std::ranges::sort(lanes);
  const auto repeated = std::ranges::unique(lanes);
  lanes.erase(repeated.begin(), repeated.end());
  std::vector<std::tuple<std::string, Instant, std::int64_t, Weight>> rows;
  rows.reserve(lanes.size());
  for (auto& lane : lanes) rows.emplace_back(std::move(lane.lane), now, ageing.count(), lane.weight);
  if (tx.engine() == Engine::postgresql) {
    tx.execute_later(
        "INSERT INTO jobs_openings (lane, weight, turn, priority, max_running) "
        "SELECT lane, weight, $2 + priority * $3, priority, max_running FROM jobs_lanes "
        "WHERE lane = $1 AND weight = $4 AND max_running > 0",
        std::move(rows));
    return;
  }
  tx.execute_later(
      "UPDATE jobs_lanes SET turn = $2 + priority * $3 WHERE lane = $1 AND weight = $4 AND turn IS NULL "
      "AND EXISTS (SELECT 1 FROM jobs WHERE jobs.lane = $1 AND jobs.weight = jobs_lanes.weight "
      "            AND jobs.state = 'ready')",
      std::move(rows));
}

Task<void> tidy_lanes(Transaction& tx, Instant now) {
  if (tx.engine() == Engine::postgresql) {
    // Claims wait for one another in an order that this one does not know.
    co_await tx.execute(
        "DELETE FROM jobs_lanes WHERE (lane, weight) IN (SELECT lane, weight FROM jobs_lanes AS idle "
        "  WHERE turn IS NULL AND (SELECT 1 FROM jobs WHERE jobs.lane = idle.lane AND jobs.weight = idle.weight "
        "                          AND jobs.state = 'ready' LIMIT 1) IS NULL FOR UPDATE SKIP LOCKED)");
    co_await tx.execute(
        "UPDATE jobs_lanes SET turn = $1 + priority * $2 WHERE (lane, weight) IN ("
        "  SELECT lane, weight FROM jobs_lanes AS idle WHERE turn IS NULL AND (max_running = 0 OR max_running > "
        "    (SELECT count(*) FROM jobs WHERE jobs.lane = idle.lane AND jobs.weight = idle.weight "
        "     AND jobs.state = 'running')) "
        "  FOR UPDATE SKIP LOCKED)",
        now, ageing.count());
    co_return;
  }
  co_await tx.execute(
      "DELETE FROM jobs_lanes WHERE turn IS NULL AND NOT EXISTS (SELECT 1 FROM jobs "
      "  WHERE jobs.lane = jobs_lanes.lane AND jobs.weight = jobs_lanes.weight AND jobs.state = 'ready')");
  co_await tx.execute(
      "UPDATE jobs_lanes SET turn = $1 + priority * $2 WHERE turn IS NULL AND (max_running = 0 OR max_running > "
      "(SELECT count(*) FROM jobs WHERE jobs.lane = jobs_lanes.lane AND jobs.weight = jobs_lanes.weight "
      " AND jobs.state = 'running'))",
      now, ageing.count());
}

}  // namespace odeon::jobs::store

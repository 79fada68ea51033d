#include "engine/jobs/store.hpp"
#include "engine/jobs/turns.hpp"

namespace odeon::jobs {

BOOST_DESCRIBE_STRUCT(LaneTurn, (), (lane, turn, priority, room))

namespace store {
namespace {

// Rounds over lanes that hold nothing but jobs of kinds which others handle, before the next claim.
constexpr int kMostLooksInVain = 8;

Task<std::vector<LaneTurn>> next_lanes(Transaction& tx, std::int64_t most) {
  co_return co_await tx.query<LaneTurn>(
      "SELECT lane, turn, priority, CASE WHEN max_running = 0 THEN $1 ELSE max_running - "
      "  (SELECT count(*) FROM jobs WHERE jobs.lane = jobs_lanes.lane AND jobs.state = 'running') END AS room "
      "FROM jobs_lanes WHERE turn IS NOT NULL ORDER BY turn LIMIT $1",
      most);
}

using Share = std::tuple<std::string, std::int64_t, Instant, std::int64_t>;  // lane, owner, now, how many

Task<std::vector<Claimed>> take(Transaction& tx, std::vector<Share> shares) {
  co_return co_await tx.query_each<Claimed>(
      "UPDATE jobs SET state = 'running', owner = $2, attempt = attempt + 1, fence = fence + 1, started_at = $3 "
      "WHERE id IN (SELECT id FROM jobs WHERE lane = $1 AND state = 'ready' "
      "             AND kind IN (SELECT kind FROM jobs_worker_kinds WHERE worker = $2) ORDER BY rank LIMIT $4) "
      "RETURNING id, kind, payload, lane, parent, lane_limit, attempt, max_attempts, fence, percent, rank, run_at",
      std::move(shares));
}

// A lane that was looked at goes behind those of its priority that wait, even those that came this very
// instant; without a ready job, or without room, it has no turn until that changes.
Task<void> pass_turns(Transaction& tx, std::vector<LaneTurn> lanes, Instant now) {
  std::vector<std::tuple<std::string, Instant, std::int64_t>> rows;
  for (auto& lane : lanes) rows.emplace_back(std::move(lane.lane), now + Micros(1), ageing.count());
  co_await tx.execute_each(
      "UPDATE jobs_lanes SET turn = CASE WHEN max_running > 0 AND max_running <= "
      "  (SELECT count(*) FROM jobs WHERE jobs.lane = $1 AND jobs.state = 'running') THEN NULL ELSE $2 + $3 * "
      "  (SELECT jobs.priority FROM jobs WHERE jobs.lane = $1 AND jobs.state = 'ready' ORDER BY rank LIMIT 1) END, "
      "priority = COALESCE("
      "  (SELECT jobs.priority FROM jobs WHERE jobs.lane = $1 AND jobs.state = 'ready' ORDER BY rank LIMIT 1), "
      "priority) "
      "WHERE lane = $1",
      std::move(rows));
}

}  // namespace

Task<void> open_lanes(Transaction& tx, std::vector<Place> places, Instant now) {
  // One row a lane is enough: that of its most urgent job.
  std::ranges::sort(places, {}, [](const Place& place) { return std::tie(place.lane, place.priority); });
  const auto repeated = std::ranges::unique(places, {}, &Place::lane);
  places.erase(repeated.begin(), repeated.end());
  std::vector<std::tuple<std::string, Instant, std::int64_t, std::int64_t>> rows;
  for (auto& place : places)
    rows.emplace_back(std::move(place.lane), rank_of(now, place.priority), place.priority, place.lane_limit);
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

Task<void> reopen_lanes(Transaction& tx, std::vector<std::string> lanes, Instant now) {
  std::ranges::sort(lanes);
  const auto repeated = std::ranges::unique(lanes);
  lanes.erase(repeated.begin(), repeated.end());
  std::vector<std::tuple<std::string, Instant, std::int64_t>> rows;
  for (auto& lane : lanes) rows.emplace_back(std::move(lane), now, ageing.count());
  co_await tx.execute_each(
      "UPDATE jobs_lanes SET turn = $2 + priority * $3 WHERE lane = $1 AND turn IS NULL "
      "AND EXISTS (SELECT 1 FROM jobs WHERE jobs.lane = $1 AND jobs.state = 'ready')",
      std::move(rows));
}

Task<Claim> claim(Transaction& tx, std::int64_t owner, std::int64_t slots, Instant now) {
  Claim claim;
  int in_vain = 0;
  while (slots > 0 && in_vain < kMostLooksInVain) {
    auto lanes = co_await next_lanes(tx, slots);
    if (lanes.empty()) break;
    const bool only_one = lanes.size() == 1 && slots > 1;
    const auto counts = share_turns(lanes, slots, now, ageing);
    std::vector<Share> shares;
    std::vector<LaneTurn> passed;
    std::int64_t wanted = 0;
    for (std::size_t i = 0; i < lanes.size(); ++i) {
      wanted += counts[i];
      if (counts[i] > 0) shares.emplace_back(lanes[i].lane, owner, now, counts[i]);
      // With no share though it has room, it is still this lane's turn.
      if (counts[i] > 0 || lanes[i].room <= 0) passed.push_back(std::move(lanes[i]));
    }
    auto taken = co_await take(tx, std::move(shares));
    co_await pass_turns(tx, std::move(passed), now);
    const auto count = static_cast<std::int64_t>(taken.size());
    claim.changed = true;
    claim.jobs.insert(claim.jobs.end(), std::make_move_iterator(taken.begin()), std::make_move_iterator(taken.end()));
    if (only_one && count < wanted) break;  // that lane is empty now, and there is no other
    if (wanted > 0 && count == 0) ++in_vain;
    slots -= count;
  }
  std::ranges::sort(claim.jobs, {}, &Claimed::rank);
  co_return claim;
}

Task<void> tidy_lanes(Transaction& tx, Instant now) {
  co_await tx.execute(
      "DELETE FROM jobs_lanes WHERE turn IS NULL "
      "AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.lane = jobs_lanes.lane AND jobs.state = 'ready')");
  co_await tx.execute(
      "UPDATE jobs_lanes SET turn = $1 + priority * $2 WHERE turn IS NULL AND (max_running = 0 OR max_running > "
      "(SELECT count(*) FROM jobs WHERE jobs.lane = jobs_lanes.lane AND jobs.state = 'running'))",
      now, ageing.count());
}

}  // namespace store
}  // namespace odeon::jobs

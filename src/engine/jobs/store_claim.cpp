#include "engine/jobs/store_lanes.hpp"
#include "engine/jobs/turns.hpp"

namespace odeon::jobs {

BOOST_DESCRIBE_STRUCT(LaneTurn, (), (lane, turn, priority, room))

namespace store {
namespace {

// Rounds over lanes that hold nothing but jobs of kinds which others handle, before the next claim.
constexpr int kMostLooksInVain = 8;

struct Opening {
  std::string lane;
  Instant turn;
  std::int64_t priority = 3;
  std::int64_t max_running = 0;
};
BOOST_DESCRIBE_STRUCT(Opening, (), (lane, turn, priority, max_running))

// PostgreSQL: takes note of the lanes that were to be opened. Another claim that does so at the same time is
// waited for, so that afterwards its lanes are in sight.
Task<bool> note_openings(Transaction& tx) {
  auto openings = co_await tx.query<Opening>("DELETE FROM jobs_openings RETURNING lane, turn, priority, max_running");
  if (openings.empty()) co_return false;
  std::ranges::sort(openings, {}, [](const Opening& opening) { return std::tie(opening.lane, opening.turn); });
  const auto repeated = std::ranges::unique(openings, {}, &Opening::lane);
  openings.erase(repeated.begin(), repeated.end());
  std::vector<OpeningRow> rows;
  rows.reserve(openings.size());
  for (auto& opening : openings)
    rows.emplace_back(std::move(opening.lane), opening.turn, opening.priority, opening.max_running);
  co_await set_turns(tx, std::move(rows));
  co_return true;
}

// PostgreSQL: has these lanes to itself until it commits; what others have is skipped. Waits for one of
// those only while there is nothing else, and then holds none itself.
Task<std::vector<LaneTurn>> lock_lanes(Transaction& tx, std::int64_t most) {
  std::vector<LaneTurn> lanes;
  for (int looks = 0; lanes.empty() && looks < kMostLooksInVain; ++looks) {
    lanes = co_await tx.query<LaneTurn>(
        "SELECT lane, turn, priority, max_running AS room FROM jobs_lanes WHERE turn IS NOT NULL "
        "ORDER BY turn LIMIT $1 FOR UPDATE SKIP LOCKED",
        most);
    if (!lanes.empty()) break;
    const auto first =
        co_await tx.find<std::string>("SELECT lane FROM jobs_lanes WHERE turn IS NOT NULL ORDER BY turn LIMIT 1");
    if (!first) break;
    lanes = co_await tx.query<LaneTurn>(
        "SELECT lane, turn, priority, max_running AS room FROM jobs_lanes WHERE lane = $1 AND turn IS NOT NULL "
        "FOR UPDATE",
        *first);
  }
  // Only now, for what runs in them does not change any more.
  for (auto& lane : lanes) {
    lane.room = lane.room == 0
                    ? most
                    : lane.room - *co_await tx.find<std::int64_t>(
                                      "SELECT count(*) FROM jobs WHERE lane = $1 AND state = 'running'", lane.lane);
  }
  co_return lanes;
}

Task<std::vector<LaneTurn>> next_lanes(Transaction& tx, std::int64_t most) {
  if (tx.engine() == Engine::postgresql) co_return co_await lock_lanes(tx, most);
  co_return co_await tx.query<LaneTurn>(
      "SELECT lane, turn, priority, CASE WHEN max_running = 0 THEN $1 ELSE max_running - "
      "  (SELECT count(*) FROM jobs WHERE jobs.lane = jobs_lanes.lane AND jobs.state = 'running') END AS room "
      "FROM jobs_lanes WHERE turn IS NOT NULL ORDER BY turn LIMIT $1",
      most);
}

using Share = std::tuple<std::string, std::int64_t, Instant, std::int64_t>;  // lane, owner, now, how many

Task<std::vector<Claimed>> take(Transaction& tx, std::vector<Share> shares) {
  if (tx.engine() == Engine::postgresql)
    co_return co_await tx.query_each<Claimed>(
        "WITH next AS MATERIALIZED (SELECT id FROM jobs WHERE lane = $1 AND state = 'ready' "
        "  AND kind = ANY (ARRAY(SELECT kind FROM jobs_worker_kinds WHERE worker = $2)) "
        "  ORDER BY rank LIMIT $4 FOR UPDATE SKIP LOCKED) "
        "UPDATE jobs SET state = 'running', owner = $2, attempt = attempt + 1, fence = fence + 1, started_at = $3 "
        "WHERE id IN (SELECT id FROM next) "
        "RETURNING id, kind, payload, lane, parent, lane_limit, attempt, max_attempts, fence, percent, rank, run_at, "
        "trace",
        std::move(shares));
  co_return co_await tx.query_each<Claimed>(
      "UPDATE jobs SET state = 'running', owner = $2, attempt = attempt + 1, fence = fence + 1, started_at = $3 "
      "WHERE id IN (SELECT id FROM jobs WHERE lane = $1 AND state = 'ready' "
      "             AND kind IN (SELECT kind FROM jobs_worker_kinds WHERE worker = $2) ORDER BY rank LIMIT $4) "
      "RETURNING id, kind, payload, lane, parent, lane_limit, attempt, max_attempts, fence, percent, rank, run_at, "
      "trace",
      std::move(shares));
}

// A lane that was looked at goes behind those of its priority that wait, even those that came this very
// instant; without a ready job, or without room, it has no turn until that changes.
Task<void> pass_turns(Transaction& tx, std::vector<LaneTurn> lanes, Instant now) {
  std::vector<std::tuple<std::string, Instant, std::int64_t>> rows;
  rows.reserve(lanes.size());
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

Task<Claim> claim(Transaction& tx, std::int64_t owner, std::int64_t slots, Instant now) {
  Claim claim;
  if (tx.engine() == Engine::postgresql) claim.changed = co_await note_openings(tx);
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
  std::ranges::sort(claim.jobs, {}, [](const Claimed& job) { return std::tie(job.rank, job.id); });
  co_return claim;
}

}  // namespace store
}  // namespace odeon::jobs

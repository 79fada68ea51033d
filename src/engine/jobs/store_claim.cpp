#include "engine/jobs/store_lanes.hpp"
#include "engine/jobs/turns.hpp"

namespace odeon::jobs {

BOOST_DESCRIBE_STRUCT(LaneTurn, (), (lane, turn, priority, room, weight))

namespace store {
namespace {

// Rounds over lanes that hold nothing but jobs of kinds which others handle, before the next claim.
constexpr int kMostLooksInVain = 8;

struct Opening {
  std::string lane;
  Weight weight = Weight::light;
  Instant turn;
  std::int64_t priority = 3;
  std::int64_t max_running = 0;
};
BOOST_DESCRIBE_STRUCT(Opening, (), (lane, weight, turn, priority, max_running))

// PostgreSQL: takes note of the lanes that were to be opened. Another claim that does so at the same time is
// waited for, so that afterwards its lanes are in sight.
Task<bool> note_openings(Transaction& tx) {
  auto openings =
      co_await tx.query<Opening>("DELETE FROM jobs_openings RETURNING lane, weight, turn, priority, max_running");
  if (openings.empty()) co_return false;
  const auto lane_of = [](const Opening& opening) { return std::tie(opening.lane, opening.weight); };
  std::ranges::sort(openings, {}, [](const Opening& o) { return std::tie(o.lane, o.weight, o.turn); });
  const auto repeated = std::ranges::unique(openings, {}, lane_of);
  openings.erase(repeated.begin(), repeated.end());
  std::vector<OpeningRow> rows;
  rows.reserve(openings.size());
  for (auto& opening : openings)
    rows.emplace_back(std::move(opening.lane), opening.weight, opening.turn, opening.priority, opening.max_running);
  set_turns(tx, std::move(rows));
  co_return true;
}

// For a statement that looks for lanes: of each weight as many as there are slots.
std::vector<std::tuple<Weight, std::int64_t>> wanted_lanes(const Slots& slots) {
  std::vector<std::tuple<Weight, std::int64_t>> rows;
  for (const Weight weight : kWeights)
    if (slots[weight] > 0) rows.emplace_back(weight, slots[weight]);
  return rows;
}

// Waits for a lane that others have. Nothing if there is none with a turn.
Task<std::optional<std::vector<LaneTurn>>> wait_for_lane(Transaction& tx, Slots slots) {
  std::vector<std::tuple<Weight>> weights;
  for (const Weight weight : kWeights)
    if (slots[weight] > 0) weights.emplace_back(weight);
  const auto first = co_await tx.query_each<LaneKey>(
      "SELECT lane, weight FROM jobs_lanes WHERE weight = $1 AND turn IS NOT NULL ORDER BY turn LIMIT 1",
      std::move(weights));
  if (first.empty()) co_return std::nullopt;
  co_return co_await tx.query<LaneTurn>(
      "SELECT lane, weight, turn, priority, max_running AS room FROM jobs_lanes "
      "WHERE lane = $1 AND weight = $2 AND turn IS NOT NULL FOR UPDATE",
      first.front().lane, first.front().weight);
}

// PostgreSQL: has these lanes to itself until it commits; what others have is skipped. Waits for one of
// those only while there is nothing else, and if it holds none itself.
Task<std::vector<LaneTurn>> lock_lanes(Transaction& tx, Slots slots, bool holds_none) {
  std::vector<LaneTurn> lanes;
  for (int looks = 0; lanes.empty() && looks < kMostLooksInVain; ++looks) {
    lanes = co_await tx.query_each<LaneTurn>(
        "SELECT lane, weight, turn, priority, max_running AS room FROM jobs_lanes "
        "WHERE weight = $1 AND turn IS NOT NULL ORDER BY turn LIMIT $2 FOR UPDATE SKIP LOCKED",
        wanted_lanes(slots));
    if (!lanes.empty() || !holds_none) break;
    auto one = co_await wait_for_lane(tx, slots);
    if (!one) break;
    lanes = std::move(*one);
  }
  // Only now, for what runs in them does not change any more.
  for (auto& lane : lanes) {
    lane.room = lane.room == 0
                    ? slots[lane.weight]
                    : lane.room - *co_await tx.find<std::int64_t>(
                                      "SELECT count(*) FROM jobs WHERE lane = $1 AND weight = $2 AND state = 'running'",
                                      lane.lane, lane.weight);
  }
  co_return lanes;
}

Task<std::vector<LaneTurn>> next_lanes(Transaction& tx, Slots slots, bool holds_none) {
  if (tx.engine() == Engine::postgresql) co_return co_await lock_lanes(tx, slots, holds_none);
  co_return co_await tx.query_each<LaneTurn>(
      "SELECT lane, weight, turn, priority, CASE WHEN max_running = 0 THEN $2 ELSE max_running - "
      "  (SELECT count(*) FROM jobs WHERE jobs.lane = jobs_lanes.lane AND jobs.weight = jobs_lanes.weight "
      "   AND jobs.state = 'running') END AS room "
      "FROM jobs_lanes WHERE weight = $1 AND turn IS NOT NULL ORDER BY turn LIMIT $2",
      wanted_lanes(slots));
}

using Share = std::tuple<std::string, std::int64_t, Instant, std::int64_t, Weight>;  // lane, owner, now, how many

Task<std::vector<Claimed>> take(Transaction& tx, std::vector<Share> shares) {
  if (tx.engine() == Engine::postgresql)
    co_return co_await tx.query_each<Claimed>(
        "WITH next AS MATERIALIZED (SELECT ctid AS place FROM jobs WHERE lane = $1 AND weight = $5 AND state = 'ready' "
        "  AND kind = ANY (ARRAY(SELECT kind FROM jobs_worker_kinds WHERE worker = $2)) "
        "  ORDER BY rank LIMIT $4 FOR UPDATE SKIP LOCKED) "
        "UPDATE jobs SET state = 'running', owner = $2, attempt = attempt + 1, fence = fence + 1, started_at = $3 "
        "FROM next WHERE jobs.ctid = next.place "  // what is locked stays where it is
        "RETURNING id, kind, weight, payload, lane, parent, lane_limit, attempt, max_attempts, fence, percent, rank, "
        "run_at, trace",
        std::move(shares));
  co_return co_await tx.query_each<Claimed>(
      "UPDATE jobs SET state = 'running', owner = $2, attempt = attempt + 1, fence = fence + 1, started_at = $3 "
      "WHERE rowid IN (SELECT rowid FROM jobs WHERE lane = $1 AND weight = $5 AND state = 'ready' "
      "                AND kind IN (SELECT kind FROM jobs_worker_kinds WHERE worker = $2) ORDER BY rank LIMIT $4) "
      "RETURNING id, kind, weight, payload, lane, parent, lane_limit, attempt, max_attempts, fence, percent, rank, "
      "run_at, trace",
      std::move(shares));
}

// A lane that was looked at goes behind those of its priority that wait, even those that came this very
// instant; without a ready job, or without room, it has no turn until that changes.
void pass_turns(Transaction& tx, std::vector<LaneTurn> lanes, Instant now) {
  std::vector<std::tuple<std::string, Instant, std::int64_t, Weight>> rows;
  rows.reserve(lanes.size());
  for (auto& lane : lanes) rows.emplace_back(std::move(lane.lane), now + Micros(1), ageing.count(), lane.weight);
  tx.execute_later(
      "UPDATE jobs_lanes SET turn = CASE WHEN max_running > 0 AND max_running <= "
      "  (SELECT count(*) FROM jobs WHERE jobs.lane = $1 AND jobs.weight = $4 AND jobs.state = 'running') "
      "  THEN NULL ELSE $2 + $3 * (SELECT jobs.priority FROM jobs WHERE jobs.lane = $1 AND jobs.weight = $4 "
      "                            AND jobs.state = 'ready' ORDER BY rank LIMIT 1) END, "
      "priority = COALESCE((SELECT jobs.priority FROM jobs WHERE jobs.lane = $1 AND jobs.weight = $4 "
      "                     AND jobs.state = 'ready' ORDER BY rank LIMIT 1), priority) "
      "WHERE lane = $1 AND weight = $4",
      std::move(rows));
}

// What one round asks for.
struct Round {
  std::vector<Share> shares;
  std::vector<LaneTurn> passed;
  Slots lanes;  // in sight
  Slots jobs;   // that they have room for
};

Round share_out(std::vector<LaneTurn> lanes, std::int64_t owner, Slots slots, Instant now) {
  Round round;
  for (const Weight weight : kWeights) {
    std::vector<LaneTurn> of;
    for (auto& lane : lanes)
      if (lane.weight == weight) of.push_back(std::move(lane));
    const auto counts = share_turns(of, slots[weight], now, ageing);
    round.lanes[weight] = static_cast<std::int64_t>(of.size());
    for (std::size_t i = 0; i < of.size(); ++i) {
      round.jobs[weight] += counts[i];
      if (counts[i] > 0) round.shares.emplace_back(of[i].lane, owner, now, counts[i], weight);
      // With no share though it has room, it is still this lane's turn.
      if (counts[i] > 0 || of[i].room <= 0) round.passed.push_back(std::move(of[i]));
    }
  }
  return round;
}

}  // namespace

Task<Claim> claim(Transaction& tx, std::int64_t owner, Slots slots, Instant now) {
  Claim claim;
  if (tx.engine() == Engine::postgresql) claim.changed = co_await note_openings(tx);
  ByWeight<int> in_vain;
  bool holds_none = true;
  while (slots.light > 0 || slots.heavy > 0) {
    auto lanes = co_await next_lanes(tx, slots, holds_none);
    if (lanes.empty()) break;
    holds_none = false;
    Round round = share_out(std::move(lanes), owner, slots, now);
    auto taken = co_await take(tx, std::move(round.shares));
    pass_turns(tx, std::move(round.passed), now);
    claim.changed = true;
    for (const Weight weight : kWeights) {
      const std::int64_t count = std::ranges::count(taken, weight, &Claimed::weight);
      const std::int64_t seen = round.lanes[weight], wanted = round.jobs[weight];
      // All there are were in sight, and the only one gave all it has.
      const bool no_more = seen < slots[weight] && (seen == 0 || (seen == 1 && count < wanted));
      const bool vain = wanted > 0 && count == 0 && ++in_vain[weight] == kMostLooksInVain;
      slots[weight] = no_more || vain ? 0 : slots[weight] - count;
    }
    claim.jobs.insert(claim.jobs.end(), std::make_move_iterator(taken.begin()), std::make_move_iterator(taken.end()));
  }
  std::ranges::sort(claim.jobs, {}, [](const Claimed& job) { return std::tie(job.rank, job.id); });
  co_return claim;
}

}  // namespace store
}  // namespace odeon::jobs

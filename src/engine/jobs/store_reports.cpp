#include "engine/jobs/store.hpp"

namespace odeon::jobs::store {
namespace {

// What is known of one job, for people and for the estimate.
struct Look {
  std::string id;
  std::string kind;
  Weight weight = Weight::light;
  State state = State::ready;
  int percent = 0;
  std::string stage;
  std::string message;
  int attempt = 0;
  std::optional<std::string> error;
  std::string lane;
  std::int64_t priority = 3;
  Instant run_at;
  std::optional<Instant> started_at;
  std::optional<std::int64_t> ahead;
  std::optional<double> mean;
};
BOOST_DESCRIBE_STRUCT(Look, (),
                      (id, kind, weight, state, percent, stage, message, attempt, error, lane, priority, run_at,
                       started_at, ahead, mean))

struct Others {
  std::int64_t before = 0;
  std::int64_t slots = 0;
};
BOOST_DESCRIBE_STRUCT(Others, (), (before, slots))

struct Ready {
  Weight weight = Weight::light;
  std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(Ready, (), (weight, count))

Progress shown(Look look) {
  return {.id = std::move(look.id),
          .kind = std::move(look.kind),
          .state = look.state,
          .percent = look.percent,
          .stage = std::move(look.stage),
          .message = std::move(look.message),
          .attempt = look.attempt,
          .error = look.state == State::failed ? std::move(look.error) : std::nullopt};
}

// Jobs of its weight in other lanes that come before one with `ahead` before it in its own: all of those in more
// urgent lanes, as many as its own lane gives meanwhile in lanes like it, and one where the turn is sooner. A
// thousand of a lane stand for all beyond.
Task<Others> others_before(Executor& executor, std::string lane, Weight weight, std::int64_t priority,
                           std::int64_t ahead, Instant now) {
  const auto found = co_await executor.find<Others>(
      "WITH open_lanes (lane, turn, priority) AS ("
      "  SELECT lane, min(turn), min(priority) FROM ("
      "    SELECT lane, turn, priority FROM jobs_lanes WHERE weight = $5 AND turn IS NOT NULL "
      "    UNION ALL SELECT lane, turn, priority FROM jobs_openings WHERE weight = $5) AS opened GROUP BY lane) "
      "SELECT CAST(COALESCE(SUM(CASE WHEN ready < turns THEN ready ELSE turns END), 0) AS BIGINT) AS before, "
      "  (SELECT CAST(COALESCE(SUM(CASE WHEN $5 = 'heavy' THEN heavy_slots ELSE slots END), 0) AS BIGINT) "
      "   FROM jobs_workers WHERE lease_until > $4) AS slots "
      "FROM (SELECT "
      "  (SELECT count(*) FROM (SELECT 1 FROM jobs WHERE jobs.lane = open_lanes.lane AND jobs.weight = $5 "
      "                         AND jobs.state = 'ready' LIMIT 1000) AS found) AS ready, "
      "  CASE WHEN priority < $2 THEN 1000 WHEN priority = $2 THEN $3 ELSE 0 END + "
      "  CASE WHEN turn < (SELECT own.turn FROM open_lanes own WHERE own.lane = $1) THEN 1 ELSE 0 END AS turns "
      "  FROM open_lanes WHERE lane <> $1) AS others",
      std::move(lane), priority, ahead, now, weight);
  co_return found.value();
}

double seconds(double micros) {
  return micros / 1e6;
}

double micros_left(Micros span) {
  return std::max(0.0, static_cast<double>(span.count()));
}

}  // namespace

Task<void> note_durations(Executor& executor, std::vector<DurationNote> notes) {
  std::vector<std::tuple<std::string, double, std::int64_t>> rows;
  for (auto& note : notes) rows.emplace_back(std::move(note.kind), note.mean, note.samples);
  co_await executor.execute_each(
      "INSERT INTO jobs_durations (kind, mean, samples) VALUES ($1, $2, $3) ON CONFLICT (kind) DO UPDATE SET "
      "  mean = jobs_durations.mean + (excluded.mean - jobs_durations.mean) * "
      "    excluded.samples / (excluded.samples + CASE WHEN jobs_durations.samples < 10 THEN jobs_durations.samples "
      "                                                ELSE 10 END), "
      "  samples = jobs_durations.samples + excluded.samples",
      std::move(rows));
}

Task<std::optional<Progress>> progress(Executor& executor, std::string id, Instant now) {
  auto look = co_await executor.find<Look>(
      "SELECT jobs.id AS id, jobs.kind AS kind, weight, state, percent, stage, message, attempt, error, lane, "
      "priority, "
      "  run_at, started_at, mean, CASE WHEN state = 'ready' THEN (SELECT count(*) FROM jobs AS fore "
      "    WHERE fore.lane = jobs.lane AND fore.weight = jobs.weight AND fore.state = 'ready' "
      "    AND fore.rank < jobs.rank) END AS ahead "
      "FROM jobs LEFT JOIN jobs_durations ON jobs_durations.kind = jobs.kind WHERE jobs.id = $1",
      std::move(id));
  if (!look) co_return std::nullopt;
  const auto mean = look->mean;
  std::optional<double> left;
  std::optional<std::int64_t> position;
  if (look->state == State::ready && look->ahead) {
    const Others others = co_await others_before(executor, look->lane, look->weight, look->priority, *look->ahead, now);
    position = 1 + *look->ahead + others.before;
    // Without a worker nobody can tell when it will be done.
    if (mean && others.slots > 0) left = *mean * static_cast<double>((*position + others.slots - 1) / others.slots);
  } else if (look->state == State::running && mean && look->started_at) {
    left = look->percent > 0 ? *mean * (100 - look->percent) / 100
                             : micros_left(Micros(static_cast<std::int64_t>(*mean)) - (now - *look->started_at));
  } else if (look->state == State::scheduled && mean) {
    left = micros_left(look->run_at - now) + *mean;
  }
  Progress report = shown(std::move(*look));
  report.queue_position = position;
  if (left) report.estimated_seconds = seconds(*left);
  co_return report;
}

Task<std::vector<Progress>> children(Executor& executor, std::string parent) {
  const auto looks = co_await executor.query<Look>(
      "SELECT id, kind, weight, state, percent, stage, message, attempt, error, lane, priority, run_at, started_at, "
      "  NULL AS ahead, NULL AS mean FROM jobs WHERE parent = $1 ORDER BY id",
      std::move(parent));
  std::vector<Progress> reports;
  for (const auto& look : looks) reports.push_back(shown(look));
  co_return reports;
}

Task<std::vector<Progress>> failed(Executor& executor, std::size_t limit) {
  const auto looks = co_await executor.query<Look>(
      "SELECT id, kind, weight, state, percent, stage, message, attempt, error, lane, priority, run_at, started_at, "
      "  NULL AS ahead, NULL AS mean FROM jobs WHERE state = 'failed' ORDER BY ended_at DESC LIMIT $1",
      limit);
  std::vector<Progress> reports;
  for (const auto& look : looks) reports.push_back(shown(look));
  co_return reports;
}

Task<std::vector<JobShown>> jobs_shown(Executor& executor, JobFilter filter) {
  return executor.query<JobShown>(
      "SELECT id, kind, weight, state, lane, attempt, max_attempts, percent, stage, error, run_at, started_at, "
      "ended_at, "
      "parent "
      "FROM jobs WHERE ($1 = '' OR state = $1) AND ($2 = '' OR kind = $2) ORDER BY id DESC LIMIT $3",
      filter.state, filter.kind, filter.limit);
}

Task<std::optional<JobShown>> job_shown(Executor& executor, std::string id) {
  return executor.find<JobShown>(
      "SELECT id, kind, weight, state, lane, attempt, max_attempts, percent, stage, error, run_at, started_at, "
      "ended_at, "
      "parent "
      "FROM jobs WHERE id = $1",
      id);
}

Task<ByWeight<std::int64_t>> count_ready(Executor& executor) {
  ByWeight<std::int64_t> counts;
  for (const auto& row : co_await executor.query<Ready>(
           "SELECT weight, COUNT(*) AS count FROM jobs WHERE state = 'ready' GROUP BY weight"))
    counts[row.weight] = row.count;
  co_return counts;
}

}  // namespace odeon::jobs::store

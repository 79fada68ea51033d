// All SQL of the queue, as one function an act. What changes a running job asks for its fence, so who
// lost the job changes nothing. The caller owns the transaction, wakes workers and tells watchers.
//
// store.cpp holds the life of a job, store_lanes.cpp and store_claim.cpp whose turn it is, store_workers.cpp
// leases and schedules, store_reports.cpp what people look at.
//
// SQLite has one writer at a time. On PostgreSQL who changes several rows locks jobs in the order of their
// ids, then lanes; what is called "now" is looked at after the lock, so transactions that claim, settle or
// tidy want Isolation::statement.
#pragma once

#include <string>
#include <vector>

#include "engine/jobs/queue.hpp"

namespace odeon::jobs::store {

using database::Engine;
using database::Executor;
using database::Transaction;

// A step of priority is worth this much waiting: a job of priority 4 goes before one of priority 3 that
// came a minute later.
inline constexpr Micros ageing = std::chrono::seconds(60);
inline Instant rank_of(Instant run_at, std::int64_t priority) {
  return run_at + priority * ageing;
}

// ---- the life of a job ---------------------------------------------------------------------------

// Jobs that are enqueued together.
struct NewJobs {
  std::string kind;
  Weight weight = Weight::light;
  State state = State::ready;
  std::string lane;
  std::int64_t lane_limit = 0;
  std::int64_t priority = 3;
  Instant run_at;
  std::int64_t max_attempts = 5;
  std::optional<std::string> parent;
  std::optional<std::string> trace;  // a traceparent
  std::vector<std::string> ids;
  std::vector<std::string> payloads;
  std::vector<std::string> idempotency_keys;  // of all or of none
};
// In order; not fresh where the key was known. Ready ones are not claimable before `open_lanes`.
Task<std::vector<Enqueued>> insert(Transaction& tx, NewJobs jobs);

// One holder's hold on a running job.
struct Hold {
  std::string id;
  std::int64_t fence = 0;
};
struct ProgressNote {
  Hold hold;
  std::int64_t percent = 0;
  std::string stage;
  std::string message;
};
// Each returns how many of the holds still stood.
Task<std::int64_t> note_progress(Executor& executor, std::vector<ProgressNote> notes);
Task<std::int64_t> complete(Transaction& tx, std::vector<Hold> holds, Instant now);
Task<std::int64_t> fail(Transaction& tx, Hold hold, std::string error, Instant now);
Task<std::int64_t> wait_for_children(Transaction& tx, Hold hold, Instant now);
struct Retry {
  Hold hold;
  Instant run_at;
  std::string error;
};
Task<std::int64_t> retry_later(Transaction& tx, std::vector<Retry> retries);
// Hands back what `owner` still runs, as if it had never been tried. Returns how many.
Task<std::int64_t> release_all(Transaction& tx, std::int64_t owner, Instant now);
Task<bool> release(Transaction& tx, Hold hold, Instant now);

struct Cancelled {
  std::string id;
  std::string kind;
  std::string payload;
  std::string lane;
  Weight weight = Weight::light;
  std::optional<std::string> parent;
};
BOOST_DESCRIBE_STRUCT(Cancelled, (), (id, kind, payload, lane, weight, parent))
// `id` and its children, down to the last; nothing if `id` has ended or is unknown.
Task<std::vector<Cancelled>> cancel(Transaction& tx, std::string id, Instant now);
// Of kinds that start with `kinds`: the ids of those that have not ended.
Task<std::vector<std::string>> open_in_lane(Executor& executor, std::string lane, std::string kinds);
// Likewise, deletes those that have. Returns how many.
Task<std::int64_t> forget_lane(Executor& executor, std::string lane, std::string kinds);
Task<bool> retry_failed(Transaction& tx, std::string id, Instant now);
// Makes waiting parents ready of whom no child is left to wait for. Returns how many.
Task<std::int64_t> settle_parents(Transaction& tx, std::vector<std::string> parents, Instant now);
// Deletes up to `most`. Returns how many.
Task<std::int64_t> prune(Executor& executor, Instant before, std::int64_t most);

// ---- whose turn it is ----------------------------------------------------------------------------

// Where a job became ready.
struct Place {
  std::string lane;
  Weight weight = Weight::light;
  std::int64_t lane_limit = 0;
  std::int64_t priority = 3;
};
BOOST_DESCRIBE_STRUCT(Place, (), (lane, weight, lane_limit, priority))
void open_lanes(Transaction& tx, std::vector<Place> places, Instant now);
// A lane has its turns for each weight by itself.
struct LaneKey {
  std::string lane;
  Weight weight = Weight::light;
  auto operator<=>(const LaneKey&) const = default;
};
BOOST_DESCRIBE_STRUCT(LaneKey, (), (lane, weight))
// After jobs of lanes with a limit ended: opens those that have ready jobs.
void reopen_lanes(Transaction& tx, std::vector<LaneKey> lanes, Instant now);

struct Claimed {
  std::string id;
  std::string kind;
  Weight weight = Weight::light;
  std::string payload;
  std::string lane;
  std::optional<std::string> parent;
  std::int64_t lane_limit = 0;
  std::int64_t attempt = 0;
  std::int64_t max_attempts = 0;
  std::int64_t fence = 0;
  std::int64_t percent = 0;
  Instant rank;
  Instant run_at;
  std::optional<std::string> trace;
};
BOOST_DESCRIBE_STRUCT(Claimed, (),
                      (id, kind, weight, payload, lane, parent, lane_limit, attempt, max_attempts, fence, percent, rank,
                       run_at, trace))
struct Claim {
  std::vector<Claimed> jobs;
  bool changed = false;  // whether there is anything to commit
};
using Slots = ByWeight<std::int64_t>;
// Of each weight up to `slots` jobs of the kinds that `owner` handles, lanes taking turns, for `owner` to run.
Task<Claim> claim(Transaction& tx, std::int64_t owner, Slots slots, Instant now);

// ---- leases, due and abandoned jobs, schedules ---------------------------------------------------

Task<void> enter_worker(Transaction& tx, std::int64_t id, Slots slots, std::vector<std::string> kinds,
                        Instant lease_until);
// False once the worker was declared dead.
Task<bool> renew_lease(Executor& executor, std::int64_t id, Instant lease_until);
Task<void> remove_worker(Transaction& tx, std::int64_t id);
struct Running {
  std::string id;
  std::int64_t fence = 0;
};
BOOST_DESCRIBE_STRUCT(Running, (), (id, fence))
Task<std::vector<Running>> running_of(Executor& executor, std::int64_t owner);

// What there is to tidy up: a cheap look.
struct Chores {
  std::optional<Instant> next_due;
  std::int64_t dead_workers = 0;
  std::int64_t abandoned = 0;
  std::int64_t idle_lanes = 0;
};
BOOST_DESCRIBE_STRUCT(Chores, (), (next_due, dead_workers, abandoned, idle_lanes))
Task<Chores> chores(Executor& executor, Instant now);
// Makes due jobs ready and parents whose children all ended; at most `most`. Returns how many.
Task<std::int64_t> ready_due(Transaction& tx, Instant now, std::int64_t most);
// Removes workers whose lease ran out, and makes their jobs ready again; returns the jobs that were
// interrupted in their last attempt, which are to fail.
struct Exhausted {
  std::string id;
  std::string kind;
  std::string payload;
  std::string lane;
  Weight weight = Weight::light;
  std::optional<std::string> parent;
  std::int64_t fence = 0;
};
BOOST_DESCRIBE_STRUCT(Exhausted, (), (id, kind, payload, lane, weight, parent, fence))
Task<std::vector<Exhausted>> bury_workers(Transaction& tx, Instant now);
// Forgets empty lanes and opens those that were left closed with room and ready jobs.
Task<void> tidy_lanes(Transaction& tx, Instant now);

// When schedule `name` fired last; from now on, if it is new.
Task<Instant> last_fired(Executor& executor, std::string name, Instant now);
// True for one caller only of those that saw `last`.
Task<bool> fire(Transaction& tx, std::string name, Instant last, Instant now);

// ---- what people look at -------------------------------------------------------------------------

struct DurationNote {
  std::string kind;
  double mean = 0;  // microseconds
  std::int64_t samples = 0;
};
Task<void> note_durations(Executor& executor, std::vector<DurationNote> notes);
Task<std::optional<Progress>> progress(Executor& executor, std::string id, Instant now);
Task<std::vector<Progress>> children(Executor& executor, std::string parent);
Task<std::vector<Progress>> failed(Executor& executor, std::size_t limit);
Task<std::vector<JobShown>> jobs_shown(Executor& executor, JobFilter filter);
Task<std::optional<JobShown>> job_shown(Executor& executor, std::string id);
Task<ByWeight<std::int64_t>> count_ready(Executor& executor);

}  // namespace odeon::jobs::store

// Random acts of workers, people and time, against a model that a reader can hold in the head.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/jobs/fixture_test.hpp"
#include "engine/jobs/store.hpp"

namespace odeon::jobs {
namespace {

using namespace std::chrono_literals;

struct ModelJob {
  Weight weight = Weight::light;
  State state = State::ready;
  std::string lane;
  std::string parent;
  Instant run_at;
  int attempt = 0;
  int max_attempts = 1;
  int owner = 0;
  std::int64_t fence = 0;
  std::vector<std::int64_t> old_fences;

  bool ended() const { return state == State::completed || state == State::failed || state == State::cancelled; }
};

struct Row {
  std::string id;
  State state = State::ready;
  int attempt = 0;
  std::int64_t fence = 0;
  std::optional<std::int64_t> owner;
};
BOOST_DESCRIBE_STRUCT(Row, (), (id, state, attempt, fence, owner))

int limit_of(const std::string& lane) {
  return lane == "a" ? 1 : lane == "b" ? 2 : 0;
}

struct Play {
  Kitchen& kitchen;
  std::map<std::string, ModelJob> jobs;
  std::set<int> alive;
  int next_worker = 1;

  Instant now() const { return kitchen.clock.now(); }

  int running_in(const std::string& lane, Weight weight) const {
    int count = 0;
    for (const auto& [id, job] : jobs) count += job.lane == lane && job.weight == weight && job.state == State::running;
    return count;
  }

  void settle(const std::string& parent) {
    const auto found = jobs.find(parent);
    if (found == jobs.end() || found->second.state != State::waiting) return;
    for (const auto& [id, job] : jobs)
      if (job.parent == parent && !job.ended()) return;
    found->second.state = State::ready;
  }

  // A random job for which `fits`; nothing if there is none.
  std::optional<std::string> pick(std::function<bool(const ModelJob&)> fits) const {
    std::vector<std::string> ids;
    for (const auto& [id, job] : jobs)
      if (fits(job)) ids.push_back(id);
    if (ids.empty()) return std::nullopt;
    return ids[*rc::gen::inRange<std::size_t>(0, ids.size())];
  }
  static bool runs(const ModelJob& job) { return job.state == State::running; }

  Task<void> enqueue(database::Transaction& tx) {
    ModelJob job;
    job.lane = std::string(1, "abc"[*rc::gen::inRange(0, 3)]);
    job.max_attempts = *rc::gen::inRange(1, 4);
    const bool later = *rc::gen::inRange(0, 4) == 0;
    job.run_at = now() + (later ? std::chrono::seconds(*rc::gen::inRange(1, 120)) : 0s);
    job.state = later ? State::scheduled : State::ready;
    if (const auto parent = pick(runs); parent && *rc::gen::arbitrary<bool>()) job.parent = *parent;
    EnqueueOptions options{.priority = *rc::gen::inRange(1, 10),
                           .lane = job.lane,
                           .lane_limit = limit_of(job.lane),
                           .run_at = job.run_at,
                           .max_attempts = job.max_attempts,
                           .parent = job.parent};
    job.weight = *rc::gen::element(Weight::light, Weight::heavy);
    const auto enqueued = job.weight == Weight::light ? co_await kitchen.queue.enqueue(tx, Bake{"cake"}, options)
                                                      : co_await kitchen.queue.enqueue(tx, Roast{"duck"}, options);
    jobs[enqueued.id] = job;
  }

  Task<void> claim(database::Transaction& tx) {
    if (alive.empty() || *rc::gen::inRange(0, 4) == 0) {
      co_await store::enter_worker(tx, next_worker, {4, 4}, {"kitchen.bake", "kitchen.roast"}, now() + 30s);
      alive.insert(next_worker++);
    }
    const int owner = *alive.rbegin();
    store::Slots slots{*rc::gen::inRange(0, 5), *rc::gen::inRange(0, 5)};
    const auto claimed = (co_await store::claim(tx, owner, slots, now())).jobs;
    for (const auto& claim : claimed) {
      ModelJob& job = jobs.at(claim.id);
      RC_ASSERT(job.state == State::ready);
      RC_ASSERT(claim.weight == job.weight);
      RC_ASSERT(--slots[job.weight] >= 0);
      RC_ASSERT(claim.fence == job.fence + 1);
      job.old_fences.push_back(job.fence);
      job.state = State::running;
      job.owner = owner;
      job.fence = claim.fence;
      RC_ASSERT(claim.attempt == ++job.attempt);
      RC_ASSERT(job.attempt <= job.max_attempts);
    }
    for (const auto* lane : {"a", "b"})
      for (const auto weight : kWeights) RC_ASSERT(running_in(lane, weight) <= limit_of(lane));
    // A free slot means that there was nothing to claim.
    for (const auto& [id, job] : jobs)
      RC_ASSERT(job.state != State::ready || slots[job.weight] == 0 ||
                (limit_of(job.lane) > 0 && running_in(job.lane, job.weight) == limit_of(job.lane)));
  }

  Task<void> end(database::Transaction& tx, int how) {
    const auto id = pick(runs);
    if (!id) co_return;
    ModelJob& job = jobs[*id];
    const store::Hold hold{*id, job.fence};
    job.owner = 0;
    if (how == 0) {
      RC_ASSERT(co_await store::complete(tx, {hold}, now()) == 1);
      job.state = State::completed;
    } else if (how == 1) {
      RC_ASSERT(co_await store::fail(tx, hold, "burnt", now()) == 1);
      job.state = State::failed;
    } else if (how == 2 && job.attempt < job.max_attempts) {
      job.run_at = now() + std::chrono::seconds(*rc::gen::inRange(1, 60));
      RC_ASSERT(co_await store::retry_later(tx, {{hold, job.run_at, "burnt"}}) == 1);
      job.state = State::scheduled;
    } else if (how == 3) {
      RC_ASSERT(co_await store::wait_for_children(tx, hold, now()) == 1);
      job.state = State::waiting;
      --job.attempt;
      co_await store::settle_parents(tx, {*id}, now());
      settle(*id);
    } else {
      RC_ASSERT(co_await store::release(tx, hold, now()));
      job.state = State::ready;
      --job.attempt;
    }
    store::reopen_lanes(tx, {{job.lane, job.weight}}, now());
    if (job.ended() && !job.parent.empty()) {
      co_await store::settle_parents(tx, {job.parent}, now());
      settle(job.parent);
    }
  }

  // Somebody who once held a job, or never did, tries all there is.
  Task<void> meddle(database::Transaction& tx) {
    const auto id = pick([](const ModelJob& job) { return !job.old_fences.empty(); });
    if (!id) co_return;
    const ModelJob& job = jobs[*id];
    const auto fence = runs(job) ? job.old_fences[*rc::gen::inRange<std::size_t>(0, job.old_fences.size())] : job.fence;
    const store::Hold hold{*id, fence};
    RC_ASSERT(co_await store::note_progress(tx, {{hold, 99, "late", "Late"}}) == 0);
    RC_ASSERT(co_await store::complete(tx, {hold}, now()) == 0);
    RC_ASSERT(co_await store::fail(tx, hold, "late", now()) == 0);
    RC_ASSERT(co_await store::retry_later(tx, {{hold, now(), "late"}}) == 0);
    RC_ASSERT(co_await store::wait_for_children(tx, hold, now()) == 0);
    RC_ASSERT(!co_await store::release(tx, hold, now()));
  }

  void cancel_in_model(const std::string& id) {
    ModelJob& job = jobs[id];
    if (!job.ended()) {
      job.state = State::cancelled;
      job.owner = 0;
    }
    for (auto& [child, one] : jobs)
      if (one.parent == id) cancel_in_model(child);
  }

  void cancel() {
    const auto id = pick([](const ModelJob&) { return true; });
    if (!id) return;
    const bool lives = !jobs[*id].ended();
    RC_ASSERT(run_task(kitchen.queue.cancel(*id)) == lives);
    if (!lives) return;
    cancel_in_model(*id);
    settle(jobs[*id].parent);
  }

  void retry() {
    const auto id = pick([](const ModelJob& job) { return job.ended(); });
    if (!id) return;
    ModelJob& job = jobs[*id];
    RC_ASSERT(run_task(kitchen.queue.retry(*id)) == (job.state == State::failed));
    if (job.state != State::failed) return;
    job.state = State::ready;
    job.attempt = 0;
  }

  Task<void> pass_time(database::Transaction& tx) {
    kitchen.clock.advance(std::chrono::seconds(*rc::gen::inRange(1, 60)));
    co_await store::ready_due(tx, now(), 1000);
    for (auto& [id, job] : jobs)
      if (job.state == State::scheduled && job.run_at <= now()) job.state = State::ready;
    if (*rc::gen::arbitrary<bool>()) co_await store::tidy_lanes(tx, now());
  }

  Task<void> kill(database::Transaction& tx) {
    if (alive.empty()) co_return;
    const int victim = *alive.begin();
    alive.erase(victim);
    co_await tx.execute("UPDATE jobs_workers SET lease_until = $2 WHERE id <> $1", victim, now() + 30s);
    co_await tx.execute("UPDATE jobs_workers SET lease_until = $2 WHERE id = $1", victim, now());
    const auto exhausted = co_await store::bury_workers(tx, now());
    for (const auto& dead : exhausted) {
      RC_ASSERT(jobs.at(dead.id).owner == victim && jobs[dead.id].attempt == jobs[dead.id].max_attempts);
      RC_ASSERT(co_await store::fail(tx, {dead.id, dead.fence}, "interrupted", now()) == 1);
      jobs[dead.id].state = State::failed;
      store::reopen_lanes(tx, {{dead.lane, dead.weight}}, now());
    }
    for (auto& [id, job] : jobs) {
      if (job.owner != victim) continue;
      job.owner = 0;
      if (job.state == State::running) job.state = State::ready;
    }
    for (const auto& dead : exhausted) {
      if (!dead.parent) continue;
      co_await store::settle_parents(tx, {*dead.parent}, now());
      settle(*dead.parent);
    }
  }

  Task<void> in_transaction(int act) {
    auto tx = co_await kitchen.db->begin();
    if (act < 4)
      co_await enqueue(*tx);
    else if (act < 7)
      co_await claim(*tx);
    else if (act < 12)
      co_await end(*tx, act - 7);
    else if (act == 12)
      co_await meddle(*tx);
    else if (act == 13)
      co_await pass_time(*tx);
    else
      co_await kill(*tx);
    co_await tx->commit();
  }

  Task<void> compare() {
    const auto rows = co_await kitchen.db->query<Row>("SELECT id, state, attempt, fence, owner FROM jobs");
    RC_ASSERT(rows.size() == jobs.size());
    for (const auto& row : rows) {
      const ModelJob& job = jobs.at(row.id);
      RC_ASSERT(row.state == job.state);
      RC_ASSERT(row.attempt == job.attempt);
      RC_ASSERT(row.fence == job.fence);
      RC_ASSERT(row.owner.value_or(0) == job.owner);
    }
  }
};

RC_GTEST_PROP(StateMachineProperty, DoesWhatTheModelDoes, ()) {
  static Kitchen kitchen;
  run_task([](Kitchen& kitchen) -> Task<> {
    auto tx = co_await kitchen.db->begin();
    co_await tx->script(
        "DELETE FROM jobs; DELETE FROM jobs_lanes; DELETE FROM jobs_openings; DELETE FROM jobs_workers; DELETE FROM "
        "jobs_worker_kinds");
    co_await tx->commit();
  }(kitchen));
  Play play{kitchen};
  for (const int act : *rc::gen::container<std::vector<int>>(40, rc::gen::inRange(0, 17))) {
    if (act == 15)
      play.cancel();
    else if (act == 16)
      play.retry();
    else
      run_task(play.in_transaction(act));
    run_task(play.compare());
  }
}

}  // namespace
}  // namespace odeon::jobs

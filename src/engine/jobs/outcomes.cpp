#include "engine/jobs/backoff.hpp"
#include "engine/jobs/worker_state.hpp"

namespace odeon::jobs {
namespace {

// What a failure means: whether to try again, and what to tell people.
struct Verdict {
  bool may_pass = true;
  std::string error = "Something went wrong on our side.";
  Micros at_least{0};
};

Verdict verdict_on(std::exception_ptr failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    return {error.may_pass(), error.message, error.retry_after.value_or(std::chrono::seconds(0))};
  } catch (...) {
    return {};
  }
}

// A stable word: what went wrong in particular may be about somebody.
std::string code_of(std::exception_ptr failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    return error.code;
  } catch (const boost::system::system_error& error) {
    return error.code() == asio::error::operation_aborted ? "CANCELLED" : "INTERNAL_ERROR";
  } catch (...) {
    return "INTERNAL_ERROR";
  }
}

template <class T>
void append(std::vector<T>& to, std::vector<T> from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

void Worker::State::Outcomes::put_back(Outcomes earlier) {
  std::swap(*this, earlier);
  append(notes, std::move(earlier.notes));
  append(completed, std::move(earlier.completed));
  append(retries, std::move(earlier.retries));
  append(parents, std::move(earlier.parents));
  append(lanes, std::move(earlier.lanes));
  append(changed, std::move(earlier.changed));
}

void Worker::State::ended(std::shared_ptr<RunningJob> job, std::exception_ptr failure) {
  running.erase(job);
  const store::Claimed& claim = job->claim();
  count(claim.weight, -1);
  const Micros duration = clock.now() - job->begun();
  Kind& kind = kinds.at(claim.kind);
  kind.seconds.observe(std::chrono::duration<double>(duration).count());
  const bool completed =
      job->hold() == RunningJob::Hold::completed || (job->hold() == RunningJob::Hold::kept && !failure);
  trace(*job, completed ? nullptr : failure);
  if (completed) {
    kind.completed.add();
    Taken& sum = taken[claim.kind];
    sum.micros += static_cast<double>(duration.count());
    ++sum.samples;
  }
  switch (job->hold()) {
    case RunningJob::Hold::kept:
      if (!failure) {
        if (auto note = job->unsaved(Instant::max())) outcomes.notes.push_back(*std::move(note));
        outcomes.completed.push_back(job->key());
        if (claim.parent) outcomes.parents.push_back(*claim.parent);
        if (claim.lane_limit > 0) outcomes.lanes.push_back({claim.lane, claim.weight});
        outcomes.changed.push_back(claim.id);
      } else if (!stopping) {
        judge(*job, failure);
      }
      break;  // while stopping, what did not finish is handed back with all the rest
    case RunningJob::Hold::waiting:
      outcomes.parents.push_back(claim.id);
      break;
    case RunningJob::Hold::completed:
      if (failure) log.warning("jobs.failed_after_completion", {{"id", claim.id}, {"error", describe(failure)}});
      break;
    case RunningJob::Hold::lost:
      log.info("jobs.lost", {{"id", claim.id}, {"kind", claim.kind}});
      break;
  }
  bell->ring();
  if (stopping) all_done->ring();
}

// Named as OpenTelemetry names what takes messages from queues.
void Worker::State::trace(const RunningJob& job, std::exception_ptr failure) {
  if (!spans.wants(job.trace())) return;
  const store::Claimed& claim = job.claim();
  const auto parent = TraceContext::parse(claim.trace.value_or(""));
  Span span{.context = job.trace(),
            .parent = parent ? parent->span : 0,
            .name = "process " + claim.kind,
            .kind = Span::Kind::consumer,
            .start = job.begun(),
            .end = clock.now(),
            .attributes = {{"messaging.system", "odeon"},
                           {"messaging.operation.name", "process"},
                           {"messaging.operation.type", "process"},
                           {"messaging.destination.name", claim.kind},
                           {"messaging.message.id", claim.id},
                           {"odeon.job.attempt", claim.attempt}},
            .failed = failure != nullptr};
  if (failure) span.attributes.emplace_back("error.type", code_of(failure));
  spans.end(std::move(span));
}

void Worker::State::judge(const RunningJob& job, std::exception_ptr failure) {
  const store::Claimed& claim = job.claim();
  Kind& kind = kinds.at(claim.kind);
  Verdict verdict = verdict_on(failure);
  const bool again = verdict.may_pass && claim.attempt < claim.max_attempts;
  log.write(again ? Log::Level::warning : Log::Level::error, again ? "jobs.retried" : "jobs.failed",
            {{"id", claim.id},
             {"kind", claim.kind},
             {"attempt", claim.attempt},
             {"trace_id", job.trace().trace_id()},
             {"error", describe(failure)}});
  if (!again) {
    give_up(claim, std::move(verdict.error));
    return;
  }
  kind.retried.add();
  const double unit = std::uniform_real_distribution<double>()(random);
  const Instant run_at = clock.now() + std::max(backoff(options.backoff, claim.attempt, unit), verdict.at_least);
  outcomes.retries.push_back({job.key(), run_at, std::move(verdict.error)});
  if (claim.lane_limit > 0) outcomes.lanes.push_back({claim.lane, claim.weight});
  outcomes.changed.push_back(claim.id);
}

void Worker::State::give_up(const store::Claimed& claim, std::string error) {
  failures.push_back({{claim.id, claim.kind, claim.payload, claim.lane, claim.weight, claim.parent, claim.fence},
                      std::move(error),
                      Instant()});
}

Task<void> Worker::State::write(database::Transaction& transaction, Outcomes ending, Instant now) {
  if (!ending.notes.empty()) co_await store::note_progress(transaction, std::move(ending.notes));
  if (!ending.completed.empty()) co_await store::complete(transaction, std::move(ending.completed), now);
  if (!ending.retries.empty()) co_await store::retry_later(transaction, std::move(ending.retries));
  if (!ending.parents.empty()) co_await store::settle_parents(transaction, std::move(ending.parents), now);
  if (!ending.lanes.empty()) store::reopen_lanes(transaction, std::move(ending.lanes), now);
}

void Worker::State::announce(const Outcomes& ending) {
  for (const auto& id : ending.changed) core->changed(id);
  for (const auto& id : ending.parents) core->changed(id);
}

// Together if possible; else each on its own, so that one which cannot be written holds up no other.
Task<void> Worker::State::write_failures() {
  std::vector<Failure> due;
  for (auto& failure : std::exchange(failures, {})) {
    const bool now = stopping || failure.not_before <= clock.now();
    (now ? due : failures).push_back(std::move(failure));
  }
  if (due.empty() || co_await fail_together(due)) co_return;
  for (auto& failure : due) {
    if (due.size() > 1 && co_await fail_together({failure})) continue;
    failure.not_before = clock.now() + options.poll;
    look_by(failure.not_before);
    failures.push_back(std::move(failure));
  }
}

// False if it must be tried again: the database is away, or what is called when a job ends fails. Then no
// job is over, for nobody would make up for the call.
Task<bool> Worker::State::fail_together(std::vector<Failure> some) {
  const Instant now = clock.now();
  std::vector<std::string> parents;
  std::vector<store::LaneKey> lanes;
  std::vector<const store::Exhausted*> ended;
  std::exception_ptr fault;
  try {
    auto tx = co_await core->database.begin(database::Isolation::statement);
    for (const auto& [job, error, not_before] : some) {
      if (co_await store::fail(*tx, {job.id, job.fence}, error, now) == 0) continue;
      co_await core->ended_badly(*tx, job.kind, job.payload, error);
      if (job.parent) parents.push_back(*job.parent);
      lanes.push_back({job.lane, job.weight});
      ended.push_back(&job);
    }
    co_await store::settle_parents(*tx, parents, now);
    store::reopen_lanes(*tx, lanes, now);
    core->wake_for(*tx, std::nullopt);
    co_await tx->commit();
  } catch (...) {
    fault = std::current_exception();
  }
  if (fault) {
    log.error("jobs.failures_not_written",
              {{"jobs", some.size()}, {"first", some.front().job.id}, {"error", describe(fault)}});
    co_return false;
  }
  for (const auto* job : ended) {
    core->changed(job->id);
    if (const auto kind = kinds.find(job->kind); kind != kinds.end()) kind->second.failed.add();
  }
  for (const auto& id : parents) core->changed(id);
  co_return true;
}

}  // namespace odeon::jobs

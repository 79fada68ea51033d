// A claimed job in its handler's hands, and what the worker must know of it.
#pragma once

#include <boost/asio/cancellation_signal.hpp>

#include "engine/jobs/store.hpp"
#include "engine/jobs/worker.hpp"

namespace odeon::jobs {

// Lives on the worker's loop.
class RunningJob final : public Job, public std::enable_shared_from_this<RunningJob> {
 public:
  // Asks the worker to look at its jobs, not before `when`.
  using Remind = std::function<void(Instant when)>;
  enum class Hold {
    kept,
    completed,  // by the handler, in its own transaction
    waiting,    // for its children
    lost,       // to a cancellation or to another worker
  };

  RunningJob(database::Database& database, coordination::Coordination& coordination, Clock& clock, store::Claimed claim,
             TraceContext trace, Remind remind);

  const std::string& id() const override { return claim_.id; }
  int attempt() const override { return static_cast<int>(claim_.attempt); }
  const TraceContext& trace() const override { return trace_; }
  Task<void> progress(int percent, std::string stage, std::string message) override;
  Task<void> complete(database::Transaction& transaction) override;
  Task<void> wait_for_children(database::Transaction& transaction) override;
  Task<std::vector<Progress>> children() override;

  const store::Claimed& claim() const { return claim_; }
  store::Hold key() const { return {claim_.id, claim_.fence}; }
  Hold hold() const { return hold_; }
  // Whether the handler has begun to give the job back in a transaction of its own.
  bool changing_hands() const { return changing_hands_; }
  Instant begun() const { return begun_; }
  // The job is someone else's now: the handler is cancelled and may change nothing any more.
  void lose();
  void cancel_handler();
  asio::cancellation_slot slot() { return signal_.slot(); }
  // Progress that was not stored yet, if its time has come; it counts as stored from here on.
  std::optional<store::ProgressNote> unsaved(Instant due_at);

 private:
  [[noreturn]] void refuse();
  Task<void> save(database::Executor& executor);
  void after_commit(database::Transaction& transaction, Hold hold);

  database::Database& database_;
  coordination::Coordination& coordination_;
  Clock& clock_;
  store::Claimed claim_;
  TraceContext trace_;
  Remind remind_;
  asio::cancellation_signal signal_;
  Instant begun_;
  Hold hold_ = Hold::kept;
  bool changing_hands_ = false;

  int percent_ = 0;
  std::string stage_;
  std::string message_;
  bool unsaved_ = false;
  Instant next_save_;
};

}  // namespace odeon::jobs

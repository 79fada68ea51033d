#include "engine/database/sqlite_writer.hpp"

#include "base/threads.hpp"
#include "engine/database/sqlite_errors.hpp"

namespace odeon::database::sqlite {
namespace {

using std::chrono::steady_clock;
// How long a transaction may think while others wait for its COMMIT: as long as a COMMIT takes, within these.
constexpr auto kLeastPatience = std::chrono::microseconds(500);
constexpr auto kMostPatience = std::chrono::milliseconds(5);
constexpr auto kGroupAge = std::chrono::milliseconds(5);  // how long an acknowledgement may be held back
constexpr std::size_t kGroupSize = 1024;

thread_local const Writer* writing_here = nullptr;

std::exception_ptr closed() {
  return std::make_exception_ptr(unavailable("the database is closed"));
}

}  // namespace

Writer::Writer(const std::string& path, std::uint64_t max_bytes)
    : connection_(std::in_place, path, Connection::Mode::write, max_bytes), thread_([this] { work(); }) {}

// ---- any thread ----------------------------------------------------------------------------------

void Writer::submit(Request& request) {
  if (writing_here == this) return refuse(request);
  {
    std::lock_guard lock(mutex_);
    if (!stopping_) {
      for (auto& call : request.with_commit) request.followed |= call();
      if (request.scope && request.scope == current_)
        turn_ = &request;
      else
        waiting_.push_back(&request);
      wake_.notify_one();
      return;
    }
  }
  Completions done;
  done.fail(request, closed());
  done.flush();
}

// It would wait for itself.
void Writer::refuse(Request& request) {
  Completions done;
  done.fail(request,
            std::make_exception_ptr(std::logic_error("the body of a transaction awaits its statements alone")));
  done.flush();
}

bool Writer::withdraw(Request& request) {
  std::lock_guard lock(mutex_);
  return std::erase(waiting_, &request) != 0;
}

void Writer::abandon(const std::shared_ptr<Scope>& scope) noexcept {
  std::lock_guard lock(mutex_);
  if (scope != current_) return;
  scope->abandoned = true;
  wake_.notify_one();
}

void Writer::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
  connection_.reset();
}

// ---- the writer's thread -------------------------------------------------------------------------

void Writer::work() {
  writing_here = this;
  give_way();
  std::unique_lock lock(mutex_);
  for (;;) {
    if (Request* request = next()) {
      lock.unlock();
      serve(*request);
      done_.flush();
      lock.lock();
    } else if (current_ && (current_->abandoned || stopping_)) {
      lock.unlock();
      undo_savepoint();
      close_current();
      lock.lock();
    } else if (current_ && owes_commit()) {
      if (wake_.wait_for(lock, patience_, [this] { return something_to_do(); })) continue;
      lock.unlock();
      settle();
      lock.lock();
    } else if (!current_ && connection_->in_transaction()) {
      if (std::exchange(followed_, false) && wake_.wait_for(lock, patience_, [this] { return something_to_do(); }))
        continue;
      lock.unlock();
      settle();
      lock.lock();
    } else if (stopping_) {
      return;
    } else {
      wake_.wait(lock, [this] { return something_to_do(); });
    }
  }
}

Request* Writer::next() {
  if (turn_ != nullptr) return std::exchange(turn_, nullptr);
  if (current_ || waiting_.empty()) return nullptr;
  Request* request = waiting_.front();
  waiting_.pop_front();
  return request;
}

bool Writer::something_to_do() const {
  return turn_ != nullptr || stopping_ || (current_ ? current_->abandoned : !waiting_.empty());
}

void Writer::serve(Request& request) {
  try {
    if (request.kind == Request::Kind::whole)
      serve_whole(request);
    else if (!request.scope)
      serve_alone(request);
    else if (request.scope->state == Scope::State::closed)
      throw unavailable("the transaction was rolled back");
    else if (request.kind == Request::Kind::commit)
      serve_commit(request);
    else
      serve_statement(request);
  } catch (...) {
    const auto failure = std::current_exception();
    undo_savepoint();
    if (request.scope) {
      // After a failure a transaction is over, as it would be with PostgreSQL.
      request.scope->state = Scope::State::closed;
      close_current();
    }
    done_.fail(request, failure);
  }
}

void Writer::serve_alone(Request& request) {
  if (group_is_due()) settle();
  enter_savepoint();
  perform(request.kind, request.sql, request.batches, &request);
  leave_savepoint();
  join_group(request);
}

void Writer::serve_whole(Request& request) {
  if (group_is_due()) settle();
  enter_savepoint();
  auto outcome = bodies_.run(*connection_, *request.body);
  if (!outcome.keep) {
    undo_savepoint();
    return done_.add(request);
  }
  request.after_commit = std::move(outcome.after_commit);
  request.followed = outcome.followed;
  leave_savepoint();
  if (request.durability == Durability::full) return join_group(request);
  if (!owes_commit()) group_since_ = steady_clock::now();
  ++told_;
  done_.add(request);
}

void Writer::serve_statement(Request& request) {
  if (group_is_due()) settle();
  take_turn(request);
  perform(request.kind, request.sql, request.batches, &request);
  const bool script = request.kind == Request::Kind::script;
  remember(*request.scope, {request.kind, script ? std::string_view() : request.sql,
                            script ? std::string(request.sql) : std::string(), std::move(request.batches)});
  done_.add(request);
}

void Writer::serve_commit(Request& request) {
  take_turn(request);
  leave_savepoint();
  close_current();
  join_group(request);
}

void Writer::take_turn(Request& request) {
  Scope& scope = *request.scope;
  if (scope.state == Scope::State::waiting) {
    if (group_is_due()) settle();
    enter_savepoint();
    scope.state = Scope::State::open;
    set_current(request.scope);
  } else if (scope.state == Scope::State::closed) {
    throw unavailable("the transaction was rolled back");
  }
  for (auto& statement : request.first) {
    perform(Request::Kind::statement, statement.sql, statement.batches, nullptr);
    remember(scope, {Request::Kind::statement, statement.sql, {}, std::move(statement.batches)});
  }
}

// What is put aside for a COMMIT of others is run again.
void Writer::remember(Scope& scope, Scope::Step step) {
  if (owes_commit()) scope.steps.push_back(std::move(step));
}

void Writer::perform(Request::Kind kind, std::string_view sql, std::span<const Values> batches, Request* request) {
  if (kind == Request::Kind::script) return connection_->script(std::string(sql));
  const auto changed = connection_->run(sql, batches, request == nullptr ? nullptr : request->sink);
  if (request != nullptr) request->changed = changed;
}

// ---- savepoints ----------------------------------------------------------------------------------

void Writer::enter_savepoint() {
  const bool others = connection_->in_transaction();
  connection_->control(others ? "SAVEPOINT inner" : "BEGIN IMMEDIATE");
  inside_ = others ? Inside::savepoint : Inside::transaction;
}

void Writer::leave_savepoint() {
  // COMMIT would refuse everyone for the fault of one.
  if (connection_->breaks_foreign_keys()) throw Violation(Violation::Kind::foreign_key, "");
  if (inside_ == Inside::savepoint) connection_->control("RELEASE inner");
  inside_ = Inside::nothing;
}

void Writer::take_back_savepoint() {
  connection_->control("ROLLBACK TO inner");
  connection_->control("RELEASE inner");
}

// Takes back what the savepoint holds. After some failures (a full disk) SQLite has taken back the
// outer transaction as well; then nobody in the group was committed.
void Writer::undo_savepoint() {
  std::exception_ptr failure;
  try {
    const auto inside = std::exchange(inside_, Inside::nothing);
    if (inside != Inside::nothing && connection_->in_transaction())
      inside == Inside::savepoint ? take_back_savepoint() : connection_->control("ROLLBACK");
    if (!owes_commit() || connection_->in_transaction()) return;
    failure = std::make_exception_ptr(unavailable("the group was rolled back"));
  } catch (...) {
    failure = std::current_exception();
  }
  fail_group(failure);
}

// ---- the group -----------------------------------------------------------------------------------

void Writer::join_group(Request& request) {
  if (!owes_commit()) group_since_ = steady_clock::now();
  group_.push_back(&request);
  followed_ = request.followed;
}

bool Writer::group_is_due() const {
  return owes_commit() && (group_.size() + told_ >= kGroupSize || steady_clock::now() - group_since_ > kGroupAge);
}

// Commits those who are done. The current transaction is not among them: it is put aside and replayed.
void Writer::settle() {
  const auto scope = current_;
  std::int64_t version = 0;
  try {
    if (scope) {
      version = connection_->data_version();
      take_back_savepoint();
      inside_ = Inside::nothing;
    }
    const auto start = steady_clock::now();
    connection_->control("COMMIT");
    patience_ = std::clamp<steady_clock::duration>(steady_clock::now() - start, kLeastPatience, kMostPatience);
  } catch (...) {
    fail_group(std::current_exception());
    done_.flush();
    return;
  }
  acknowledge();
  if (scope) replay(scope, version);
}

void Writer::acknowledge() {
  for (Request* request : group_) done_.add(*request);
  group_.clear();
  told_ = 0;
  done_.flush();
}

// ROLLBACK does not fail; if it did, the process had better end than go on with what nobody was promised.
void Writer::fail_group(std::exception_ptr cause) noexcept {
  if (connection_->in_transaction()) connection_->control("ROLLBACK");
  inside_ = Inside::nothing;
  close_current();
  const auto failure = std::make_exception_ptr(unavailable("the commit failed: " + describe(cause)));
  for (Request* request : group_) done_.fail(*request, failure);
  group_.clear();
  told_ = 0;
}

void Writer::replay(const std::shared_ptr<Scope>& scope, std::int64_t version) {
  try {
    enter_savepoint();
    if (connection_->data_version() != version) throw unavailable("another process has written meanwhile");
    for (const auto& step : scope->steps)
      perform(step.kind, step.kind == Request::Kind::script ? step.script : step.sql, step.batches, nullptr);
    scope->steps.clear();
  } catch (...) {
    // Its next statement is told.
    undo_savepoint();
    close_current();
  }
}

void Writer::set_current(std::shared_ptr<Scope> scope) {
  std::lock_guard lock(mutex_);
  current_ = std::move(scope);
  // A statement of the one that was current is served all the same, and fails.
  if (turn_ != nullptr) waiting_.push_front(std::exchange(turn_, nullptr));
}

void Writer::close_current() {
  if (!current_) return;
  current_->state = Scope::State::closed;
  set_current(nullptr);
}

}  // namespace odeon::database::sqlite

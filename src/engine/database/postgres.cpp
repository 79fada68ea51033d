#include "engine/database/postgres.hpp"

#include "engine/database/postgres_errors.hpp"
#include "engine/database/postgres_pool.hpp"
#include "engine/database/postgres_signals.hpp"
#include "engine/database/postgres_wait.hpp"

namespace odeon::database {
namespace {

using postgres::Pool;
using postgres::Request;
using postgres::Result;
using postgres::Session;

// With many after the same row each commit sends all others back to the start.
constexpr int kMostAttempts = 100;
// What a transaction may keep of its statements to run them again.
constexpr std::size_t kMostKept = std::size_t{4} << 20;

const char* beginning(Isolation isolation) {
  return isolation == Isolation::snapshot ? "BEGIN ISOLATION LEVEL REPEATABLE READ"
                                          : "BEGIN ISOLATION LEVEL READ COMMITTED";
}

// Nothing that could wait for a lock, change anything or take part in a lock order.
bool surely_reads(std::string_view sql) {
  const auto first = sql.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return false;
  if (!sql.substr(first).starts_with("SELECT ") && !sql.substr(first).starts_with("WITH ")) return false;
  for (const std::string_view word : {"INSERT", "UPDATE", "DELETE", " FOR ", "pg_", "nextval", "set_config"})
    if (sql.contains(word)) return false;
  return true;
}

Task<void> send(Pool& pool, Request& request) {
  co_await completion(pool, request);
}

std::int64_t deliver(const std::vector<Result>& results, RowSink* sink) {
  std::int64_t changed = 0;
  for (const auto& result : results) {
    changed += postgres::rows_changed(result.get());
    if (sink != nullptr) postgres::visit_rows(result.get(), *sink);
  }
  return changed;
}

class PostgresTransaction final : public Transaction {
 public:
  PostgresTransaction(std::shared_ptr<Pool> pool, Isolation isolation)
      : pool_(std::move(pool)), begin_(beginning(isolation)) {}
  ~PostgresTransaction() override {
    if (used_) pool_->abandon(session_);
  }

  Engine engine() const override { return Engine::postgresql; }

  Task<void> commit() override {
    if (over_) throw std::logic_error("the transaction is over");
    co_await run_what_waits();
    over_ = true;
    for (auto& call : with_commit_) call();
    if (begun_) {
      Request request{.kind = Request::Kind::commit, .session = session_};
      co_await send(*pool_, request);
      if (request.failure) std::rethrow_exception(request.failure);
    }
    for (auto& call : after_commit_) call();
  }

  Task<void> script(std::string_view statements) override {
    if (over_) throw std::logic_error("the transaction is over");
    co_await run_what_waits();
    over_ = true;
    const std::string text =
        begun_ ? std::string(statements) : fmt::format("{};\n{}", begin_, statements);  // lives until the end
    Request request{.kind = Request::Kind::script, .sql = text, .session = session_};
    used_ = true;
    co_await send(*pool_, request);
    if (request.failure) std::rethrow_exception(request.failure);
    begun_ = true;
    repeatable_ = false;
    over_ = false;
  }

  void with_commit(std::function<bool()> call) override { with_commit_.push_back(std::move(call)); }
  void after_commit(std::function<void()> call) override { after_commit_.push_back(std::move(call)); }

  // For statements that are a transaction of their own.
  Task<std::int64_t> run_alone(Sql sql, std::vector<Values> batches, RowSink* sink) {
    const auto changed = co_await run(sql, std::move(batches), sink);
    co_await commit();
    co_return changed;
  }

 protected:
  Task<std::int64_t> run(Sql sql, std::vector<Values> batches, RowSink* sink) override {
    if (batches.empty()) co_return 0;
    if (over_) throw std::logic_error("the transaction is over");
    co_await run_what_waits();
    over_ = true;  // unless this succeeds
    const std::size_t bytes = postgres::check_values(batches);
    Step step{sql.text(), std::move(batches)};
    std::vector<Result> results;
    for (int attempt = 1;; ++attempt) {
      Request request = ask(step);
      co_await send(*pool_, request);
      if (!request.failure) {
        results = std::move(request.results);
        break;
      }
      if (!request.may_run_again || !repeatable_ || attempt == kMostAttempts) std::rethrow_exception(request.failure);
      if (!co_await run_again()) std::rethrow_exception(request.failure);
    }
    begun_ = true;
    const auto changed = deliver(results, sink);
    keep(std::move(step), results, bytes);
    over_ = false;
    co_return changed;
  }

  void run_later(Sql sql, std::vector<Values> batches) override {
    if (over_) throw std::logic_error("the transaction is over");
    if (!batches.empty()) later_.emplace_back(sql, std::move(batches));
  }

 private:
  struct Step {
    std::string_view sql;
    std::vector<Values> batches;
    std::size_t seen = 0;  // digest of what the caller was told
  };

  Task<void> run_what_waits() {
    for (auto& [sql, batches] : std::exchange(later_, {})) co_await run(sql, std::move(batches), nullptr);
  }

  Request ask(const Step& step) {
    used_ = true;
    return {.begin = begun_ ? nullptr : begin_, .sql = step.sql, .batches = step.batches, .session = session_};
  }

  void keep(Step step, const std::vector<Result>& results, std::size_t bytes) {
    kept_ += bytes;
    if (kept_ > kMostKept) repeatable_ = false;
    if (!repeatable_) return steps_.clear();
    step.seen = postgres::digest(results);
    steps_.push_back(std::move(step));
  }

  // Starts over and comes to where it was. False if there the caller would have been told something else.
  Task<bool> run_again() {
    for (int attempt = 1; attempt < kMostAttempts; ++attempt) {
      pool_->abandon(std::exchange(session_, std::make_shared<Session>()));
      begun_ = false;
      bool conflict = false;
      for (const auto& step : steps_) {
        Request request = ask(step);
        co_await send(*pool_, request);
        conflict = request.failure && request.may_run_again;
        if (conflict) break;
        if (request.failure || postgres::digest(request.results) != step.seen) co_return false;
        begun_ = true;
      }
      if (!conflict) co_return true;
    }
    co_return false;
  }

  std::shared_ptr<Pool> pool_;
  const char* begin_;
  std::shared_ptr<Session> session_ = std::make_shared<Session>();
  std::vector<std::pair<Sql, std::vector<Values>>> later_;
  std::vector<std::function<bool()>> with_commit_;
  std::vector<std::function<void()>> after_commit_;
  std::vector<Step> steps_;
  std::size_t kept_ = 0;
  bool repeatable_ = true;
  bool used_ = false;
  bool begun_ = false;
  bool over_ = false;
};

class PostgresDatabase final : public Database {
 public:
  explicit PostgresDatabase(const PostgresOptions& options)
      : pool_(std::make_shared<Pool>(options)), signals_(std::make_shared<postgres::Signals>(options)) {}
  ~PostgresDatabase() override { signals_->stop(); }

  Engine engine() const override { return Engine::postgresql; }

  Task<std::unique_ptr<Transaction>> begin(Isolation isolation) override {
    co_return std::make_unique<PostgresTransaction>(pool_, isolation);
  }

  Micros wait_for_connection() const { return pool_->wait(); }
  Task<void> ping() override { co_await query<std::int64_t>("SELECT 1"); }

  Task<void> close() override {
    ThreadPool pool(1);
    auto stop = [pool = pool_, signals = signals_] {
      signals->stop();
      pool->stop();
    };
    co_await run_blocking(pool, stop);
  }

  void signal(std::string topic, std::string message) override { signals_->send(std::move(topic), std::move(message)); }
  std::shared_ptr<void> on_signal(std::string topic, std::function<void(const std::string&)> heard) override {
    return signals_->listen(std::move(topic), std::move(heard));
  }

 protected:
  Task<std::int64_t> run(Sql sql, std::vector<Values> batches, RowSink* sink) override {
    if (batches.empty()) co_return 0;
    const bool reads = surely_reads(sql.text());
    if (sink != nullptr && !reads) {
      // A row that cannot be read undoes what was written.
      PostgresTransaction alone(pool_, Isolation::statement);
      co_return co_await alone.run_alone(sql, std::move(batches), sink);
    }
    postgres::check_values(batches);
    for (int attempt = 1;; ++attempt) {
      Request request{.sql = sql.text(), .batches = batches, .reads = reads};
      co_await send(*pool_, request);
      if (!request.failure) co_return deliver(request.results, sink);
      if (!request.may_run_again || attempt == kMostAttempts) std::rethrow_exception(request.failure);
    }
  }

 private:
  std::shared_ptr<Pool> pool_;
  std::shared_ptr<postgres::Signals> signals_;
};

}  // namespace

std::unique_ptr<Database> open_postgres(PostgresOptions options) {
  return std::make_unique<PostgresDatabase>(options);
}

Micros wait_for_connection(const Database& database) {
  const auto* postgres = dynamic_cast<const PostgresDatabase*>(&database);
  return postgres == nullptr ? Micros(0) : postgres->wait_for_connection();
}

}  // namespace odeon::database

#include "engine/database/sqlite.hpp"

#include "engine/database/sqlite_errors.hpp"
#include "engine/database/sqlite_readers.hpp"
#include "engine/database/sqlite_writer.hpp"

namespace odeon::database {
namespace {

using sqlite::Request;
using sqlite::Scope;

// The threads, shared by the database and its transactions. Opened first and closed last is the writer:
// it makes the file, and folds the log into it at the end.
class Core {
 public:
  explicit Core(const SqliteOptions& options)
      : writer(options.path, options.max_bytes),
        readers(options.path, options.readers, [this](Request& request) { writer.submit(request); }) {}

  void withdraw(Request& request) {
    if (!readers.withdraw(request) && !writer.withdraw(request)) return;
    Completions done;
    done.fail(request, std::make_exception_ptr(boost::system::system_error(asio::error::operation_aborted)));
    done.flush();
  }

  void stop() {
    readers.stop();
    writer.stop();
  }

  sqlite::Writer writer;
  sqlite::Readers readers;
};

// Where a request goes, in the shape that `completion` asks for.
struct ToReaders {
  Core& core;
  void submit(Request& request) { core.readers.submit(request); }
  void withdraw(Request& request) { core.withdraw(request); }
};
struct ToWriter {
  Core& core;
  void submit(Request& request) { core.writer.submit(request); }
  void withdraw(Request& request) { core.withdraw(request); }
};

// Saves a detour: whatever else turns out to write, the readers send on.
bool surely_writes(std::string_view sql) {
  const auto first = sql.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return false;
  sql.remove_prefix(first);
  for (const std::string_view word : {"INSERT ", "UPDATE ", "DELETE ", "CREATE ", "DROP ", "ALTER "})
    if (sql.starts_with(word)) return true;
  return false;
}

class SqliteTransaction final : public Transaction {
 public:
  explicit SqliteTransaction(std::shared_ptr<Core> core) : core_(std::move(core)) {}
  ~SqliteTransaction() override { core_->writer.abandon(scope_); }

  Engine engine() const override { return Engine::sqlite; }

  Task<void> commit() override {
    if (begun_ || over_ || !later_.empty())
      co_await send(Request{.kind = Request::Kind::commit, .with_commit = std::move(with_commit_)});
    over_ = true;
    for (auto& call : after_commit_) call();
  }
  Task<void> script(std::string_view statements) override {
    co_await send(Request{.kind = Request::Kind::script, .sql = statements});
  }
  void with_commit(std::function<bool()> call) override { with_commit_.push_back(std::move(call)); }
  void after_commit(std::function<void()> call) override { after_commit_.push_back(std::move(call)); }

 protected:
  Task<std::int64_t> run(Sql sql, std::vector<Values> batches, RowSink* sink) override {
    if (batches.empty()) co_return 0;
    co_return co_await send(Request{.sql = sql.text(), .batches = std::move(batches), .sink = sink});
  }
  void run_later(Sql sql, std::vector<Values> batches) override {
    if (over_) throw std::logic_error("the transaction is over");
    if (!batches.empty()) later_.push_back({sql.text(), std::move(batches)});
  }

 private:
  Task<std::int64_t> send(Request request) {
    if (over_) throw std::logic_error("the transaction is over");
    request.scope = scope_;
    request.first = std::exchange(later_, {});
    over_ = true;  // unless this succeeds
    ToWriter queue{*core_};
    co_await completion(queue, request);
    if (request.failure) std::rethrow_exception(request.failure);
    begun_ = true;
    over_ = request.kind == Request::Kind::commit;
    co_return request.changed;
  }

  std::shared_ptr<Core> core_;
  std::shared_ptr<Scope> scope_ = std::make_shared<Scope>();
  std::vector<Request::Statement> later_;
  std::vector<std::function<bool()>> with_commit_;
  std::vector<std::function<void()>> after_commit_;
  bool begun_ = false;
  bool over_ = false;
};

class SqliteDatabase final : public Database, public WholeTransactions {
 public:
  explicit SqliteDatabase(const SqliteOptions& options) : core_(std::make_shared<Core>(options)) {}

  Engine engine() const override { return Engine::sqlite; }

  // The writer's turn is taken by the first statement, so a transaction that does nothing yet holds up
  // nobody, and beginning is free.
  Task<std::unique_ptr<Transaction>> begin(Isolation) override { co_return std::make_unique<SqliteTransaction>(core_); }

  Task<void> run_whole(Body body, Durability durability) override {
    Request request{.kind = Request::Kind::whole, .body = &body, .durability = durability};
    ToWriter queue{*core_};
    co_await completion(queue, request);
    if (request.failure) std::rethrow_exception(request.failure);
    for (auto& call : request.after_commit) call();
  }

  Task<void> ping() override { co_await query<std::int64_t>("SELECT COUNT(*) FROM sqlite_schema"); }

  Task<void> close() override {
    ThreadPool pool(1);
    auto stop = [core = core_] { core->stop(); };
    co_await run_blocking(pool, stop);
  }

 protected:
  Task<std::int64_t> run(Sql sql, std::vector<Values> batches, RowSink* sink) override {
    if (batches.empty()) co_return 0;
    Request request{.sql = sql.text(), .batches = std::move(batches), .sink = sink};
    if (surely_writes(request.sql)) {
      ToWriter queue{*core_};
      co_await completion(queue, request);
    } else {
      ToReaders queue{*core_};
      co_await completion(queue, request);
    }
    if (request.failure) std::rethrow_exception(request.failure);
    co_return request.changed;
  }

 private:
  std::shared_ptr<Core> core_;
};

}  // namespace

std::unique_ptr<Database> open_sqlite(SqliteOptions options) {
  return std::make_unique<SqliteDatabase>(options);
}

}  // namespace odeon::database

// One interface over SQLite and PostgreSQL.
//
//   auto rows = co_await db.query<Hero>("SELECT id, name, age FROM stories_heroes WHERE user_id = $1", user);
//
//   auto tx = co_await db.begin();
//   co_await tx->execute("INSERT INTO … VALUES ($1, $2)", id, name);
//   co_await queue.enqueue(*tx, Illustrate{id});
//   co_await tx->commit();                       // not reached: rolled back when `tx` dies
//
// SQL is one text for both engines: $1 placeholders (each bound by its number), RETURNING, ON CONFLICT,
// BIGINT microseconds for time, TEXT for ids and JSON, BOOLEAN, DOUBLE PRECISION, BYTEA. It is always a
// literal.
//
// Failures are Errors: Fault::unavailable when the engine is away, its disk is full or it is busy, and when
// PostgreSQL would otherwise lose an update; Fault::invalid for text that it cannot hold (U+0000, what is not
// UTF-8); Violation for constraints. A wrong number of arguments is a logic_error; so is the use of a transaction
// that is over. SQL at fault, NULL in a field that is not optional and the like are runtime_errors. An
// acknowledged commit is on disk, and every later read sees it. When PostgreSQL goes away during a commit, or
// during a statement on its own, nobody knows whether it is: that too is unavailable.
//
// A cancelled task leaves the queue if its statement has not begun; else the statement ends first, or is
// interrupted where that disturbs no other.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "engine/database/changes.hpp"

namespace odeon::database {

// SQL that stands in the source. There is no other way to make one, so values never become SQL.
class Sql {
 public:
  template <std::size_t N>
  consteval Sql(const char (&text)[N]) : text_(text, N - 1) {}
  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

using Blob = std::vector<std::byte>;
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string, Blob>;
using Values = std::vector<Value>;

// The current row of a result, valid only while it is visited. Columns count from 0.
class Row {
 public:
  virtual ~Row() = default;
  virtual int columns() const = 0;
  virtual std::string_view name(int column) const = 0;
  virtual bool is_null(int column) const = 0;
  virtual bool boolean(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual double real(int column) const = 0;
  virtual std::string_view text(int column) const = 0;
  virtual std::span<const std::byte> blob(int column) const = 0;
};

// Receives rows, perhaps on another thread; not concurrently.
class RowSink {
 public:
  virtual ~RowSink() = default;
  virtual void row(const Row& row) = 0;
};

class Violation : public Error {
 public:
  enum class Kind { unique, foreign_key, check, not_null };
  Violation(Kind kind, std::string constraint)
      : Error(Fault::conflict, "CONFLICT", "This conflicts with what is already stored."),
        kind(kind),
        constraint(std::move(constraint)) {}
  Kind kind;
  std::string constraint;  // SQLite: "table.column"; PostgreSQL: the constraint's name
};

namespace detail {
template <class T>
Value to_value(const T& from);
Value to_value(std::string&& from);
template <class T>
Value to_value(std::optional<T>&& from);
template <class T>
class VectorSink;
}  // namespace detail

enum class Engine { sqlite, postgresql };

// What can run statements: a database (each statement on its own) or a transaction.
class Executor {
 public:
  virtual ~Executor() = default;

  // For SQL that one text cannot say: locks that skip what is locked, and the like.
  virtual Engine engine() const = 0;

  // Rows as described structs, by column name; a scalar type takes the first column.
  template <class T, class... Args>
  Task<std::vector<T>> query(Sql sql, Args... args);
  // The first row, if there is one.
  template <class T, class... Args>
  Task<std::optional<T>> find(Sql sql, Args... args);
  // Rows changed.
  template <class... Args>
  Task<std::int64_t> execute(Sql sql, Args... args);
  // The same statement for many rows of arguments, in one go: one hop to SQLite, one pipeline to
  // PostgreSQL. Returns rows changed in all. On a database (not a transaction) all or nothing.
  template <class... Args>
  Task<std::int64_t> execute_each(Sql sql, std::vector<std::tuple<Args...>> rows);
  // As execute_each, collecting what each RETURNING gives, in order.
  template <class T, class... Args>
  Task<std::vector<T>> query_each(Sql sql, std::vector<std::tuple<Args...>> rows);

 protected:
  // Runs `sql` once for each element of `batches` (which outlives the call, as `sink` does).
  virtual Task<std::int64_t> run(Sql sql, std::vector<Values> batches, RowSink* sink) = 0;
};

// After a statement of it has failed, it can only be destroyed: PostgreSQL refuses the rest, so SQLite does.
class Transaction : public Executor {
 public:
  // Durable once this returns. Afterwards the transaction can only be destroyed.
  virtual Task<void> commit() = 0;
  // Several statements without arguments, as a migration holds them.
  virtual Task<void> script(std::string_view statements) = 0;
  // As execute_each, for what nobody has to wait for: it goes to the engine with the next statement or the commit, and
  // its failure is theirs.
  template <class... Args>
  void execute_later(Sql sql, std::vector<std::tuple<Args...>> rows);
  // Called as the commit goes to the engine, which may yet refuse it. SQLite has one writer: whoever is woken here to
  // write comes behind this transaction and sees what it wrote. Where the call says that they will come at once, they
  // are waited for as long as a sync takes, to share it. Must neither throw nor block.
  virtual void with_commit(std::function<bool()> call) = 0;
  // Called after a successful commit, on the committing task: wake-ups, announcements. Must not throw.
  virtual void after_commit(std::function<void()> call) = 0;

 protected:
  virtual void run_later(Sql sql, std::vector<Values> batches) = 0;
};

// What a transaction sees of others. SQLite runs one after the other, so there both are the same.
enum class Isolation {
  snapshot,   // all of it one moment; writing what others changed since is tried again from the start, and
              // where that would show the caller something else, refused as unavailable
  statement,  // each statement what was committed before it: for who locks rows and then looks
};

class Database : public Executor {
 public:
  // A serializable-enough scope: sees its own writes, loses no update. It takes its place with its first
  // statement, so an unused one holds up nobody. Destroyed without commit, it rolls back. Use from one task.
  virtual Task<std::unique_ptr<Transaction>> begin(Isolation isolation = Isolation::snapshot) = 0;

  // Signals wake tasks in other processes of the same database; they carry no truth. Those of PostgreSQL
  // (NOTIFY) reach every listener soon, the sender's too, or are lost with a connection; equal ones may come
  // as one. SQLite has none: whoever depends on them polls beneath. Thread-safe.
  virtual void signal(std::string /*topic*/, std::string /*message, below 7 KB*/) {}
  // `heard` is called on a thread of the driver's until the result is destroyed; it must neither block nor
  // throw. An empty message: some may have been missed.
  virtual std::shared_ptr<void> on_signal(std::string /*topic*/, std::function<void(const std::string&)> /*heard*/) {
    return nullptr;
  }

  // Throws Error{unavailable} when the database does not answer: for /health.
  virtual Task<void> ping() = 0;
  // Awaits the statements and commits that are under way, rolls back what stays open and lets go of files
  // and connections. Afterwards everything fails with Error{unavailable}.
  virtual Task<void> close() = 0;

  Changes& changes() { return changes_; }

 private:
  Changes changes_;
};

}  // namespace odeon::database

#include "engine/database/rows.ipp"

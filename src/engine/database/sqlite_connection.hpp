// One SQLite connection: prepared statements that are kept, values in, rows out, failures translated.
// Used by one thread at a time.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/database/database.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace odeon::database::sqlite {

class Connection {
 public:
  enum class Mode { read, write };

  // Throws Error{unavailable} when the file cannot be opened. `max_bytes` 0: no limit.
  Connection(const std::string& path, Mode mode, std::uint64_t max_bytes = 0);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Whether `sql` leaves the database as it is. `sql` is a literal: its address is its name here.
  bool is_read_only(std::string_view sql) { return prepared(sql).read_only; }
  // Runs a literal once for each element of `batches`; returns rows changed in all. A failure in the
  // middle leaves what came before: the caller holds a savepoint.
  std::int64_t run(std::string_view sql, std::span<const Values> batches, RowSink* sink);
  // One literal without arguments and rows: BEGIN, COMMIT and their like.
  void control(std::string_view sql);
  // Any text of several statements.
  void script(const std::string& statements);

  bool in_transaction() const;
  // Whether deferred foreign keys are broken as things stand: COMMIT would refuse.
  bool breaks_foreign_keys() const;
  // Changes when another connection has committed.
  std::int64_t data_version();
  // Calls `slow` now and then during a statement that takes long.
  void on_slow(void (*slow)(void*), void* context);

 private:
  struct Statement {
    sqlite3_stmt* handle = nullptr;
    std::vector<std::size_t> slots;  // the argument for each of SQLite's parameters
    std::size_t arguments = 0;
    bool read_only = false;
  };
  struct Key {
    const char* address;
    std::size_t size;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const { return std::hash<const char*>()(key.address) ^ key.size; }
  };
  struct Slow {
    void (*call)(void*) = nullptr;
    void* context = nullptr;
  };

  Statement& prepared(std::string_view sql);
  Statement prepare(std::string_view sql);
  // What `before` (of the same statement; null: nothing is bound) has in the same place stays bound.
  void bind(const Statement& statement, const Values& values, const Values* before);
  void step_through(const Statement& statement, RowSink* sink);
  [[noreturn]] void fail(int code, std::string_view sql) const;
  void close() noexcept;

  sqlite3* handle_ = nullptr;
  std::unordered_map<Key, Statement, Hash> statements_;
  Slow slow_;
};

}  // namespace odeon::database::sqlite

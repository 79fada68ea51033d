#include "engine/database/sqlite_connection.hpp"

#include <sqlite3.h>

#include <charconv>
#include <mutex>

#include "engine/database/sqlite_errors.hpp"

namespace odeon::database::sqlite {
namespace {

constexpr std::uint64_t kPageBytes = 4096;
constexpr int kSlowAfterSteps = 4000;  // of SQLite's virtual machine: some 50 µs
constexpr char kNothing[] = "";        // SQLite takes a null pointer for NULL, so an empty blob needs an address

// Counting every allocation takes a lock that all connections share, and nobody asks for the sum.
void configure_once() {
  static std::once_flag once;
  std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

class StatementRow final : public Row {
 public:
  explicit StatementRow(sqlite3_stmt* handle) : handle_(handle) {}
  int columns() const override { return sqlite3_column_count(handle_); }
  std::string_view name(int column) const override { return sqlite3_column_name(handle_, column); }
  bool is_null(int column) const override { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }
  bool boolean(int column) const override { return sqlite3_column_int64(handle_, column) != 0; }
  std::int64_t integer(int column) const override { return sqlite3_column_int64(handle_, column); }
  double real(int column) const override { return sqlite3_column_double(handle_, column); }
  std::string_view text(int column) const override {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
    return {bytes == nullptr ? kNothing : bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
  }
  std::span<const std::byte> blob(int column) const override {
    const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(handle_, column));
    return {bytes, bytes == nullptr ? 0 : static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
  }

 private:
  sqlite3_stmt* handle_;
};

int bind_one(sqlite3_stmt* handle, int at, const Value& value) {
  // The values stay where they are until the statement is reset, so nothing is copied.
  struct Bind {
    sqlite3_stmt* handle;
    int at;
    int operator()(std::monostate) const { return sqlite3_bind_null(handle, at); }
    int operator()(bool value) const { return sqlite3_bind_int(handle, at, value ? 1 : 0); }
    int operator()(std::int64_t value) const { return sqlite3_bind_int64(handle, at, value); }
    int operator()(double value) const { return sqlite3_bind_double(handle, at, value); }
    int operator()(const std::string& value) const {
      return sqlite3_bind_text64(handle, at, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
    }
    int operator()(const Blob& value) const {
      const void* bytes = value.empty() ? static_cast<const void*>(kNothing) : value.data();
      return sqlite3_bind_blob64(handle, at, bytes, value.size(), SQLITE_STATIC);
    }
  };
  return std::visit(Bind{handle, at}, value);
}

}  // namespace

Connection::Connection(const std::string& path, Mode mode, std::uint64_t max_bytes) {
  configure_once();
  const int access = mode == Mode::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int opened = sqlite3_open_v2(path.c_str(), &handle_, access | SQLITE_OPEN_NOMUTEX, nullptr);
  try {
    if (opened != SQLITE_OK) fail(opened, "opening the file");
    sqlite3_extended_result_codes(handle_, 1);
    sqlite3_busy_timeout(handle_, 5000);
    script(
        "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -2000; PRAGMA trusted_schema = OFF");
    // Indexes by person are written all over the file, and a page that fell out of the cache is read again for its next
    // row: the cache grows with use. A checkpoint copies what changed since the last one, each page once however often
    // it did: the more pages between two, the fewer copies. SQLite's own number is 1,000.
    if (mode == Mode::write)
      script(
          "PRAGMA cache_size = -16000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
          "PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 4000; PRAGMA secure_delete = FAST");
    if (max_bytes != 0)
      script(fmt::format("PRAGMA max_page_count = {}", std::max<std::uint64_t>(1, max_bytes / kPageBytes)));
  } catch (...) {
    close();
    throw;
  }
}

Connection::~Connection() {
  close();
}

void Connection::close() noexcept {
  for (auto& [key, statement] : statements_) sqlite3_finalize(statement.handle);
  statements_.clear();
  sqlite3_close(handle_);
}

Connection::Statement& Connection::prepared(std::string_view sql) {
  const Key key{sql.data(), sql.size()};
  if (const auto found = statements_.find(key); found != statements_.end()) return found->second;
  return statements_.emplace(key, prepare(sql)).first->second;
}

Connection::Statement Connection::prepare(std::string_view sql) {
  Statement statement;
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &statement.handle, &rest);
  if (code != SQLITE_OK) fail(code, sql);
  const std::string_view left(rest, static_cast<std::size_t>(sql.data() + sql.size() - rest));
  try {
    if (statement.handle == nullptr || left.find_first_not_of(" \t\r\n;") != std::string_view::npos)
      throw std::logic_error(fmt::format("SQL must be one statement: {}", sql));
    for (int i = 1; i <= sqlite3_bind_parameter_count(statement.handle); ++i) {
      const char* raw = sqlite3_bind_parameter_name(statement.handle, i);
      const std::string_view name = raw == nullptr ? "" : raw;
      std::size_t number = 0;
      if (name.starts_with('$')) std::from_chars(name.data() + 1, name.data() + name.size(), number);
      if (number == 0) throw std::logic_error(fmt::format("placeholders are $1, $2, … in: {}", sql));
      statement.slots.push_back(number - 1);
      statement.arguments = std::max(statement.arguments, number);
    }
  } catch (...) {
    sqlite3_finalize(statement.handle);
    throw;
  }
  statement.read_only = sqlite3_stmt_readonly(statement.handle) != 0;
  return statement;
}

void Connection::bind(const Statement& statement, const Values& values, const Values* before) {
  if (values.size() != statement.arguments)
    throw std::logic_error(fmt::format("{} arguments given, {} wanted by: {}", values.size(), statement.arguments,
                                       sqlite3_sql(statement.handle)));
  for (std::size_t i = 0; i < statement.slots.size(); ++i) {
    const Value& value = values[statement.slots[i]];
    if (before != nullptr && (*before)[statement.slots[i]] == value) continue;
    const int code = bind_one(statement.handle, static_cast<int>(i) + 1, value);
    if (code != SQLITE_OK) fail(code, sqlite3_sql(statement.handle));
  }
}

void Connection::step_through(const Statement& statement, RowSink* sink) {
  struct Reset {
    sqlite3_stmt* handle;
    ~Reset() { sqlite3_reset(handle); }
  } reset{statement.handle};
  const StatementRow row(statement.handle);
  for (;;) {
    const int code = sqlite3_step(statement.handle);
    if (code == SQLITE_DONE) return;
    if (code != SQLITE_ROW) fail(code, sqlite3_sql(statement.handle));
    if (sink != nullptr) sink->row(row);
  }
}

std::int64_t Connection::run(std::string_view sql, std::span<const Values> batches, RowSink* sink) {
  const Statement& statement = prepared(sql);
  std::int64_t changed = 0;
  const Values* before = nullptr;
  for (const Values& values : batches) {
    bind(statement, values, std::exchange(before, &values));
    const auto changes = sqlite3_total_changes64(handle_);
    step_through(statement, sink);
    // Statements that change no rows leave the count of the one before in place.
    if (sqlite3_total_changes64(handle_) != changes) changed += sqlite3_changes64(handle_);
  }
  return changed;
}

void Connection::control(std::string_view sql) {
  step_through(prepared(sql), nullptr);
}

void Connection::script(const std::string& statements) {
  const int code = sqlite3_exec(handle_, statements.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code, statements);
}

bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(handle_) == 0;
}

bool Connection::breaks_foreign_keys() const {
  int broken = 0;
  int unused = 0;
  sqlite3_db_status(handle_, SQLITE_DBSTATUS_DEFERRED_FKS, &broken, &unused, 0);
  return broken != 0;
}

std::int64_t Connection::data_version() {
  detail::VectorSink<std::int64_t> sink;
  step_through(prepared("PRAGMA data_version"), &sink);
  return sink.rows.at(0);
}

void Connection::on_slow(void (*slow)(void*), void* context) {
  slow_ = {slow, context};
  const auto call = [](void* self) {
    const auto& slow = *static_cast<Slow*>(self);
    slow.call(slow.context);
    return 0;  // go on
  };
  sqlite3_progress_handler(handle_, kSlowAfterSteps, call, &slow_);
}

void Connection::fail(int code, std::string_view sql) const {
  const char* message = handle_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle_);
  throw_failure(code, message, sql);
}

}  // namespace odeon::database::sqlite

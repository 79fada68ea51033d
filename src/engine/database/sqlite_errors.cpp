#include "engine/database/sqlite_errors.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <stdexcept>

#include "engine/database/database.hpp"

namespace odeon::database::sqlite {
namespace {

Violation::Kind kind_of(int extended_code) {
  switch (extended_code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return Violation::Kind::unique;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return Violation::Kind::foreign_key;
    case SQLITE_CONSTRAINT_NOTNULL:
      return Violation::Kind::not_null;
    default:
      return Violation::Kind::check;
  }
}

bool is_away(int code) {
  switch (code) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CANTOPEN:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_PROTOCOL:
    case SQLITE_NOMEM:
      return true;
    default:
      return false;
  }
}

}  // namespace

Error unavailable(std::string detail) {
  return Error(Fault::unavailable, "DATABASE_UNAVAILABLE", "The database does not answer. Try again shortly.")
      .with_retry_after(std::chrono::seconds(1))
      .with_detail(std::move(detail));
}

void throw_failure(int extended_code, std::string_view message, std::string_view sql) {
  const int code = extended_code & 0xFF;
  if (code == SQLITE_CONSTRAINT) {
    // "UNIQUE constraint failed: users.mail"
    const auto colon = message.find(": ");
    const auto what = colon == std::string_view::npos ? std::string_view() : message.substr(colon + 2);
    throw Violation(kind_of(extended_code), std::string(what));
  }
  if (is_away(code)) throw unavailable(fmt::format("SQLite {}: {}, at: {}", extended_code, message, sql));
  throw std::runtime_error(fmt::format("SQLite {}: {}, at: {}", extended_code, message, sql));
}

}  // namespace odeon::database::sqlite

#include "engine/database/postgres_errors.hpp"

#include <fmt/format.h>

#include "engine/database/database.hpp"
#include "engine/database/libpq.hpp"

namespace odeon::database::postgres {
namespace {

std::string_view field(const PGresult* result, int code) {
  const char* text = libpq().PQresultErrorField(result, code);
  return text == nullptr ? std::string_view() : text;
}

Violation violation(Violation::Kind kind, const PGresult* result) {
  std::string name(field(result, PG_DIAG_CONSTRAINT_NAME));
  if (name.empty()) name = fmt::format("{}.{}", field(result, PG_DIAG_TABLE_NAME), field(result, PG_DIAG_COLUMN_NAME));
  return {kind, std::move(name)};
}

bool is_away(std::string_view state) {
  for (const std::string_view prefix : {"08", "40", "53", "55", "57", "58"})
    if (state.starts_with(prefix)) return true;
  // Idle too long in a transaction; a standby; damaged files.
  return state == "25P03" || state == "25006" || state == "XX001" || state == "XX002";
}

}  // namespace

Error unavailable(std::string detail) {
  return Error(Fault::unavailable, "DATABASE_UNAVAILABLE", "The database does not answer. Try again shortly.")
      .with_retry_after(std::chrono::seconds(1))
      .with_detail(std::move(detail));
}

std::exception_ptr failure_of(const PGresult* result, std::string_view sql) {
  const auto state = field(result, PG_DIAG_SQLSTATE);
  const auto text =
      fmt::format("PostgreSQL {}: {}, at: {}", state, field(result, PG_DIAG_MESSAGE_PRIMARY), sql.substr(0, 500));
  if (state == "23505") return std::make_exception_ptr(violation(Violation::Kind::unique, result));
  if (state == "23503" || state == "23001")
    return std::make_exception_ptr(violation(Violation::Kind::foreign_key, result));
  if (state == "23502") return std::make_exception_ptr(violation(Violation::Kind::not_null, result));
  if (state == "23514" || state == "23P01") return std::make_exception_ptr(violation(Violation::Kind::check, result));
  if (state == "08P01") return std::make_exception_ptr(std::logic_error(text));
  if (state == "22021")
    return std::make_exception_ptr(
        Error(Fault::invalid, "INVALID_TEXT", "The text is not valid UTF-8.").with_detail(text));
  if (state == "54000")
    return std::make_exception_ptr(Error(Fault::invalid, "TOO_LARGE", "A value is too large.").with_detail(text));
  if (state.empty() || is_away(state)) return std::make_exception_ptr(unavailable(text));
  return std::make_exception_ptr(std::runtime_error(text));
}

bool may_run_again(const PGresult* result) {
  const auto state = field(result, PG_DIAG_SQLSTATE);
  if (state == "0A000") return field(result, PG_DIAG_SOURCE_FUNCTION) == "RevalidateCachedQuery";
  return state == "40001" || state == "40P01" || state == "26000";
}

bool was_cancelled(const PGresult* result) {
  return field(result, PG_DIAG_SQLSTATE) == "57014";
}

}  // namespace odeon::database::postgres

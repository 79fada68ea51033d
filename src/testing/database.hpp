// The database of a test: SQLite, or PostgreSQL where ODEON_TEST_DATABASE says postgresql. CMake runs tests
// named as POSTGRES once with each.
#pragma once

#include <cstdlib>
#include <memory>
#include <string>

#include "engine/database/postgres.hpp"
#include "engine/database/sqlite.hpp"
#include "testing/postgres_server.hpp"
#include "testing/scratch.hpp"

namespace odeon::testing {

inline bool on_postgresql() {
  const char* wanted = std::getenv("ODEON_TEST_DATABASE");
  return wanted != nullptr && std::string_view(wanted) == "postgresql";
}

// The address of a new database: a path in `folder`, or a URL of PostgreSQL.
inline std::string fresh_database(const ScratchFolder& folder) {
  return on_postgresql() ? PostgresServer::shared().fresh_database() : folder / "test.db";
}

inline std::unique_ptr<database::Database> open_database(const std::string& address) {
  if (address.starts_with("postgresql:")) return database::open_postgres({.url = address, .connections = 6});
  return database::open_sqlite({.path = address});
}
inline std::unique_ptr<database::Database> open_database(const ScratchFolder& folder) {
  return open_database(fresh_database(folder));
}

}  // namespace odeon::testing

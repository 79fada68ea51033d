// The embedded driver: WAL, synchronous=FULL, one writer thread that commits waiting transactions as a
// group, pooled readers.
#pragma once

#include <memory>
#include <string>

#include "engine/database/database.hpp"

namespace odeon::database {

struct SqliteOptions {
  std::string path;  // file; its folder exists
  std::size_t readers = 2;
  std::uint64_t max_bytes = 0;  // beyond it the disk counts as full; 0: no limit
};

// Throws Error{unavailable} when the file cannot be opened. Other processes may use the file as well.
// The loops whose tasks use the database outlive those tasks' statements, and who stops loops by force closes it
// before: its threads may still be telling them. A destroyed database closes itself, blocking until what was begun is
// done.
std::unique_ptr<Database> open_sqlite(SqliteOptions options);

}  // namespace odeon::database

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
};

// Throws Error{unavailable} when the file cannot be opened.
std::unique_ptr<Database> open_sqlite(SqliteOptions options);

}  // namespace odeon::database

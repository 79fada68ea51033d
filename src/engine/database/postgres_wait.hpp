// Whether PostgreSQL has too few connections for what is asked of it: for metrics.
#pragma once

#include "engine/database/database.hpp"

namespace odeon::database {

// How long the oldest statement or transaction has been waiting for a free connection, as of half a second ago; zero
// where none waits, and for SQLite, which has no connections to run out of. Thread-safe.
Micros wait_for_connection(const Database& database);

}  // namespace odeon::database

// The driver for PostgreSQL 15 and newer: libpq without blocking, pipelined, pooled.
//
// Its sockets live on one thread of its own, whatever loop asks; rows are read on the asking loop. Lone
// reads share a few connections, many in one pipeline, so they wait for no transaction. Lone writes and
// transactions share the others: a transaction has one to itself, and waits for one when all are taken.
//
// A lone statement is one round trip. A transaction opens with its first statement and costs one more for
// its commit. What a snapshot or a deadlock forbids is run again by the driver as long as every statement
// before it gives what it gave the first time.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "engine/database/database.hpp"

namespace odeon::database {

struct PostgresOptions {
  std::string url;               // as libpq reads it: postgres://user@host/name?sslmode=require
  std::size_t connections = 10;  // at the most, at least 2; a quarter only reads; signals use one more
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds queue_timeout{10'000};   // for a free connection
  std::chrono::milliseconds answer_timeout{60'000};  // then the server counts as away; not for scripts
};

// Throws Error{invalid} for a URL that libpq does not understand. Connects when first needed. While the
// server is away statements fail at once with Error{unavailable} and retry_after, and it is tried again
// after a growing pause of at most a second. The loops whose tasks use the database outlive those tasks'
// statements; a destroyed database closes itself, blocking until what was begun is done.
std::unique_ptr<Database> open_postgres(PostgresOptions options);

}  // namespace odeon::database

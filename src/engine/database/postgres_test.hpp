// Scratch databases on the tests' PostgreSQL server.
#pragma once

#include "engine/database/conformance_test.hpp"
#include "engine/database/postgres.hpp"
#include "testing/postgres_server.hpp"

namespace odeon::database {

class PostgresScratch final : public Scratch {
 public:
  std::unique_ptr<Database> open() override { return open_postgres({.url = url, .connections = 8}); }
  const std::string url = testing::PostgresServer::shared().fresh_database();
};

}  // namespace odeon::database

// A private PostgreSQL server of Debian's packages, on a Unix socket in a scratch folder, with everything
// that makes commits durable left on.
//
//   auto db = database::open_postgres({.url = testing::PostgresServer::shared().fresh_database()});
#pragma once

#include <sys/types.h>

#include <string>

#include "testing/scratch.hpp"

namespace odeon::testing {

// Gone at the end with all it holds, also when the test is killed. Made on a thread that lives as long as
// the server, which ends with it. As root it runs as the user `postgres`.
class PostgresServer {
 public:
  PostgresServer();
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // One for all tests of a binary, started when first asked for: that takes a second or two.
  static PostgresServer& shared();

  // The address of a new, empty database.
  std::string fresh_database();
  std::string url(const std::string& database) const;

  // As if its machine lost power: every process at once, without a word.
  void kill();
  // Starts it again, on the same data and address; returns once it answers.
  void start();

 private:
  ScratchFolder folder_;
  pid_t postmaster_ = 0;
  int databases_ = 0;
};

}  // namespace odeon::testing

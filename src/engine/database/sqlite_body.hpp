// A transaction that runs on the writer's thread from its first statement to its last.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <vector>

#include "engine/database/atomically.hpp"
#include "engine/database/sqlite_connection.hpp"

namespace odeon::database::sqlite {

// Used by one thread, within a savepoint of `connection`.
class BodyRunner {
 public:
  struct Outcome {
    bool keep = false;                                // else the savepoint is to be undone
    bool followed = false;                            // by somebody who was called with the commit
    std::vector<std::function<void()>> after_commit;  // for who waits, once it is
  };
  // Throws what `body` throws. Should it await something else than its statements, everybody waits with it.
  Outcome run(Connection& connection, const WholeTransactions::Body& body);

 private:
  asio::io_context loop_{1};
};

}  // namespace odeon::database::sqlite

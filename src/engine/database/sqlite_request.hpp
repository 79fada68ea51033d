// A statement on its way to a database thread and back.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "engine/database/atomically.hpp"
#include "engine/database/completion.hpp"
#include "engine/database/database.hpp"

namespace odeon::database::sqlite {

struct Scope;  // what the writer knows of one transaction

struct Request : Pending {
  enum class Kind { statement, script, commit, whole };
  struct Statement {
    std::string_view sql;
    std::vector<Values> batches;
  };

  std::vector<Statement> first;  // to be run before, of the same transaction
  Kind kind = Kind::statement;
  std::string_view sql;  // a literal, or a script that outlives the request
  std::vector<Values> batches;
  RowSink* sink = nullptr;
  std::shared_ptr<Scope> scope;  // none: the statement is on its own

  std::vector<std::function<bool()>> with_commit;  // called as it is submitted
  bool followed = false;                           // by somebody who was called so

  std::int64_t changed = 0;

  // A transaction as a whole.
  const WholeTransactions::Body* body = nullptr;
  Durability durability = Durability::full;
  std::vector<std::function<void()>> after_commit;  // of it
};

}  // namespace odeon::database::sqlite

// The audit trail: sign-ins, changes of plan, connections, exports, erasures. It is only ever added to until
// what is old goes, and holds no secrets and nothing that names a person: whoever has an account's id can find what
// concerns it.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "engine/database/database.hpp"

namespace odeon::privacy {

struct AuditEntry {
  std::string id;  // sorts by time
  std::string product;
  std::string action;  // "signed_in", "plan_changed", "exported", "erased"
  json::object details;
  Instant at;
};
BOOST_DESCRIBE_STRUCT(AuditEntry, (), (id, product, action, details, at))

struct Happening {
  std::string user_id;
  std::string product;  // empty: of all
  std::string action;
  json::object details;  // no secrets, no addresses, no names
};

// Thread-safe; what it is given outlives it.
class Audit {
 public:
  // `secret` (32 bytes or more) hides the accounts' ids.
  Audit(database::Database& database, std::string secret, const Clock& clock);

  // In the transaction that makes it true, or (a database) on its own.
  Task<void> record(database::Executor& executor, Happening happening);
  // What concerns an account, the newest first, before the entry `before` (empty: from the newest).
  Task<std::vector<AuditEntry>> of(std::string user_id, std::string before, std::int64_t limit);
  // Deletes what is from before `before`. Returns how many entries.
  Task<std::int64_t> prune(Instant before);

 private:
  std::string subject_of(std::string_view user_id) const;

  database::Database& database_;
  std::string secret_;
  const Clock& clock_;
};

}  // namespace odeon::privacy

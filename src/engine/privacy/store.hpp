// All SQL of this room.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/database/migrations.hpp"
#include "engine/privacy/audit.hpp"
#include "engine/privacy/consents.hpp"
#include "engine/privacy/erasure.hpp"

namespace odeon::privacy::store {

Task<void> add_audit(database::Executor& executor, std::string subject, AuditEntry entry);
Task<std::vector<AuditEntry>> audit_of(database::Database& database, std::string subject, std::string before,
                                       std::int64_t limit);
// Up to `most`. Returns how many.
Task<std::int64_t> prune_audit(database::Executor& executor, Instant before, std::int64_t most);

Task<void> add_consent(database::Executor& executor, std::string id, std::string user_id, std::string product,
                       Consent consent);
// By purpose, each the oldest first; of all products if `product` is empty.
Task<std::vector<Consent>> consents_of(database::Executor& executor, std::string user_id, std::string product);
// Whose last decision on a purpose was yes, from the decision after `after` (empty: the first).
struct Agreed {
  std::string id;  // of the decision
  std::string user_id;
  std::string product;
};
BOOST_DESCRIBE_STRUCT(Agreed, (), (id, user_id, product))
Task<std::vector<Agreed>> agreed_to(database::Executor& executor, std::string purpose, std::string after,
                                    std::int64_t limit);
Task<std::int64_t> forget_consents(database::Executor& executor, std::string user_id, std::string product);

struct ErasureRow {
  std::string id;
  std::string user_id;
  std::string product;
  std::vector<RoomErased> rooms;
  Instant requested_at;
  std::optional<Instant> completed_at;
  std::optional<Instant> due_at;
  std::string mail;
};
BOOST_DESCRIBE_STRUCT(ErasureRow, (), (id, user_id, product, rooms, requested_at, completed_at, due_at, mail))

Task<void> add_erasure(database::Transaction& transaction, ErasureRow row);
Task<std::optional<ErasureRow>> erasure(database::Executor& executor, std::string id);
// One that is not done yet, of the same extent.
Task<std::optional<ErasureRow>> open_erasure(database::Executor& executor, std::string user_id, std::string product);
// Those of the whole account that have not begun are no more. Returns how many.
Task<std::int64_t> withdraw_erasures(database::Transaction& transaction, std::string user_id, Instant now);
// False if it was done before.
Task<bool> complete_erasure(database::Transaction& transaction, std::string id, std::vector<RoomErased> rooms,
                            Instant now);

}  // namespace odeon::privacy::store

#include "engine/privacy/store.hpp"

#include "base/ids.hpp"
#include "engine/privacy/embedded.hpp"

namespace odeon::privacy::store {

Task<void> add_audit(database::Executor& executor, std::string subject, AuditEntry e) {
  co_await executor.execute(
      "INSERT INTO privacy_audit (id, subject, product, action, details, at) VALUES ($1, $2, $3, $4, $5, $6)", e.id,
      subject, e.product, e.action, e.details, e.at);
}

Task<std::vector<AuditEntry>> audit_of(database::Database& database, std::string subject, std::string before,
                                       std::int64_t limit) {
  return database.query<AuditEntry>(
      "SELECT id, product, action, details, at FROM privacy_audit WHERE subject = $1 AND ($2 = '' OR id < $2) "
      "ORDER BY id DESC LIMIT $3",
      subject, before, limit);
}

// By their ids, which are the index of what is old.
Task<std::int64_t> prune_audit(database::Executor& executor, Instant before, std::int64_t most) {
  return executor.execute(
      "DELETE FROM privacy_audit WHERE id IN (SELECT id FROM privacy_audit WHERE id < $1 ORDER BY id LIMIT $2)",
      first_uuid_of(before), most);
}

Task<void> add_consent(database::Executor& executor, std::string id, std::string user_id, std::string product,
                       Consent c) {
  co_await executor.execute(
      "INSERT INTO privacy_consents (id, user_id, product, purpose, granted, wording, at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7)",
      id, user_id, product, c.purpose, c.granted, c.wording, c.at);
}

Task<std::vector<Consent>> consents_of(database::Executor& executor, std::string user_id, std::string product) {
  return executor.query<Consent>(
      "SELECT purpose, granted, wording, at FROM privacy_consents WHERE user_id = $1 AND ($2 = '' OR product = $2) "
      "ORDER BY product, purpose, id",
      user_id, product);
}

Task<std::vector<Agreed>> agreed_to(database::Executor& executor, std::string purpose, std::string after,
                                    std::int64_t limit) {
  return executor.query<Agreed>(
      "SELECT id, user_id, product FROM privacy_consents AS yes WHERE purpose = $1 AND granted AND id > $2 "
      "AND NOT EXISTS (SELECT 1 FROM privacy_consents AS later WHERE later.user_id = yes.user_id "
      "AND later.product = yes.product AND later.purpose = yes.purpose AND later.id > yes.id) ORDER BY id LIMIT $3",
      purpose, after, limit);
}

Task<std::int64_t> forget_consents(database::Executor& executor, std::string user_id, std::string product) {
  return executor.execute("DELETE FROM privacy_consents WHERE user_id = $1 AND ($2 = '' OR product = $2)", user_id,
                          product);
}

Task<void> add_erasure(database::Transaction& transaction, ErasureRow r) {
  co_await transaction.execute(
      "INSERT INTO privacy_erasures (id, user_id, product, requested_at, due_at, mail) VALUES ($1, $2, $3, $4, $5, $6)",
      r.id, r.user_id, r.product, r.requested_at, r.due_at, r.mail);
}

Task<std::optional<ErasureRow>> erasure(database::Executor& executor, std::string id) {
  return executor.find<ErasureRow>("SELECT * FROM privacy_erasures WHERE id = $1", id);
}

Task<std::optional<ErasureRow>> open_erasure(database::Executor& executor, std::string user_id, std::string product) {
  return executor.find<ErasureRow>(
      "SELECT * FROM privacy_erasures WHERE user_id = $1 AND product = $2 AND completed_at IS NULL", user_id, product);
}

Task<std::int64_t> withdraw_erasures(database::Transaction& transaction, std::string user_id, Instant now) {
  return transaction.execute(
      "DELETE FROM privacy_erasures WHERE user_id = $1 AND product = '' AND completed_at IS NULL AND due_at > $2",
      user_id, now);
}

Task<bool> complete_erasure(database::Transaction& transaction, std::string id, std::vector<RoomErased> rooms,
                            Instant now) {
  co_return co_await transaction.execute(
      "UPDATE privacy_erasures SET user_id = '', mail = '', rooms = $2, completed_at = $3 WHERE id = $1 AND "
      "completed_at IS NULL",
      id, rooms, now) == 1;
}

}  // namespace odeon::privacy::store

namespace odeon::privacy {

std::vector<database::Migration> migrations() {
  return {{"privacy", 1, embedded::schema_sql}, {"privacy", 2, embedded::schema_2_sql}};
}

}  // namespace odeon::privacy

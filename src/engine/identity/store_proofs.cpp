#include "engine/identity/store_proofs.hpp"

namespace odeon::identity::store {

Task<void> keep_proof(database::Executor& executor, ProofRow r) {
  co_await executor.execute(
      "INSERT INTO identity_proofs (token_hash, code_hash, account_id, mail, purpose, sent_at, expires_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (mail, purpose) DO UPDATE SET "
      "token_hash = excluded.token_hash, code_hash = excluded.code_hash, account_id = excluded.account_id, "
      "wrong_codes = 0, sent_at = excluded.sent_at, expires_at = excluded.expires_at",
      r.token_hash, r.code_hash, r.account_id, r.mail, r.purpose, r.sent_at, r.expires_at);
}

Task<std::optional<Proven>> use_proof(database::Executor& executor, std::string token_hash, Instant now) {
  return executor.find<Proven>(
      "DELETE FROM identity_proofs WHERE token_hash = $1 AND expires_at > $2 RETURNING account_id, mail, purpose",
      token_hash, now);
}

// Counted first, so that many tries at once are as many.
Task<std::optional<Proven>> use_code(database::Database& database, std::string mail, Purpose purpose,
                                     std::string code_hash, Instant now, std::int64_t most) {
  auto tx = co_await database.begin(database::Isolation::statement);
  const auto tries = co_await tx->find<std::int64_t>(
      "UPDATE identity_proofs SET wrong_codes = wrong_codes + 1 WHERE mail = $1 AND purpose = $2 AND expires_at > $3 "
      "RETURNING wrong_codes",
      mail, purpose, now);
  std::optional<Proven> proven;
  if (tries)
    proven = co_await tx->find<Proven>(
        "DELETE FROM identity_proofs WHERE mail = $1 AND purpose = $2 AND code_hash = $3 "
        "RETURNING account_id, mail, purpose",
        mail, purpose, code_hash);
  if (tries && !proven && *tries >= most)
    co_await tx->execute("DELETE FROM identity_proofs WHERE mail = $1 AND purpose = $2", mail, purpose);
  co_await tx->commit();
  co_return proven;
}

Task<std::int64_t> prune_proofs(database::Executor& executor, Instant now) {
  return executor.execute("DELETE FROM identity_proofs WHERE expires_at <= $1", now);
}

Task<std::int64_t> forget_proofs(database::Executor& executor, std::string account_id) {
  return executor.execute("DELETE FROM identity_proofs WHERE account_id = $1", account_id);
}

}  // namespace odeon::identity::store

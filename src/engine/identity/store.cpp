#include "engine/identity/store.hpp"

namespace odeon::identity::store {

Task<bool> insert_account(Executor& executor, NewAccount account) {
  co_return co_await executor.execute(
      "INSERT INTO identity_accounts (id, mail, mail_verified_at, password_hash, metadata, created_at, updated_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (mail) DO NOTHING",
      account.id, account.mail, account.mail_verified_at, account.password_hash, account.metadata, account.now) == 1;
}

Task<std::optional<Account>> account(Executor& executor, std::string id) {
  co_return co_await executor.find<Account>(
      "SELECT id, mail, mail_verified_at, metadata, created_at, updated_at, signed_in_at, suspended_at "
      "FROM identity_accounts WHERE id = $1",
      id);
}

Task<std::optional<Account>> account_by_mail(Executor& executor, std::string mail) {
  co_return co_await executor.find<Account>(
      "SELECT id, mail, mail_verified_at, metadata, created_at, updated_at, signed_in_at, suspended_at "
      "FROM identity_accounts WHERE mail = $1",
      mail);
}

Task<std::vector<Account>> accounts(Executor& executor, std::string after, std::int64_t limit) {
  co_return co_await executor.query<Account>(
      "SELECT id, mail, mail_verified_at, metadata, created_at, updated_at, signed_in_at, suspended_at "
      "FROM identity_accounts WHERE id > $1 ORDER BY id LIMIT $2",
      after, limit);
}

Task<std::optional<Credentials>> credentials(Executor& executor, std::string mail) {
  co_return co_await executor.find<Credentials>("SELECT id, password_hash FROM identity_accounts WHERE mail = $1",
                                                mail);
}

Task<std::optional<Credentials>> credentials_of(Executor& executor, std::string id) {
  co_return co_await executor.find<Credentials>("SELECT id, password_hash FROM identity_accounts WHERE id = $1", id);
}

Task<bool> set_password(Executor& executor, std::string id, std::string hash, Instant now) {
  co_return co_await executor.execute("UPDATE identity_accounts SET password_hash = $2, updated_at = $3 WHERE id = $1",
                                      id, hash, now) == 1;
}

Task<void> replace_hash(Executor& executor, std::string id, std::string from, std::string to) {
  co_await executor.execute("UPDATE identity_accounts SET password_hash = $3 WHERE id = $1 AND password_hash = $2", id,
                            from, to);
}

Task<bool> set_mail(Transaction& tx, std::string id, std::string mail, Instant now) {
  co_await Changes::tell(tx, id);
  co_return co_await tx.execute(
      "UPDATE identity_accounts SET mail = $2, mail_verified_at = NULL, updated_at = $3 WHERE id = $1", id, mail,
      now) == 1;
}

Task<bool> set_metadata(Executor& executor, std::string id, json::object metadata, Instant now) {
  co_return co_await executor.execute("UPDATE identity_accounts SET metadata = $2, updated_at = $3 WHERE id = $1", id,
                                      metadata, now) == 1;
}

Task<bool> verify_mail(Executor& executor, std::string id, Instant now) {
  co_return co_await executor.execute(
      "UPDATE identity_accounts SET mail_verified_at = $2, updated_at = $2 WHERE id = $1 AND mail IS NOT NULL", id,
      now) == 1;
}

Task<bool> set_suspended(Transaction& tx, std::string id, std::optional<Instant> since, Instant now) {
  co_await Changes::tell(tx, id);
  co_return co_await tx.execute("UPDATE identity_accounts SET suspended_at = $2, updated_at = $3 WHERE id = $1", id,
                                since, now) == 1;
}

Task<void> note_sign_in(Executor& executor, std::string id, Instant now) {
  co_await executor.execute("UPDATE identity_accounts SET signed_in_at = $2 WHERE id = $1", id, now);
}

Task<std::optional<std::string>> linked(Executor& executor, std::string issuer, std::string subject) {
  co_return co_await executor.find<std::string>(
      "SELECT account_id FROM identity_links WHERE issuer = $1 AND subject = $2", issuer, subject);
}

Task<bool> link(Executor& executor, std::string issuer, std::string subject, std::string account_id, Instant now) {
  co_return co_await executor.execute(
      "INSERT INTO identity_links (issuer, subject, account_id, created_at) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (issuer, subject) DO NOTHING",
      issuer, subject, account_id, now) == 1;
}

Task<void> relink(Executor& executor, std::string issuer, std::string subject, std::string account_id) {
  co_await executor.execute("UPDATE identity_links SET account_id = $3 WHERE issuer = $1 AND subject = $2", issuer,
                            subject, account_id);
}

}  // namespace odeon::identity::store

#include "engine/identity/store.hpp"

namespace odeon::identity::store {

Task<std::vector<Link>> links_of(Executor& executor, std::string account_id) {
  return executor.query<Link>(
      "SELECT issuer, subject, created_at FROM identity_links WHERE account_id = $1 ORDER BY created_at", account_id);
}

Task<std::vector<SessionShown>> sessions_of(Executor& executor, std::string account_id, std::string product) {
  return executor.query<SessionShown>(
      "SELECT id, product, created_at, refreshed_at, ended_at FROM identity_sessions "
      "WHERE account_id = $1 AND ($2 = '' OR product = $2) ORDER BY created_at",
      account_id, product);
}

Task<std::vector<ApiKey>> all_api_keys(Executor& executor, std::string account_id, std::string product) {
  return executor.query<ApiKey>(
      "SELECT id, name, hint, scopes, created_at, expires_at, last_used_at FROM identity_api_keys "
      "WHERE account_id = $1 AND ($2 = '' OR product = $2) ORDER BY created_at",
      account_id, product);
}

Task<std::int64_t> forget_sessions(Transaction& tx, std::string account_id, std::string product) {
  co_await Changes::tell(tx, account_id);
  const auto tokens = co_await tx.execute(
      "DELETE FROM identity_refresh_tokens WHERE session_id IN "
      "(SELECT id FROM identity_sessions WHERE account_id = $1 AND ($2 = '' OR product = $2))",
      account_id, product);
  co_return tokens +
      co_await tx.execute("DELETE FROM identity_sessions WHERE account_id = $1 AND ($2 = '' OR product = $2)",
                          account_id, product);
}

Task<std::int64_t> forget_api_keys(Transaction& tx, std::string account_id, std::string product) {
  co_await Changes::tell(tx, account_id);
  co_return co_await tx.execute("DELETE FROM identity_api_keys WHERE account_id = $1 AND ($2 = '' OR product = $2)",
                                account_id, product);
}

Task<std::int64_t> forget_account(Transaction& tx, std::string account_id) {
  co_await Changes::tell(tx, account_id);
  const auto links = co_await tx.execute("DELETE FROM identity_links WHERE account_id = $1", account_id);
  co_return links + co_await tx.execute("DELETE FROM identity_accounts WHERE id = $1", account_id);
}

}  // namespace odeon::identity::store

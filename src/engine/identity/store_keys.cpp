#include "engine/identity/store.hpp"

namespace odeon::identity::store {
namespace {

struct HolderRow {
  std::string account_id;
  std::optional<std::string> mail;
  std::string product;
  std::vector<std::string> scopes;
  std::optional<Instant> expires_at, last_used_at;
};
BOOST_DESCRIBE_STRUCT(HolderRow, (), (account_id, mail, product, scopes, expires_at, last_used_at))

}  // namespace

Task<void> insert_key(Executor& executor, KeyRow key) {
  co_await executor.execute(
      "INSERT INTO identity_api_keys (id, hash, account_id, product, name, hint, scopes, created_at, expires_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      key.key.id, key.hash, key.account_id, key.product, key.key.name, key.key.hint, key.key.scopes, key.key.created_at,
      key.key.expires_at);
}

Task<bool> lock_account(Transaction& tx, std::string id) {
  co_return co_await tx.execute("UPDATE identity_accounts SET updated_at = updated_at WHERE id = $1", id) == 1;
}

Task<std::int64_t> count_keys(Executor& executor, std::string account_id, std::string product) {
  co_return (co_await executor.find<std::int64_t>("SELECT count(*) FROM identity_api_keys "
                                                  "WHERE account_id = $1 AND product = $2 AND revoked_at IS NULL",
                                                  account_id, product))
      .value_or(0);
}

Task<std::int64_t> count_unused_keys(Executor& executor, Instant since, Instant now) {
  co_return (co_await executor.find<std::int64_t>(
                 "SELECT count(*) FROM identity_api_keys WHERE revoked_at IS NULL "
                 "AND (expires_at IS NULL OR expires_at > $2) AND created_at < $1 AND COALESCE(last_used_at, 0) < $1",
                 since, now))
      .value_or(0);
}

Task<std::vector<ApiKey>> keys_of(Executor& executor, std::string account_id, std::string product) {
  co_return co_await executor.query<ApiKey>(
      "SELECT id, name, hint, scopes, created_at, expires_at, last_used_at FROM identity_api_keys "
      "WHERE account_id = $1 AND product = $2 AND revoked_at IS NULL ORDER BY id",
      account_id, product);
}

Task<std::optional<std::string>> revoke_key(Transaction& tx, std::string account_id, std::string id, Instant now) {
  co_await Changes::tell(tx, account_id);
  co_return co_await tx.find<std::string>(
      "UPDATE identity_api_keys SET revoked_at = $3 WHERE id = $1 AND account_id = $2 AND revoked_at IS NULL "
      "RETURNING hash",
      id, account_id, now);
}

Task<std::optional<KeyHolder>> holder_of_key(Executor& executor, std::string hash, Instant now) {
  auto row = co_await executor.find<HolderRow>(
      "SELECT k.account_id AS account_id, a.mail AS mail, k.product AS product, k.scopes AS scopes, "
      "       k.expires_at AS expires_at, k.last_used_at AS last_used_at "
      "FROM identity_api_keys k JOIN identity_accounts a ON a.id = k.account_id "
      "WHERE k.hash = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $2) "
      "  AND a.suspended_at IS NULL",
      hash, now);
  if (!row) co_return std::nullopt;
  co_return KeyHolder{{std::move(row->account_id), std::move(row->mail).value_or(""), std::move(row->product),
                       std::move(row->scopes), row->expires_at},
                      row->last_used_at};
}

Task<void> note_key_use(Executor& executor, std::string hash, Instant now, Instant unless_after) {
  co_await executor.execute(
      "UPDATE identity_api_keys SET last_used_at = $2 "
      "WHERE hash = $1 AND (last_used_at IS NULL OR last_used_at <= $3)",
      hash, now, unless_after);
}

Task<std::vector<SigningKey>> signing_keys(Executor& executor) {
  co_return co_await executor.query<SigningKey>("SELECT number, private_pem FROM identity_keys ORDER BY number DESC");
}

Task<void> add_first_signing_key(Executor& executor, std::string fresh, Instant now) {
  co_await executor.execute(
      "INSERT INTO identity_keys (number, private_pem, created_at) VALUES (1, $1, $2) ON CONFLICT (number) DO NOTHING",
      fresh, now);
}

Task<std::int64_t> add_signing_key(Executor& executor, std::string fresh, Instant now) {
  co_return (co_await executor.find<std::int64_t>("INSERT INTO identity_keys (number, private_pem, created_at) "
                                                  "SELECT COALESCE(max(number), 0) + 1, CAST($1 AS TEXT), CAST($2 AS "
                                                  "BIGINT) FROM identity_keys RETURNING number",
                                                  fresh, now))
      .value();
}

Task<bool> replace_signing_key(Executor& executor, std::int64_t number, std::string from, std::string to) {
  co_return co_await executor.execute(
      "UPDATE identity_keys SET private_pem = $3 WHERE number = $1 AND private_pem = $2", number, from, to) == 1;
}

}  // namespace odeon::identity::store

#include "engine/identity/store.hpp"

namespace odeon::identity::store {
namespace {

struct PersonRow {
  std::string account_id;
  std::optional<std::string> mail;
};
BOOST_DESCRIBE_STRUCT(PersonRow, (), (account_id, mail))

struct SessionHolderRow {
  std::string account_id;
  std::optional<std::string> mail;
  std::string product;
  bool is_opaque = false;
  Instant refreshed_at, ends_at;
};
BOOST_DESCRIBE_STRUCT(SessionHolderRow, (), (account_id, mail, product, is_opaque, refreshed_at, ends_at))

}  // namespace

Task<void> insert_session(Executor& executor, SessionRow session) {
  co_await executor.execute(
      "INSERT INTO identity_sessions (id, account_id, product, created_at, refreshed_at, ends_at, token_hash) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7)",
      session.id, session.account_id, session.product, session.created_at, session.refreshed_at, session.ends_at,
      session.token_hash);
}

Task<std::optional<SessionRow>> session(Executor& executor, std::string id) {
  co_return co_await executor.find<SessionRow>(
      "SELECT id, account_id, product, created_at, refreshed_at, ends_at, ended_at, token_hash "
      "FROM identity_sessions WHERE id = $1",
      id);
}

Task<std::optional<SessionRow>> session_of_token(Executor& executor, std::string hash) {
  co_return co_await executor.find<SessionRow>(
      "SELECT s.id AS id, s.account_id AS account_id, s.product AS product, s.created_at AS created_at, "
      "       s.refreshed_at AS refreshed_at, s.ends_at AS ends_at, s.ended_at AS ended_at, s.token_hash AS token_hash "
      "FROM identity_refresh_tokens t JOIN identity_sessions s ON s.id = t.session_id WHERE t.hash = $1",
      hash);
}

Task<std::optional<SessionRow>> session_of_opaque_token(Executor& executor, std::string hash) {
  co_return co_await executor.find<SessionRow>(
      "SELECT id, account_id, product, created_at, refreshed_at, ends_at, ended_at, token_hash "
      "FROM identity_sessions WHERE token_hash = $1",
      hash);
}

Task<void> note_refresh(Executor& executor, std::string id, Instant now, Instant ends_at) {
  co_await executor.execute("UPDATE identity_sessions SET refreshed_at = $2, ends_at = $3 WHERE id = $1", id, now,
                            ends_at);
}

Task<bool> end_session(Transaction& tx, std::string id, Instant now) {
  const auto of = co_await tx.find<std::string>(
      "UPDATE identity_sessions SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL RETURNING account_id", id, now);
  if (of) co_await Changes::tell(tx, *of);
  co_return of.has_value();
}

Task<std::vector<std::string>> end_sessions(Transaction& tx, std::string account_id, std::string product,
                                            std::string except, Instant now) {
  co_await Changes::tell(tx, account_id);
  co_return co_await tx.query<std::string>(
      "UPDATE identity_sessions SET ended_at = $4 "
      "WHERE account_id = $1 AND ended_at IS NULL AND id <> $3 AND ($2 = '' OR product = $2) RETURNING id",
      account_id, product, except, now);
}

Task<std::optional<SessionHolder>> holder_of_session(Executor& executor, std::string id, Instant now) {
  auto row = co_await executor.find<SessionHolderRow>(
      "SELECT s.account_id AS account_id, a.mail AS mail, s.product AS product, "
      "       s.token_hash IS NOT NULL AS is_opaque, s.refreshed_at AS refreshed_at, s.ends_at AS ends_at "
      "FROM identity_sessions s JOIN identity_accounts a ON a.id = s.account_id "
      "WHERE s.id = $1 AND s.ended_at IS NULL AND s.ends_at > $2 AND a.suspended_at IS NULL",
      id, now);
  if (!row) co_return std::nullopt;
  Person person{.account_id = std::move(row->account_id),
                .mail = std::move(row->mail).value_or(""),
                .product = std::move(row->product),
                .until = row->ends_at};
  co_return SessionHolder{std::move(person), row->is_opaque, row->refreshed_at};
}

Task<std::optional<Person>> person_of_account(Executor& executor, std::string id) {
  auto row = co_await executor.find<PersonRow>(
      "SELECT id AS account_id, mail FROM identity_accounts WHERE id = $1 AND suspended_at IS NULL", id);
  if (!row) co_return std::nullopt;
  co_return Person{.account_id = std::move(row->account_id), .mail = std::move(row->mail).value_or("")};
}

Task<void> insert_token(Executor& executor, std::string hash, std::string session_id, Instant now) {
  co_await executor.execute("INSERT INTO identity_refresh_tokens (hash, session_id, created_at) VALUES ($1, $2, $3)",
                            hash, session_id, now);
}

Task<std::optional<std::string>> use_token(Transaction& tx, std::string hash, std::string salt, Instant now) {
  co_return co_await tx.find<std::string>(
      "UPDATE identity_refresh_tokens SET used_at = $2, salt = $3 WHERE hash = $1 AND used_at IS NULL "
      "RETURNING session_id",
      hash, now, salt);
}

Task<std::optional<RefreshToken>> token(Executor& executor, std::string hash) {
  co_return co_await executor.find<RefreshToken>(
      "SELECT hash, session_id, used_at, salt FROM identity_refresh_tokens WHERE hash = $1", hash);
}

Task<std::int64_t> prune_sessions(Transaction& tx, Instant before) {
  const auto sessions =
      co_await tx.execute("DELETE FROM identity_sessions WHERE ends_at < $1 OR ended_at < $1", before);
  co_await tx.execute(
      "DELETE FROM identity_refresh_tokens WHERE used_at < $1 "
      "OR NOT EXISTS (SELECT 1 FROM identity_sessions s WHERE s.id = identity_refresh_tokens.session_id)",
      before);
  co_return sessions;
}

}  // namespace odeon::identity::store

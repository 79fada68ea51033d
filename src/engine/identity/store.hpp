// All SQL of identity, as one function an act: store.cpp holds accounts and links, store_sessions.cpp
// sessions and their tokens, store_keys.cpp API keys and signing keys, store_personal.cpp all of one person. What ends
// or changes whom credentials stand for tells so (database/changes.hpp), so it wants a transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/database/database.hpp"
#include "engine/identity/account.hpp"
#include "engine/identity/api_keys.hpp"

namespace odeon::identity::store {

using database::Changes;
using database::Executor;
using database::Transaction;

// ---- accounts ------------------------------------------------------------------------------------

struct NewAccount {
  std::string id;
  std::optional<std::string> mail;
  std::optional<Instant> mail_verified_at;
  std::optional<std::string> password_hash;
  json::object metadata;
  Instant now;
};
// False if the mail is taken.
Task<bool> insert_account(Executor& executor, NewAccount account);
Task<std::optional<Account>> account(Executor& executor, std::string id);
Task<std::optional<Account>> account_by_mail(Executor& executor, std::string mail);
Task<std::vector<Account>> accounts(Executor& executor, std::string after, std::int64_t limit);

struct Credentials {
  std::string id;
  std::optional<std::string> password_hash;
};
BOOST_DESCRIBE_STRUCT(Credentials, (), (id, password_hash))
Task<std::optional<Credentials>> credentials(Executor& executor, std::string mail);
Task<std::optional<Credentials>> credentials_of(Executor& executor, std::string id);
Task<bool> set_password(Executor& executor, std::string id, std::string hash, Instant now);
// The same password under new parameters; nothing happens if it was changed meanwhile.
Task<void> replace_hash(Executor& executor, std::string id, std::string from, std::string to);
// Throws Violation when another account has it.
Task<bool> set_mail(Transaction& tx, std::string id, std::string mail, Instant now);
Task<bool> set_metadata(Executor& executor, std::string id, json::object metadata, Instant now);
Task<bool> verify_mail(Executor& executor, std::string id, Instant now);
Task<bool> set_suspended(Transaction& tx, std::string id, std::optional<Instant> since, Instant now);
Task<void> note_sign_in(Executor& executor, std::string id, Instant now);

Task<std::optional<std::string>> linked(Executor& executor, std::string issuer, std::string subject);
// False if that subject is linked already.
Task<bool> link(Executor& executor, std::string issuer, std::string subject, std::string account_id, Instant now);
Task<void> relink(Executor& executor, std::string issuer, std::string subject, std::string account_id);

// ---- sessions ------------------------------------------------------------------------------------

struct SessionRow {
  std::string id;
  std::string account_id;
  std::string product;
  Instant created_at;
  Instant refreshed_at;
  Instant ends_at;
  std::optional<Instant> ended_at;
  std::optional<std::string> token_hash;
};
BOOST_DESCRIBE_STRUCT(SessionRow, (),
                      (id, account_id, product, created_at, refreshed_at, ends_at, ended_at, token_hash))
Task<void> insert_session(Executor& executor, SessionRow session);
Task<std::optional<SessionRow>> session(Executor& executor, std::string id);
Task<std::optional<SessionRow>> session_of_token(Executor& executor, std::string hash);
Task<std::optional<SessionRow>> session_of_opaque_token(Executor& executor, std::string hash);
Task<void> note_refresh(Executor& executor, std::string id, Instant now, Instant ends_at);
// False if it was not alive.
Task<bool> end_session(Transaction& tx, std::string id, Instant now);
// Those that were alive: all of the account, of one product if it is named, but `except`.
Task<std::vector<std::string>> end_sessions(Transaction& tx, std::string account_id, std::string product,
                                            std::string except, Instant now);

// Whom credentials stand for, if they still do: a session that has not ended, a key that was not revoked, an
// account; of a person who is not suspended.
struct SessionHolder {
  Person person;
  bool is_opaque = false;
  Instant refreshed_at;
};
Task<std::optional<SessionHolder>> holder_of_session(Executor& executor, std::string id, Instant now);
Task<std::optional<Person>> person_of_account(Executor& executor, std::string id);

struct RefreshToken {
  std::string hash;
  std::string session_id;
  std::optional<Instant> used_at;
  std::optional<std::string> salt;
};
BOOST_DESCRIBE_STRUCT(RefreshToken, (), (hash, session_id, used_at, salt))
Task<void> insert_token(Executor& executor, std::string hash, std::string session_id, Instant now);
// The session of a token that was not used before and now is.
Task<std::optional<std::string>> use_token(Transaction& tx, std::string hash, std::string salt, Instant now);
Task<std::optional<RefreshToken>> token(Executor& executor, std::string hash);
// Sessions that were over before `before`, and tokens that were used before it.
Task<std::int64_t> prune_sessions(Transaction& tx, Instant before);

// ---- keys ----------------------------------------------------------------------------------------

struct KeyRow {
  ApiKey key;
  std::string hash;
  std::string account_id;
  std::string product;
};
Task<void> insert_key(Executor& executor, KeyRow key);
// Makes others who add keys to the account wait for the end of `tx`. False if there is no such account.
Task<bool> lock_account(Transaction& tx, std::string id);
Task<std::int64_t> count_keys(Executor& executor, std::string account_id, std::string product);
// Good ones of everybody's, made and last used before `since`.
Task<std::int64_t> count_unused_keys(Executor& executor, Instant since, Instant now);
Task<std::vector<ApiKey>> keys_of(Executor& executor, std::string account_id, std::string product);
// The hash of the key that was revoked, if there was one.
Task<std::optional<std::string>> revoke_key(Transaction& tx, std::string account_id, std::string id, Instant now);

struct KeyHolder {
  Person person;
  std::optional<Instant> last_used_at;
};
Task<std::optional<KeyHolder>> holder_of_key(Executor& executor, std::string hash, Instant now);
// Nothing happens if another node noted it since `unless_after`.
Task<void> note_key_use(Executor& executor, std::string hash, Instant now, Instant unless_after);

struct SigningKey {
  std::int64_t number = 0;
  std::string private_pem;  // as it lies there, sealed or not
};
BOOST_DESCRIBE_STRUCT(SigningKey, (), (number, private_pem))
// The one that signs first. Whoever asks first on an empty table sets `fresh`.
Task<std::vector<SigningKey>> signing_keys(Executor& executor);
Task<void> add_first_signing_key(Executor& executor, std::string fresh, Instant now);
// Returns its number, the highest. Throws Violation when two are added at once.
Task<std::int64_t> add_signing_key(Executor& executor, std::string fresh, Instant now);
// Nothing happens, and false, if it is no longer `from`.
Task<bool> replace_signing_key(Executor& executor, std::int64_t number, std::string from, std::string to);

// ---- all of one person (store_personal.cpp); `product` empty: of all products --------------------

struct Link {
  std::string issuer;
  std::string subject;
  Instant created_at;
};
BOOST_DESCRIBE_STRUCT(Link, (), (issuer, subject, created_at))
Task<std::vector<Link>> links_of(Executor& executor, std::string account_id);

struct SessionShown {
  std::string id;
  std::string product;
  Instant created_at;
  Instant refreshed_at;
  std::optional<Instant> ended_at;
};
BOOST_DESCRIBE_STRUCT(SessionShown, (), (id, product, created_at, refreshed_at, ended_at))
Task<std::vector<SessionShown>> sessions_of(Executor& executor, std::string account_id, std::string product);
// Those that were revoked too.
Task<std::vector<ApiKey>> all_api_keys(Executor& executor, std::string account_id, std::string product);

// With their tokens. Each returns how many rows went.
Task<std::int64_t> forget_sessions(Transaction& tx, std::string account_id, std::string product);
Task<std::int64_t> forget_api_keys(Transaction& tx, std::string account_id, std::string product);
// With its ways in.
Task<std::int64_t> forget_account(Transaction& tx, std::string account_id);

}  // namespace odeon::identity::store

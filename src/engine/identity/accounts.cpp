#include "engine/identity/accounts.hpp"

#include "base/crypto.hpp"
#include "base/ids.hpp"
#include "engine/identity/embedded.hpp"
#include "engine/identity/mail.hpp"
#include "engine/identity/store.hpp"

namespace odeon::identity {
namespace {

std::string checked_mail(std::string_view mail) {
  if (auto normal = normal_mail(mail)) return std::move(*normal);
  throw Error(Fault::invalid, "INVALID_MAIL", "This is not a mail address.")
      .with_fields({{"email", "mail", "This is not a mail address."}});
}

Error mail_taken() {
  return Error(Fault::conflict, "MAIL_TAKEN", "Someone is registered with this mail address. Sign in instead.");
}

void check_metadata(const json::object& metadata) {
  if (json::write(metadata).size() > Accounts::max_metadata)
    throw Error(Fault::invalid, "METADATA_TOO_LARGE", "Keep these data below 8 KB.")
        .with_fields({{"data", "too_large", "Keep these data below 8 KB."}});
}

}  // namespace

std::vector<database::Migration> migrations() {
  return {{.module = "identity", .number = 1, .sql = embedded::schema_sql},
          {.module = "identity", .number = 2, .sql = embedded::proofs_sql},
          {.module = "identity", .number = 3, .sql = embedded::sessions_sql},
          {.module = "identity", .number = 4, .sql = embedded::oauth_sql}};
}

Accounts::Accounts(database::Database& database, Passwords& passwords, Sessions& sessions,
                   coordination::Coordination& coordination, const Clock& clock, AccountOptions options)
    : database_(database),
      passwords_(passwords),
      sessions_(sessions),
      coordination_(coordination),
      clock_(clock),
      options_(options) {}

// Keys are hashes: whoever looks into the shared store finds no mail addresses.
Task<void> Accounts::take(std::string_view what, std::string whom, coordination::Limit limit) {
  std::string key = "identity.";
  key.append(what).append("|").append(crypto::to_base64url(crypto::sha256(whom)));
  const auto verdict = co_await coordination_.take(std::move(key), limit);
  if (!verdict.allowed)
    throw Error(Fault::rate_limited, "RATE_LIMITED", "Too many attempts. Try again later.")
        .with_retry_after(verdict.retry_after);
}

Task<Account> Accounts::sign_up(std::string mail, std::string password, json::object metadata, std::string address) {
  const std::string normal = checked_mail(mail);
  check_metadata(metadata);
  co_await take("sign-up", std::move(address), options_.sign_ups_from_address);
  if (co_await store::credentials(database_, normal)) throw mail_taken();
  const std::string id = new_uuid(clock_);
  store::NewAccount account{.id = id, .mail = normal, .metadata = std::move(metadata), .now = clock_.now()};
  account.password_hash = co_await passwords_.hash(std::move(password));
  if (!co_await store::insert_account(database_, std::move(account))) throw mail_taken();
  co_await sessions_.witness(database_, {id, "", "account_created"});
  co_return (co_await store::account(database_, id)).value();
}

Task<std::optional<std::string>> Accounts::bring(Brought person) {
  if (person.password_hash && !Passwords::knows(*person.password_hash))
    throw Error(Fault::invalid, "UNKNOWN_HASH", "This is no hash of bcrypt ($2b$) or Argon2id that is known here.");
  check_metadata(person.metadata);
  const Instant now = clock_.now();
  store::NewAccount account{.id = new_uuid(clock_),
                            .mail = checked_mail(person.mail),
                            .mail_verified_at = person.mail_verified ? std::optional(now) : std::nullopt,
                            .password_hash = std::move(person.password_hash),
                            .metadata = std::move(person.metadata),
                            .now = now};
  std::string id = account.id;
  if (!co_await store::insert_account(database_, std::move(account))) co_return std::nullopt;
  co_return id;
}

Task<std::expected<Account, SignInFault>> Accounts::sign_in(std::string mail, std::string password, std::string address,
                                                            std::string product) {
  const std::string normal = checked_mail(mail);
  co_await take("attempt-from", std::move(address), options_.attempts_from_address);
  co_await take("attempt-at", normal, options_.attempts_at_account);
  const auto known = co_await store::credentials(database_, normal);
  const auto match = co_await passwords_.check(password, known ? known->password_hash : std::nullopt);
  if (match == Passwords::Match::no) {
    // Of strangers too, so that they wait as long.
    co_await sessions_.witness(database_, {known ? known->id : "", std::move(product), "sign_in_failed"});
    co_return std::unexpected(SignInFault::wrong);
  }
  if (match == Passwords::Match::outdated) {
    std::string fresh = co_await passwords_.hash(std::move(password));
    co_await store::replace_hash(database_, known->id, *known->password_hash, std::move(fresh));
  }
  auto account = co_await store::account(database_, known->id);
  if (!account) co_return std::unexpected(SignInFault::wrong);
  if (account->suspended_at) {
    co_await sessions_.witness(database_, {account->id, std::move(product), "sign_in_failed", {{"why", "suspended"}}});
    co_return std::unexpected(SignInFault::suspended);
  }
  co_return std::move(*account);
}

Task<std::optional<Account>> Accounts::find(std::string id) {
  co_return co_await store::account(database_, std::move(id));
}

Task<bool> Accounts::has_password(std::string id, std::string password) {
  const auto known = co_await store::credentials_of(database_, std::move(id));
  co_return co_await passwords_.check(std::move(password), known ? known->password_hash : std::nullopt) !=
      Passwords::Match::no;
}

Task<void> Accounts::change(std::string id, Change change) {
  std::optional<std::string> mail;
  if (!change.mail.empty()) mail = checked_mail(change.mail);
  auto tx = co_await database_.begin(database::Isolation::statement);
  if (!co_await store::lock_account(*tx, id)) co_return;
  const auto account = (co_await store::account(*tx, id)).value();
  auto metadata = account.metadata;
  for (const auto& [name, value] : change.metadata) {
    if (value.is_null())
      metadata.erase(name);
    else
      metadata[name] = value;
  }
  check_metadata(metadata);
  const Instant now = clock_.now();
  if (metadata != account.metadata) co_await store::set_metadata(*tx, id, std::move(metadata), now);
  try {
    if (mail && mail != account.mail) co_await store::set_mail(*tx, id, *mail, now);
  } catch (const database::Violation&) {
    throw mail_taken();
  }
  co_await tx->commit();
}

Task<std::optional<Account>> Accounts::prove_mail(Proven proven) {
  auto account = co_await find(proven.account_id);
  if (!account || account->mail != proven.mail || account->suspended_at) co_return std::nullopt;
  if (!account->mail_verified_at) co_await store::verify_mail(database_, account->id, clock_.now());
  co_return account;
}

Task<void> Accounts::set_password(std::string id, std::string password, std::string keep_session) {
  std::string hash = co_await passwords_.hash(std::move(password));
  auto tx = co_await database_.begin(database::Isolation::statement);
  co_await store::set_password(*tx, id, std::move(hash), clock_.now());
  co_await sessions_.witness(*tx, {id, "", "password_changed"});
  co_await tx->commit();
  co_await sessions_.end_all(std::move(id), std::move(keep_session));
}

Task<std::shared_ptr<const Person>> Accounts::person(std::string id) {
  const Instant now = clock_.now();
  if (auto known = living_.recall(id, now)) co_return known;
  auto found = co_await store::person_of_account(database_, id);
  co_return living_.remember(std::move(id), now, std::move(found));
}

Task<std::optional<Account>> Accounts::find_by_mail(std::string mail) {
  const auto normal = normal_mail(mail);
  if (!normal) co_return std::nullopt;
  co_return co_await store::account_by_mail(database_, *normal);
}

Task<std::vector<Account>> Accounts::list(std::string after, std::int64_t limit) {
  co_return co_await store::accounts(database_, std::move(after), limit);
}

Task<std::vector<Accounts::Link>> Accounts::links(std::string id) {
  std::vector<Link> links;
  for (auto& row : co_await store::links_of(database_, std::move(id)))
    links.push_back({std::move(row.issuer), std::move(row.subject), row.created_at});
  co_return links;
}

Task<bool> Accounts::mark_mail_verified(std::string id) {
  co_return co_await store::verify_mail(database_, std::move(id), clock_.now());
}

Task<bool> Accounts::suspend(std::string id) {
  const Instant now = clock_.now();
  auto tx = co_await database_.begin(database::Isolation::statement);
  const bool known = co_await store::set_suspended(*tx, id, now, now);
  co_await tx->commit();
  living_.forget(id);
  if (!known) co_return false;
  co_await sessions_.end_all(std::move(id), "");
  co_return true;
}

Task<bool> Accounts::restore(std::string id) {
  auto tx = co_await database_.begin(database::Isolation::statement);
  const bool known = co_await store::set_suspended(*tx, std::move(id), std::nullopt, clock_.now());
  co_await tx->commit();
  co_return known;
}

}  // namespace odeon::identity

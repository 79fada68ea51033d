// People from outside issuers.
#include "base/ids.hpp"
#include "engine/identity/accounts.hpp"
#include "engine/identity/mail.hpp"
#include "engine/identity/store.hpp"

namespace odeon::identity {

Task<std::string> Accounts::account_of(OutsidePerson person) {
  if (auto known = co_await store::linked(database_, person.issuer, person.subject)) co_return std::move(*known);
  const std::string fresh = new_uuid(clock_);
  auto tx = co_await database_.begin();
  std::string id;
  // The link first: of those who come twice at once, one makes the account, and the others wait and find it.
  if (co_await store::link(*tx, person.issuer, person.subject, fresh, clock_.now())) {
    id = co_await settle_in(*tx, person, fresh);
    if (id != fresh)
      co_await store::relink(*tx, person.issuer, person.subject, id);
    else
      co_await sessions_.witness(*tx, {id, "", "account_created", {{"issuer", person.issuer}}});
    co_await sessions_.witness(*tx, {id, "", "connected", {{"issuer", person.issuer}}});
  } else {
    id = (co_await store::linked(*tx, person.issuer, person.subject)).value();
  }
  co_await tx->commit();
  co_return id;
}

// Who they are here, or someone new by the id `fresh`.
Task<std::string> Accounts::settle_in(database::Transaction& tx, OutsidePerson person, std::string fresh) {
  const Instant now = clock_.now();
  store::NewAccount account{.id = fresh, .now = now};
  if (person.mail) account.mail = normal_mail(*person.mail);
  if (account.mail && person.mail_verified) account.mail_verified_at = now;
  if (co_await store::insert_account(tx, account)) co_return fresh;

  const auto holder = co_await store::account_by_mail(tx, *account.mail);
  if (holder && holder->mail_verified_at && person.mail_verified) co_return holder->id;
  // The address belongs to someone who may be another person: this one gets an account without it.
  account.mail = std::nullopt;
  account.mail_verified_at = std::nullopt;
  co_await store::insert_account(tx, account);
  co_return fresh;
}

}  // namespace odeon::identity

// People from outside issuers.
#include "base/ids.hpp"
#include "engine/identity/accounts.hpp"
#include "engine/identity/mail.hpp"
#include "engine/identity/store.hpp"

namespace odeon::identity {

Task<std::string> Accounts::account_of(OutsidePerson person) {
  if (auto known = co_await store::linked(database_, person.issuer, person.subject)) co_return std::move(*known);
  auto tx = co_await database_.begin();
  const std::string id = co_await make_linked(*tx, person);
  if (co_await store::link(*tx, person.issuer, person.subject, id, clock_.now())) {
    co_await tx->commit();
    co_return id;
  }
  tx.reset();  // they came twice at once: the other one was first, and the account just made was never there
  auto known = co_await store::linked(database_, person.issuer, person.subject);
  if (!known) throw Error(Fault::unavailable, "BUSY", "Try again in a moment.");
  co_return std::move(*known);
}

// Who they are here, or someone new.
Task<std::string> Accounts::make_linked(database::Transaction& tx, OutsidePerson person) {
  const Instant now = clock_.now();
  store::NewAccount fresh{.id = new_uuid(clock_), .now = now};
  if (person.mail) fresh.mail = normal_mail(*person.mail);
  if (fresh.mail && person.mail_verified) fresh.mail_verified_at = now;
  const std::string id = fresh.id;
  if (co_await store::insert_account(tx, fresh)) co_return id;

  const auto holder = co_await store::account_by_mail(tx, *fresh.mail);
  if (holder && holder->mail_verified_at && person.mail_verified) co_return holder->id;
  // The address belongs to someone who may be another person: this one gets an account without it.
  fresh.mail = std::nullopt;
  fresh.mail_verified_at = std::nullopt;
  co_await store::insert_account(tx, fresh);
  co_return id;
}

}  // namespace odeon::identity

// The people of this server: one account each, whatever products they use, known by a mail address.
#pragma once

#include <expected>

#include "engine/coordination/coordination.hpp"
#include "engine/database/database.hpp"
#include "engine/database/migrations.hpp"
#include "engine/identity/account.hpp"
#include "engine/identity/passwords.hpp"
#include "engine/identity/proofs.hpp"
#include "engine/identity/sessions.hpp"

namespace odeon::identity {

// The tables of this room.
std::vector<database::Migration> migrations();

struct AccountOptions {
  // Attempts at passwords, right ones too: of one account from anywhere, and of one address at any account.
  coordination::Limit attempts_at_account{10, std::chrono::seconds(300)};
  coordination::Limit attempts_from_address{100, std::chrono::seconds(300)};
  coordination::Limit sign_ups_from_address{60, std::chrono::seconds(300)};
};

enum class SignInFault { wrong, suspended };

// Who an outside issuer says someone is.
struct OutsidePerson {
  std::string issuer;
  std::string subject;
  std::optional<std::string> mail;
  bool mail_verified = false;  // only what the issuer itself vouches for, never what people say of themselves
};

// Thread-safe. Mail addresses are taken in any case and checked by whoever reads them (`normal_mail`): one
// that is none is Error{invalid}.
class Accounts {
 public:
  Accounts(database::Database& database, Passwords& passwords, Sessions& sessions,
           coordination::Coordination& coordination, const Clock& clock, AccountOptions options);

  // `address` is the client's. Throws Error{conflict, "MAIL_TAKEN"} and Error{rate_limited}.
  Task<Account> sign_up(std::string mail, std::string password, json::object metadata, std::string address);
  // Takes the same time whether or not there is such a person. `product` is for the witness of what fails. Throws
  // Error{rate_limited}.
  Task<std::expected<Account, SignInFault>> sign_in(std::string mail, std::string password, std::string address,
                                                    std::string product = "");

  Task<std::optional<Account>> find(std::string id);
  Task<bool> has_password(std::string id, std::string password);
  struct Change {
    std::string mail;       // empty: stays; a new one counts as unverified
    json::object metadata;  // replaces the members that it names; a null removes one
  };
  // All or nothing. Throws Error{conflict, "MAIL_TAKEN"}, and Error{invalid} beyond `max_metadata`.
  Task<void> change(std::string id, Change change);
  static constexpr std::size_t max_metadata = 8 * 1024;  // bytes of JSON; it travels in every access token
  // They read the mail that they have: it counts as verified from now on. Nothing if they have another by now, or
  // are suspended.
  Task<std::optional<Account>> prove_mail(Proven proven);
  // Ends every session of theirs but `keep_session` (empty: all).
  Task<void> set_password(std::string id, std::string password, std::string keep_session);

  // The account of someone from outside; made at their first coming. They are taken for a person that is
  // here already only if the issuer has verified their mail and we have as well.
  Task<std::string> account_of(OutsidePerson person);
  // Nothing for an account that is suspended or gone; known within a second.
  Task<std::shared_ptr<const Person>> person(std::string id);

  // ---- for operators -------------------------------------------------------------------------------

  // Somebody who had an account elsewhere, with the hash of their password there (Passwords::knows) or none. Nothing
  // if somebody is registered with this address; else the account's id. Throws Error{invalid}.
  struct Brought {
    std::string mail;
    bool mail_verified = false;
    std::optional<std::string> password_hash;
    json::object metadata;
  };
  Task<std::optional<std::string>> bring(Brought person);
  Task<std::optional<Account>> find_by_mail(std::string mail);
  // In order of their coming, from the one after id `after` (empty: the first).
  Task<std::vector<Account>> list(std::string after, std::int64_t limit);
  struct Link {
    std::string issuer;
    std::string subject;
    Instant created_at;
    BOOST_DESCRIBE_CLASS(Link, (), (issuer, subject, created_at), (), ())
  };
  // Who they are at outside issuers.
  Task<std::vector<Link>> links(std::string id);
  // That they read their mail is known otherwise. False if they have none.
  Task<bool> mark_mail_verified(std::string id);
  // Someone suspended cannot sign in, and whatever they hold is refused within a second.
  Task<bool> suspend(std::string id);
  Task<bool> restore(std::string id);

 private:
  Task<void> take(std::string_view what, std::string whom, coordination::Limit limit);
  Task<std::string> settle_in(database::Transaction& tx, OutsidePerson person, std::string fresh);

  database::Database& database_;
  Passwords& passwords_;
  Sessions& sessions_;
  coordination::Coordination& coordination_;
  const Clock& clock_;
  AccountOptions options_;
  Liveness living_{database_};
};

}  // namespace odeon::identity

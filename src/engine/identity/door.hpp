// The way into one product: sign up, sign in, by mail or by somebody else's word, come back, leave, and prove that one
// reads one's mail. Products put their spec's requests and answers around it.
#pragma once

#include "engine/identity/accounts.hpp"
#include "engine/identity/proofs.hpp"
#include "engine/identity/sessions.hpp"

namespace odeon::identity {

struct DoorPolicy {
  std::string product;
  std::size_t min_password = 8;   // characters
  bool mixed_password = false;    // at least one capital letter and one digit
  bool require_verified = false;  // whoever signs in by password has proven their address
};

// As which people want to be called; nothing if they did not say.
std::optional<std::string> name_of(const Account& account);
// Where there is a picture of them, as an outside issuer said; nothing if none did.
std::optional<std::string> picture_of(const Account& account);

struct SignedIn {
  Account account;
  SessionTokens tokens;
};

// What came with a mail: the token of its link, or the address and the code.
struct MailSecret {
  std::string token;  // empty: by code
  std::string mail;
  std::string code;
};

// Thread-safe; what it is given outlives it.
class Door {
 public:
  Door(Accounts& accounts, Sessions& sessions, Proofs& proofs, DoorPolicy policy)
      : accounts_(accounts), sessions_(sessions), proofs_(proofs), policy_(std::move(policy)) {}

  const std::string& product() const { return policy_.product; }

  struct Newcomer {
    std::string mail;
    std::string password;
    json::object metadata;
    std::string address;  // of the client
  };
  // Signs them in at once and sends the mail that verifies their address. Throws as `Accounts::sign_up` does, and
  // Error{invalid} for a weak password.
  Task<SignedIn> sign_up(Newcomer newcomer);
  // Throws Error{unauthenticated, "INVALID_CREDENTIALS"}, alike and as late for an unknown address and a wrong
  // password; Error{forbidden, "ACCOUNT_SUSPENDED"}, and Error{forbidden, "EMAIL_NOT_VERIFIED"} where the policy
  // wants that.
  Task<SignedIn> sign_in(std::string mail, std::string password, std::string address);
  // Somebody whom an outside issuer vouches for. `name` is kept for who has none here, `picture` in the place of the
  // one before; either may be empty.
  Task<SignedIn> admit(OutsidePerson person, std::string name, std::string picture = "");
  // Throws Error{unauthenticated, "INVALID_REFRESH_TOKEN"}.
  Task<SignedIn> refresh(std::string refresh_token);
  Task<void> sign_out(std::string session_id, SignOut scope = SignOut::local);
  // Throws Error{unauthenticated} for who is gone.
  Task<Account> account_of(std::string id);

  // Sends what proves the address, or resets the password. Does the same for an address that nobody has here, as
  // far as anybody can see. Throws Error{invalid, "INVALID_MAIL"}, Error{rate_limited} and Error{unavailable,
  // "MAIL_UNAVAILABLE"}.
  Task<void> send_mail(std::string mail, Purpose purpose);
  // These throw Error{invalid, "INVALID_TOKEN"} for what is wrong, used or too old.
  Task<Account> verify(MailSecret secret);
  // A weak password leaves the secret good. Every earlier session ends, in all products.
  Task<Account> reset_password(MailSecret secret, std::string password);
  // Throws Error{invalid, "WEAK_PASSWORD"} that says what to do.
  void check_password(const std::string& password) const;

 private:
  Task<void> welcome(Account account);
  Task<Account> proven(MailSecret secret, Purpose purpose);
  Task<SignedIn> let_in(Account account);

  Accounts& accounts_;
  Sessions& sessions_;
  Proofs& proofs_;
  DoorPolicy policy_;
};

}  // namespace odeon::identity

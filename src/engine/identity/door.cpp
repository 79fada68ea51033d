#include "engine/identity/door.hpp"

#include "engine/identity/mail.hpp"

namespace odeon::identity {

namespace {

std::optional<std::string> metadata_text(const Account& account, std::string_view what) {
  const auto* found = account.metadata.if_contains(what);
  if (found == nullptr || !found->is_string() || found->get_string().empty()) return std::nullopt;
  return std::string(found->get_string());
}

}  // namespace

std::optional<std::string> name_of(const Account& account) {
  return metadata_text(account, "name");
}

std::optional<std::string> picture_of(const Account& account) {
  return metadata_text(account, "picture");
}

void Door::check_password(const std::string& password) const {
  const bool mixed = std::ranges::any_of(password, [](char c) { return c >= 'A' && c <= 'Z'; }) &&
                     std::ranges::any_of(password, [](char c) { return c >= '0' && c <= '9'; });
  if (text::length(password) >= policy_.min_password && (mixed || !policy_.mixed_password)) return;
  const auto message = fmt::format("Choose a password of at least {} characters{}.", policy_.min_password,
                                   policy_.mixed_password ? ", with a capital letter and a digit" : "");
  throw Error(Fault::invalid, "WEAK_PASSWORD", message).with_fields({{"password", "too_weak", message}});
}

Task<SignedIn> Door::let_in(Account account) {
  auto tokens = co_await sessions_.start(account, policy_.product);
  co_return SignedIn{std::move(account), std::move(tokens)};
}

Task<SignedIn> Door::sign_up(Newcomer newcomer) {
  check_password(newcomer.password);
  const auto account = co_await accounts_.sign_up(std::move(newcomer.mail), std::move(newcomer.password),
                                                  std::move(newcomer.metadata), std::move(newcomer.address));
  co_await welcome(account);
  co_return co_await let_in(account);
}

// Who was sent a mail just now, for an account that is no more, can ask for another.
Task<void> Door::welcome(Account account) {
  if (!proofs_.can_send()) co_return;
  const auto sent = co_await settle(proofs_.send(std::move(account), Purpose::verify, policy_.product));
  if (sent) co_return;
  try {
    std::rethrow_exception(sent.error());
  } catch (const Error& error) {
    if (error.fault != Fault::rate_limited) throw;
  }
}

Task<SignedIn> Door::sign_in(std::string mail, std::string password, std::string address) {
  // What is no address is nobody's.
  const auto normal = normal_mail(mail);
  if (!normal) throw Error(Fault::unauthenticated, "INVALID_CREDENTIALS", "Mail address or password is wrong.");
  auto account = co_await accounts_.sign_in(*normal, std::move(password), std::move(address), policy_.product);
  if (!account) {
    if (account.error() == SignInFault::suspended)
      throw Error(Fault::forbidden, "ACCOUNT_SUSPENDED", "This account is suspended. Write to us.");
    throw Error(Fault::unauthenticated, "INVALID_CREDENTIALS", "Mail address or password is wrong.");
  }
  if (policy_.require_verified && !account->mail_verified_at)
    throw Error(Fault::forbidden, "EMAIL_NOT_VERIFIED", "Confirm your mail address first: look for our mail.")
        .with_fallback_action("resend_verification");
  co_return co_await let_in(std::move(*account));
}

Task<SignedIn> Door::admit(OutsidePerson person, std::string name, std::string picture) {
  const std::string id = co_await accounts_.account_of(std::move(person));
  auto account = co_await account_of(id);
  if (account.suspended_at)
    throw Error(Fault::forbidden, "ACCOUNT_SUSPENDED", "This account is suspended. Write to us.");
  json::object news;
  if (!name.empty() && !account.metadata.contains("name")) news["name"] = std::move(name);
  if (!picture.empty() && picture_of(account) != picture) news["picture"] = std::move(picture);
  if (!news.empty()) {
    co_await accounts_.change(id, {.metadata = std::move(news)});
    account = co_await account_of(id);
  }
  co_return co_await let_in(std::move(account));
}

Task<SignedIn> Door::refresh(std::string refresh_token) {
  auto refreshed = co_await sessions_.refresh(std::move(refresh_token), policy_.product);
  if (!refreshed) throw Error(Fault::unauthenticated, "INVALID_REFRESH_TOKEN", "You are signed out. Sign in again.");
  co_return SignedIn{std::move(refreshed->account), std::move(refreshed->tokens)};
}

Task<void> Door::sign_out(std::string session_id, SignOut scope) {
  return sessions_.sign_out(std::move(session_id), scope);
}

Task<Account> Door::account_of(std::string id) {
  auto account = co_await accounts_.find(std::move(id));
  if (!account) throw Error(Fault::unauthenticated, "SESSION_ENDED", "You are signed out. Sign in again.");
  co_return std::move(*account);
}

Task<void> Door::send_mail(std::string mail, Purpose purpose) {
  const auto normal = normal_mail(mail);
  if (!normal)
    throw Error(Fault::invalid, "INVALID_MAIL", "This is not a mail address.")
        .with_fields({{"email", "mail", "This is not a mail address."}});
  if (!proofs_.can_send()) throw Error(Fault::unavailable, "MAIL_UNAVAILABLE", "This server sends no mail.");
  const auto account = co_await accounts_.find_by_mail(*normal);
  const bool has_it = account && !account->suspended_at && !(purpose == Purpose::verify && account->mail_verified_at);
  if (has_it)
    co_await proofs_.send(*account, purpose, policy_.product);
  else
    co_await proofs_.pretend(*normal, purpose);
}

// Either purpose shows that they read the mail.
Task<Account> Door::proven(MailSecret secret, Purpose purpose) {
  std::optional<Proven> proven;
  if (!secret.token.empty())
    proven = co_await proofs_.use(std::move(secret.token));
  else if (const auto mail = normal_mail(secret.mail))
    proven = co_await proofs_.use_code(*mail, purpose, std::move(secret.code));
  auto account = proven && proven->purpose == purpose ? co_await accounts_.prove_mail(*proven) : std::nullopt;
  if (!account)
    throw Error(Fault::invalid, "INVALID_TOKEN", "This link or code is wrong, used or too old. Ask for a new mail.");
  co_return std::move(*account);
}

Task<Account> Door::verify(MailSecret secret) {
  return proven(std::move(secret), Purpose::verify);
}

Task<Account> Door::reset_password(MailSecret secret, std::string password) {
  check_password(password);
  auto account = co_await proven(std::move(secret), Purpose::recover);
  co_await accounts_.set_password(account.id, std::move(password), "");
  co_return account;
}

}  // namespace odeon::identity

#include "engine/identity/supabase.hpp"

#include "engine/http/binding.hpp"
#include "engine/identity/embedded.hpp"
#include "engine/identity/mail.hpp"

namespace odeon::identity {
namespace {

using http::Auth;
using http::Endpoint;
using http::Method;
using http::Nothing;
using http::WithHeaders;
using namespace supabase;

constexpr http::Rate kSupabaseOften{600, http::per_minute};

constexpr Endpoint<SignUp, WithHeaders<Session>> sign_up_endpoint{
    {.method = Method::post, .path = "/signup", .summary = "Sign up by mail and password", .rate = kSupabaseOften}};
constexpr Endpoint<TokenRequest, WithHeaders<Session>> token_endpoint{
    {.method = Method::post,
     .path = "/token",
     .summary = "A session, by password or by refresh token",
     .description = "`grant_type` is `password` or `refresh_token`.",
     .rate = kSupabaseOften,
     .query = "grant_type"}};
constexpr Endpoint<Nothing, WithHeaders<User>> user_endpoint{
    {.method = Method::get, .path = "/user", .summary = "Who is signed in", .auth = Auth::user}};
constexpr Endpoint<ChangeUser, WithHeaders<User>> change_user_endpoint{
    {.method = Method::put,
     .path = "/user",
     .summary = "Change one's mail, password or metadata",
     .auth = Auth::user,
     .rate = {60, http::per_minute}}};
constexpr Endpoint<MailRequest, MailAccepted> recover_endpoint{
    {.method = Method::post,
     .path = "/recover",
     .summary = "Send a code and a link to set a new password",
     .description = "Answers alike whether or not there is such a person.",
     .rate = {30, http::per_hour}}};
constexpr Endpoint<MailRequest, MailAccepted> resend_mail_endpoint{
    {.method = Method::post,
     .path = "/resend",
     .summary = "Send the mail that verifies an address once more",
     .rate = {30, http::per_hour}}};
constexpr Endpoint<VerifyRequest, WithHeaders<Session>> verify_token_endpoint{
    {.method = Method::post,
     .path = "/verify",
     .summary = "A session, by the code or the token of a mail",
     .description = "`type` is signup or email (it verifies the address), or recovery (then set a new password).",
     .rate = {120, http::per_hour}}};
constexpr Endpoint<Nothing, http::Content> verify_page_endpoint{
    {.method = Method::get,
     .path = "/verify",
     .summary = "What a mail's link leads to: a page with a button, which does it"}};
constexpr Endpoint<Nothing, http::Content> verify_style_endpoint{
    {.method = Method::get, .path = "/verify.css", .summary = "Its style"}};
constexpr Endpoint<Nothing, http::Content> verify_script_endpoint{
    {.method = Method::get, .path = "/verify.js", .summary = "Its script"}};
constexpr Endpoint<Logout, http::NoContent> logout_endpoint{{.method = Method::post,
                                                             .path = "/logout",
                                                             .summary = "End this session, the others, or all",
                                                             .auth = Auth::user,
                                                             .query = "scope"}};
constexpr Endpoint<Nothing, Settings> settings_endpoint{
    {.method = Method::get, .path = "/settings", .summary = "What kinds of sign-in there are"}};
constexpr Endpoint<Nothing, Health> health_endpoint{
    {.method = Method::get, .path = "/health", .summary = "What answers here"}};
constexpr Endpoint<Nothing, http::Content> jwks_endpoint{{.method = Method::get,
                                                          .path = "/.well-known/jwks.json",
                                                          .summary = "The keys that access tokens are signed with"}};

// What holds a token, or is for one person's eyes, stays out of caches.
template <class T>
WithHeaders<T> private_answer(T value) {
  WithHeaders<T> answer{std::move(value)};
  answer.headers.add("Cache-Control", "no-store");
  return answer;
}

Error wrong_credentials() {
  return Error(Fault::invalid, "INVALID_CREDENTIALS", "Invalid login credentials");
}

// People sign in by mail here; a client that asks for something else hears so in GoTrue's words.
void require_mail(const std::string& mail, const std::string& phone) {
  if (!phone.empty()) throw Error(Fault::invalid, "PHONE_PROVIDER_DISABLED", "Phone logins are disabled");
  if (mail.empty())
    throw Error(Fault::not_acceptable, "ANONYMOUS_PROVIDER_DISABLED", "Anonymous sign-ins are disabled");
}

Purpose purpose_of(std::string_view type) {
  if (type == "signup" || type == "email") return Purpose::verify;
  if (type == "recovery") return Purpose::recover;
  throw Error(Fault::invalid, "VALIDATION_ERROR", "Verify requires a type of signup, email or recovery");
}

}  // namespace

std::unique_ptr<http::Api> SupabaseApi::api() {
  auto api = std::make_unique<http::Api>(std::string(kSupabaseApi), "Auth", supabase_format());
  http::mount(*api, sign_up_endpoint, &SupabaseApi::sign_up, *this);
  http::mount(*api, token_endpoint, &SupabaseApi::token, *this);
  http::mount(*api, user_endpoint, &SupabaseApi::user, *this);
  http::mount(*api, change_user_endpoint, &SupabaseApi::change_user, *this);
  http::mount(*api, recover_endpoint, &SupabaseApi::recover, *this);
  http::mount(*api, resend_mail_endpoint, &SupabaseApi::resend, *this);
  http::mount(*api, verify_token_endpoint, &SupabaseApi::verify, *this);
  http::mount(*api, verify_page_endpoint, &SupabaseApi::verify_page, *this);
  http::mount(*api, verify_style_endpoint, &SupabaseApi::verify_style, *this);
  http::mount(*api, verify_script_endpoint, &SupabaseApi::verify_script, *this);
  http::mount(*api, logout_endpoint, &SupabaseApi::logout, *this);
  http::mount(*api, settings_endpoint, &SupabaseApi::settings, *this);
  http::mount(*api, health_endpoint, &SupabaseApi::health, *this);
  http::mount(*api, jwks_endpoint, &SupabaseApi::jwks, *this);
  return api;
}

void SupabaseApi::check_password(const std::string& password) const {
  if (text::length(password) >= options_.min_password) return;
  throw Error(Fault::not_acceptable, "WEAK_PASSWORD",
              fmt::format("Password should be at least {} characters.", options_.min_password));
}

Task<WithHeaders<Session>> SupabaseApi::sign_up(http::Caller caller, SignUp request) {
  require_mail(request.email, request.phone);
  check_password(request.password);
  const auto joined = co_await door_.sign_up({.mail = request.email,
                                              .password = request.password,
                                              .metadata = std::move(request.data).value_or(json::object()),
                                              .address = caller.address});
  co_return private_answer(to_session(joined.tokens, co_await account_of(joined.account.id)));
}

Task<MailAccepted> SupabaseApi::recover(MailRequest request) {
  co_await door_.send_mail(request.email, Purpose::recover);
  co_return MailAccepted{};
}

Task<MailAccepted> SupabaseApi::resend(MailRequest request) {
  co_await door_.send_mail(request.email, purpose_of(request.type));
  co_return MailAccepted{};
}

// Either purpose shows that they read the mail.
Task<WithHeaders<Session>> SupabaseApi::verify(VerifyRequest request) {
  const Purpose purpose = purpose_of(request.type);
  std::optional<Proven> proven;
  if (!request.token_hash.empty())
    proven = co_await proofs_.use(request.token_hash);
  else if (const auto mail = normal_mail(request.email))
    proven = co_await proofs_.use_code(*mail, purpose, request.token);
  const auto account = proven && proven->purpose == purpose ? co_await accounts_.prove_mail(*proven) : std::nullopt;
  if (!account) throw Error(Fault::forbidden, "OTP_EXPIRED", "Token has expired or is invalid");
  const auto tokens = co_await sessions_.start(*account, options_.product);
  co_return private_answer(to_session(tokens, co_await account_of(account->id)));
}

// The page's address holds a secret.
Task<http::Content> SupabaseApi::verify_page() {
  http::Content page{.type = "text/html; charset=utf-8", .body = std::string(embedded::verify_html)};
  page.headers.add("Cache-Control", "no-store");
  page.headers.add("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'");
  co_return page;
}

Task<http::Content> SupabaseApi::verify_style() {
  co_return http::Content{.type = "text/css; charset=utf-8", .body = std::string(embedded::verify_css)};
}

Task<http::Content> SupabaseApi::verify_script() {
  co_return http::Content{.type = "text/javascript; charset=utf-8", .body = std::string(embedded::verify_js)};
}

Task<WithHeaders<Session>> SupabaseApi::token(http::Caller caller, TokenRequest request) {
  if (request.grant_type == "password") co_return co_await by_password(std::move(caller), std::move(request));
  if (request.grant_type == "refresh_token") co_return co_await by_refresh_token(std::move(request));
  throw Error(Fault::invalid, "UNSUPPORTED_GRANT", "grant_type must be password or refresh_token.");
}

Task<WithHeaders<Session>> SupabaseApi::by_password(http::Caller caller, TokenRequest request) {
  if (!request.phone.empty()) require_mail(request.email, request.phone);
  if (request.email.empty() || request.password.empty()) throw wrong_credentials();
  const auto account = co_await accounts_.sign_in(request.email, request.password, caller.address, options_.product);
  if (!account) {
    if (account.error() == SignInFault::wrong) throw wrong_credentials();
    throw Error(Fault::invalid, "ACCOUNT_SUSPENDED", "User is banned");
  }
  const auto tokens = co_await sessions_.start(*account, options_.product);
  co_return private_answer(to_session(tokens, co_await account_of(account->id)));
}

Task<WithHeaders<Session>> SupabaseApi::by_refresh_token(TokenRequest request) {
  const auto refreshed = co_await sessions_.refresh(request.refresh_token, options_.product);
  if (refreshed) co_return private_answer(to_session(refreshed->tokens, refreshed->account));
  switch (refreshed.error()) {
    case RefreshFault::already_used:
      throw Error(Fault::invalid, "REFRESH_TOKEN_ALREADY_USED", "Invalid Refresh Token: Already Used");
    case RefreshFault::session_over:
      throw Error(Fault::invalid, "SESSION_EXPIRED", "Invalid Refresh Token: Session Expired");
    case RefreshFault::unknown:
      break;
  }
  throw Error(Fault::invalid, "REFRESH_TOKEN_NOT_FOUND", "Invalid Refresh Token: Refresh Token Not Found");
}

Task<Account> SupabaseApi::account_of(std::string id) {
  auto account = co_await accounts_.find(std::move(id));
  if (!account) throw Error(Fault::unauthenticated, "SESSION_ENDED", "You are signed out. Sign in again.");
  co_return std::move(*account);
}

Task<WithHeaders<User>> SupabaseApi::user(http::Caller caller) {
  co_return private_answer(to_user(co_await account_of(caller.user_id)));
}

Task<WithHeaders<User>> SupabaseApi::change_user(http::Caller caller, ChangeUser request) {
  if (!request.password.empty()) {
    check_password(request.password);
    if (co_await accounts_.has_password(caller.user_id, request.password))
      throw Error(Fault::not_acceptable, "SAME_PASSWORD", "New password should be different from the old password.");
  }
  co_await accounts_.change(caller.user_id, {request.email, std::move(request.data).value_or(json::object())});
  if (!request.password.empty()) co_await accounts_.set_password(caller.user_id, request.password, caller.session_id);
  co_return private_answer(to_user(co_await account_of(caller.user_id)));
}

Task<http::NoContent> SupabaseApi::logout(http::Caller caller, Logout request) {
  co_await sessions_.sign_out(caller.session_id, request.scope.value_or(SignOut::global));
  co_return http::NoContent{};
}

Task<Settings> SupabaseApi::settings() {
  co_return Settings{};
}

Task<Health> SupabaseApi::health() {
  co_return Health{.version = "v1", .name = "Odeon", .description = "Odeon answers the Supabase Auth API"};
}

Task<http::Content> SupabaseApi::jwks() {
  http::Content answer{.type = "application/json", .body = co_await access_.jwks()};
  answer.headers.add("Cache-Control", "public, max-age=600");
  co_return answer;
}

}  // namespace odeon::identity

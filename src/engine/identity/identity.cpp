#include "engine/identity/identity.hpp"

#include "base/crypto.hpp"

namespace odeon::identity {
namespace {

constexpr std::chrono::hours kOpaqueRemembered{1};  // what it says never changes; whether it is good is asked each time

std::optional<std::string> bearer_of(const http::Request& request) {
  std::optional<std::string> found;
  for (const auto& [name, value] : request.headers) {
    if (!text::equals_ignoring_case(name, "Authorization")) continue;
    if (found) throw jwt::invalid_token("Authorization twice");
    const std::string_view field = text::trim(value);
    const auto space = field.find(' ');
    if (space == std::string_view::npos || !text::equals_ignoring_case(field.substr(0, space), "Bearer"))
      throw jwt::invalid_token("another scheme");
    found = std::string(text::trim(field.substr(space)));
  }
  return found;
}

std::optional<std::string> credentials_of(const http::Request& request) {
  if (auto bearer = bearer_of(request)) return bearer;
  if (const auto key = request.headers.find("X-API-Key")) {
    if (!ApiKeys::looks_like_one(*key)) throw jwt::invalid_token("no API key");
    return std::string(*key);
  }
  if (text::equals_ignoring_case(request.headers.get("Upgrade"), "websocket")) {
    for (const auto* name : {"token", "access_token"})
      if (const auto token = request.query_value(name)) return std::string(*token);
  }
  return std::nullopt;
}

void fill(http::Caller& caller, const Person& person, std::string session_id) {
  caller.user_id = person.account_id;
  caller.email = person.mail;
  caller.scopes = person.scopes;
  caller.session_id = std::move(session_id);
}

}  // namespace

Identity::Identity(AccessTokens& access, Sessions& sessions, Accounts& accounts, ApiKeys& keys, OutsideTokens& outside,
                   const SessionCookies& cookies, const Clock& clock, IdentityOptions options)
    : access_(access),
      sessions_(sessions),
      accounts_(accounts),
      keys_(keys),
      outside_(outside),
      cookies_(cookies),
      clock_(clock),
      options_(std::move(options)),
      remembered_(options_.max_remembered) {}

Task<void> Identity::identify(const http::Request& request, std::string product, http::Caller& caller) {
  auto credentials = credentials_of(request);
  const bool at_door = product == kSupabaseApi;
  if (at_door) product = options_.supabase_product;
  if (!credentials) {
    if (sessions_.policy_of(product).by_cookie) co_await by_cookie(request, std::move(product), caller);
    co_return;
  }

  if (ApiKeys::looks_like_one(*credentials)) {
    const auto person = co_await keys_.holder(std::move(*credentials));
    if (!person || person->product != product || at_door) throw jwt::invalid_token("an API key that is not good here");
    fill(caller, *person, "");
    co_return;
  }
  co_await by_token(std::move(*credentials), std::move(product), at_door, caller);
}

Task<void> Identity::by_cookie(const http::Request& request, std::string product, http::Caller& caller) {
  auto token = http::cookie(request.headers, SessionCookies::access);
  if (!token) co_return;
  http::Caller found;
  const auto outcome = co_await settle(by_token(std::move(*token), std::move(product), false, found));
  if (!outcome) {
    try {
      std::rethrow_exception(outcome.error());
    } catch (const Error& error) {
      if (error.fault == Fault::unauthenticated) co_return;
      throw;
    }
  }
  cookies_.check_page(request, found.session_id);
  caller.user_id = std::move(found.user_id);
  caller.email = std::move(found.email);
  caller.session_id = std::move(found.session_id);
}

Task<void> Identity::by_token(std::string credentials, std::string product, bool at_door, http::Caller& caller) {
  auto token = co_await verified(std::move(credentials));
  const bool own = !token.session_id.empty();
  if (token.product != product || (at_door && !own)) throw jwt::invalid_token("made for another product");
  const auto person = own ? co_await sessions_.person(token.session_id) : co_await accounts_.person(token.account_id);
  if (!person || person->account_id != token.account_id || (own && person->product != product))
    throw Error(Fault::unauthenticated, "SESSION_ENDED", "You are signed out. Sign in again.");
  fill(caller, *person, std::move(token.session_id));
}

Task<Identity::Verified> Identity::verified(std::string token) {
  if (token.size() > jwt::kMaxBytes) throw jwt::invalid_token("too long");
  std::string hash = crypto::sha256(token);
  if (auto known = remembered_.find(hash); known && clock_.now() < known->expires_at) co_return std::move(*known);
  auto verified = co_await verify(std::move(token));
  remembered_.put(std::move(hash), verified);
  co_return verified;
}

Task<Identity::Verified> Identity::verify(std::string text) {
  if (Sessions::looks_opaque(text)) {
    auto opened = co_await sessions_.opened_by(std::move(text));
    if (!opened) throw jwt::invalid_token("no such session");
    co_return Verified{std::move(opened->account_id), std::move(opened->session_id), std::move(opened->product),
                       clock_.now() + kOpaqueRemembered};
  }
  auto token = jwt::read(text);
  if (access_.is_own(token)) {
    auto claims = co_await access_.check(std::move(token));
    co_return Verified{std::move(claims.account_id), std::move(claims.session_id), std::move(claims.product),
                       claims.expires_at};
  }
  auto claims = co_await outside_.check(std::move(token));
  co_return Verified{co_await accounts_.account_of(std::move(claims.person)), "", options_.supabase_product,
                     claims.expires_at};
}

}  // namespace odeon::identity

#include "engine/identity/access_tokens.hpp"

#include "base/ids.hpp"
#include "engine/identity/store.hpp"

namespace odeon::identity {
namespace {

std::int64_t seconds_of(Instant when) {
  return std::chrono::duration_cast<std::chrono::seconds>(when.time_since_epoch()).count();
}

}  // namespace

AccessTokens::AccessTokens(database::Database& database, const Clock& clock, AccessTokenOptions options)
    : database_(database), clock_(clock), options_(std::move(options)) {}

// Several calls at once read the same keys.
Task<std::shared_ptr<const AccessTokens::Keys>> AccessTokens::keys() {
  {
    std::lock_guard lock(mutex_);
    if (keys_) co_return keys_;
  }
  auto stored = co_await store::signing_keys(database_);
  if (stored.empty() && !options_.secret) {
    // Of nodes that start at once only one is heard: all read what it wrote.
    co_await store::add_first_signing_key(database_, Key::make().private_pem(), clock_.now());
    stored = co_await store::signing_keys(database_);
  }
  std::vector<Key> all;
  if (options_.secret) all.push_back(Key::secret(*options_.secret));
  for (const auto& pem : stored) all.push_back(Key::from_pem(pem));
  auto keys = std::make_shared<const Keys>(Keys{all.front(), KeySet(all)});
  std::lock_guard lock(mutex_);
  keys_ = keys;
  co_return keys;
}

Task<std::string> AccessTokens::write(Account account, Session session) {
  const auto keys = co_await this->keys();
  const Instant now = clock_.now();
  json::object claims{
      {"iss", options_.issuer},
      {"sub", account.id},
      {"aud", audience},
      {"exp", seconds_of(session.expires_at)},
      {"iat", seconds_of(now)},
      {"email", account.mail.value_or("")},
      {"phone", ""},
      {"app_metadata", json::object{{"provider", "email"}, {"providers", json::array{"email"}}}},
      {"user_metadata", account.metadata},
      {"role", audience},
      {"aal", "aal1"},
      {"amr", json::array{json::object{{"method", "password"}, {"timestamp", seconds_of(session.signed_in_at)}}}},
      {"session_id", session.id},
      {"is_anonymous", false},
      {"product", session.product},
  };
  co_return jwt::write(claims, keys->signer);
}

Task<AccessTokens::Claims> AccessTokens::check(jwt::Token token) {
  const auto keys = co_await this->keys();
  jwt::check(token, keys->all, {.issuer = options_.issuer, .audience = std::string(audience)}, clock_.now());
  Claims claims{std::string(jwt::text_claim(token.claims, "sub")),
                std::string(jwt::text_claim(token.claims, "session_id")),
                std::string(jwt::text_claim(token.claims, "product")), jwt::expiry(token)};
  if (!is_uuid(claims.session_id) || claims.product.empty()) throw jwt::invalid_token("no session");
  co_return claims;
}

Task<std::string> AccessTokens::jwks() {
  co_return (co_await keys())->all.jwks();
}

}  // namespace odeon::identity

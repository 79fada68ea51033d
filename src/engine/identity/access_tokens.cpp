#include "engine/identity/access_tokens.hpp"

#include "base/ids.hpp"
#include "engine/identity/sealed_keys.hpp"
#include "engine/identity/store.hpp"

namespace odeon::identity {
namespace {

// For how long keys are taken for all that there are, and how soon a token by an unknown one has them read again.
constexpr std::chrono::seconds kBelieved{60}, kSoonest{1};

std::int64_t seconds_of(Instant when) {
  return std::chrono::duration_cast<std::chrono::seconds>(when.time_since_epoch()).count();
}

}  // namespace

AccessTokens::AccessTokens(database::Database& database, const KeyRing& ring, const Clock& clock,
                           AccessTokenOptions options)
    : database_(database), ring_(ring), clock_(clock), options_(std::move(options)) {}

// Several calls at once may read the same keys the first time; later one reads and the others take what there is.
Task<std::shared_ptr<const AccessTokens::Keys>> AccessTokens::keys(Micros age) {
  std::shared_ptr<const Keys> known;
  {
    const std::lock_guard lock(mutex_);
    const Instant now = clock_.now();
    if (keys_ && now - asked_at_ < age) co_return keys_;
    known = keys_;
    asked_at_ = now;
  }
  try {
    co_return co_await read_keys();
  } catch (const Error&) {
    if (!known) throw;
  }
  co_return known;
}

Task<std::shared_ptr<const AccessTokens::Keys>> AccessTokens::read_keys() {
  auto stored = co_await store::signing_keys(database_);
  if (stored.empty() && !options_.secret) {
    // Of nodes that start at once only one is heard: all read what it wrote.
    co_await store::add_first_signing_key(database_, ring_.seal(Key::make().private_pem(), kSigningKey), clock_.now());
    stored = co_await store::signing_keys(database_);
  }
  std::vector<Key> all;
  if (options_.secret) all.push_back(Key::secret(*options_.secret));
  for (const auto& row : stored) all.push_back(Key::from_pem(ring_.open_or_plain(row.private_pem, kSigningKey)));
  auto keys = std::make_shared<const Keys>(Keys{all.front(), KeySet(all)});
  const std::lock_guard lock(mutex_);
  keys_ = keys;
  co_return keys;
}

Task<std::int64_t> AccessTokens::add_key() {
  const auto number =
      co_await store::add_signing_key(database_, ring_.seal(Key::make().private_pem(), kSigningKey), clock_.now());
  co_await read_keys();
  co_return number;
}

Task<std::string> AccessTokens::write(Account account, Session session) {
  const auto keys = co_await this->keys(kBelieved);
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
  auto keys = co_await this->keys(kBelieved);
  if (!keys->all.knows(token.algorithm, token.key_id)) keys = co_await this->keys(kSoonest);
  jwt::check(token, keys->all, {.issuer = options_.issuer, .audience = std::string(audience)}, clock_.now());
  Claims claims{std::string(jwt::text_claim(token.claims, "sub")),
                std::string(jwt::text_claim(token.claims, "session_id")),
                std::string(jwt::text_claim(token.claims, "product")), jwt::expiry(token)};
  if (!is_uuid(claims.session_id) || claims.product.empty()) throw jwt::invalid_token("no session");
  co_return claims;
}

Task<std::string> AccessTokens::jwks() {
  co_return (co_await keys(kBelieved))->all.jwks();
}

}  // namespace odeon::identity

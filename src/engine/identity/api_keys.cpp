#include "engine/identity/api_keys.hpp"

#include "base/crypto.hpp"
#include "base/ids.hpp"
#include "engine/identity/store.hpp"

namespace odeon::identity {
namespace {

constexpr std::string_view kPrefix = "odeon_";
constexpr std::size_t kRandomBytes = 32, kCheckBytes = 4, kHintCharacters = 12, kMaxScopes = 32;
constexpr Micros kNoteEvery = std::chrono::minutes(1);

std::string check_of(std::string_view random) {
  return crypto::sha256(std::string(kPrefix).append(random)).substr(0, kCheckBytes);
}

std::string make_secret() {
  const std::string random = crypto::random_bytes(kRandomBytes);
  return std::string(kPrefix) + crypto::to_hex(random + check_of(random));
}

bool is_well_formed(std::string_view secret) {
  if (!secret.starts_with(kPrefix)) return false;
  const auto digits = secret.substr(kPrefix.size());
  if (digits.size() != 2 * (kRandomBytes + kCheckBytes)) return false;
  const auto bytes = crypto::from_hex(digits);
  return bytes && crypto::to_hex(*bytes) == digits &&
         bytes->substr(kRandomBytes) == check_of(bytes->substr(0, kRandomBytes));
}

void validate(const ApiKeys::Order& order, Instant now) {
  json::Faults faults;
  if (order.name.empty() || !text::is_utf8(order.name) || text::length(order.name) > 100)
    faults.add("name", "length", "A name has 1 to 100 characters.");
  if (order.scopes.empty() || order.scopes.size() > kMaxScopes)
    faults.add("scopes", "too_few", "Name what the key is for.");
  if (order.expires_at && *order.expires_at <= now)
    faults.add("expires_at", "too_small", "This must be in the future.");
  faults.raise();
}

}  // namespace

Task<NewApiKey> ApiKeys::create(Order order) {
  const Instant now = clock_.now();
  validate(order, now);
  auto tx = co_await database_.begin();
  if (!co_await store::lock_account(*tx, order.account_id))
    throw Error(Fault::not_found, "ACCOUNT_NOT_FOUND", "There is no such account.");
  if (co_await store::count_keys(*tx, order.account_id, order.product) >= max_per_product)
    throw Error(Fault::conflict, "TOO_MANY_KEYS", "Revoke a key that you no longer use first.");
  NewApiKey made{.secret = make_secret()};
  made.key = {.id = new_uuid(clock_),
              .name = std::move(order.name),
              .hint = made.secret.substr(0, kHintCharacters),
              .scopes = std::move(order.scopes),
              .created_at = now,
              .expires_at = order.expires_at};
  co_await store::insert_key(*tx, {made.key, crypto::sha256_hex(made.secret), order.account_id, order.product});
  co_await tx->commit();
  co_return made;
}

Task<std::vector<ApiKey>> ApiKeys::list(std::string account_id, std::string product) {
  co_return co_await store::keys_of(database_, std::move(account_id), std::move(product));
}

Task<void> ApiKeys::revoke(std::string account_id, std::string id) {
  auto tx = co_await database_.begin(database::Isolation::statement);
  const auto hash = co_await store::revoke_key(*tx, std::move(account_id), std::move(id), clock_.now());
  co_await tx->commit();
  if (!hash) throw Error(Fault::not_found, "KEY_NOT_FOUND", "There is no such key.");
  living_.forget(*hash);
}

Task<std::shared_ptr<const Person>> ApiKeys::holder(std::string secret) {
  const Instant now = clock_.now();
  std::string hash = crypto::sha256_hex(secret);
  if (auto known = living_.recall(hash, now)) co_return known;
  auto found = co_await look_up(secret, hash);
  co_return living_.remember(std::move(hash), now, std::move(found));
}

Task<std::optional<Person>> ApiKeys::look_up(const std::string& secret, const std::string& hash) {
  if (!is_well_formed(secret)) co_return std::nullopt;
  const Instant now = clock_.now();
  auto found = co_await store::holder_of_key(database_, hash, now);
  if (!found) co_return std::nullopt;
  if (!found->last_used_at || *found->last_used_at <= now - kNoteEvery)
    co_await store::note_key_use(database_, hash, now, now - kNoteEvery);
  co_return std::move(found->person);
}

}  // namespace odeon::identity

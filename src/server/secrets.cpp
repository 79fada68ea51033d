#include "server/secrets.hpp"

#include "base/crypto.hpp"
#include "server/keyring_file.hpp"
#include "server/open.hpp"

namespace odeon::server {
namespace {

constexpr std::size_t kSecretBytes = 32;

struct SecretRow {
  std::string name;
  std::string value;
};
BOOST_DESCRIBE_STRUCT(SecretRow, (), (name, value))

// Each for its own name, so that one cannot be put in another's place.
std::string purpose_of(std::string_view name) {
  return fmt::format("server.secret.{}", name);
}

Task<std::string> make_or_read(database::Database& database, std::string name, std::string fresh, Instant now) {
  co_await database.execute(
      "INSERT INTO server_secrets (name, value, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING", name,
      fresh, now);
  co_return (co_await database.find<std::string>("SELECT value FROM server_secrets WHERE name = $1", name)).value();
}

}  // namespace

bool has_keyring_file(const Settings& settings) {
  return settings.keys.empty() && settings.database_url.empty();
}

KeyRing open_ring(const Settings& settings, const Clock& clock, Log& log) {
  if (!settings.keys.empty()) return KeyRing(settings.keys);
  if (!has_keyring_file(settings)) {
    log.warning("keys.none", {{"setting", "ODEON_KEYS"}, {"effect", "secrets lie in the database in clear"}});
    return KeyRing();
  }
  const std::string path = data_path(settings, "keyring");
  auto keys = make_or_read_keyring(path, clock);
  return KeyRing(keys, news_of_keyring(path, keys));
}

std::string shared_secret(database::Database& database, const KeyRing& ring, std::string name, const Clock& clock) {
  const std::string purpose = purpose_of(name);
  std::string fresh = ring.seal(crypto::to_hex(crypto::random_bytes(kSecretBytes)), purpose);
  const std::string stored = run_task(make_or_read(database, std::move(name), std::move(fresh), clock.now()));
  try {
    const auto bytes = crypto::from_hex(ring.open_or_plain(stored, purpose));
    if (bytes && bytes->size() == kSecretBytes) return *bytes;
  } catch (const Error& fault) {
    throw Error(Fault::invalid, "KEYS",
                fault.detail +
                    " Give the key that sealed it in ODEON_KEYS, or put back the file DATA/keyring "
                    "(docs/operations.md, Keys).");
  }
  throw Error(Fault::invalid, "KEYS", fmt::format("The value for {} in server_secrets is broken.", purpose));
}

// There are few: all at a time.
Task<std::vector<SealedValue>> SharedSecrets::values(std::string prefix, std::string after) {
  std::vector<SealedValue> values;
  for (auto& row : co_await database_.query<SecretRow>(
           "SELECT name, value FROM server_secrets WHERE name > $1 ORDER BY name", after))
    if (prefix.empty() || !row.value.starts_with(prefix))
      values.push_back({row.name, purpose_of(row.name), std::move(row.value)});
  co_return values;
}

Task<bool> SharedSecrets::replace(SealedValue value, std::string text) {
  co_return co_await database_.execute("UPDATE server_secrets SET value = $3 WHERE name = $1 AND value = $2", value.id,
                                       value.text, text) == 1;
}

}  // namespace odeon::server

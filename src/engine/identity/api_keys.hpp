// Keys with which a person's programs call one product: "odeon_" and 72 hexadecimal digits, 256 random bits
// and 32 that check them, so that a mistyped key is refused without a look into the database. Only a hash is
// stored; the key is shown once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "engine/database/database.hpp"
#include "engine/identity/liveness.hpp"

namespace odeon::identity {

struct ApiKey {
  std::string id;
  std::string name;
  std::string hint;  // its first characters
  std::vector<std::string> scopes;
  Instant created_at;
  std::optional<Instant> expires_at;
  std::optional<Instant> last_used_at;  // to the minute
};
BOOST_DESCRIBE_STRUCT(ApiKey, (), (id, name, hint, scopes, created_at, expires_at, last_used_at))

struct NewApiKey {
  ApiKey key;
  std::string secret;  // shown now and never again
};

// Thread-safe.
class ApiKeys {
 public:
  static constexpr std::int64_t max_per_product = 50;

  ApiKeys(database::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  struct Order {
    std::string account_id;
    std::string product;
    std::string name;                 // 1–100 characters
    std::vector<std::string> scopes;  // at least one: a key without limits does not exist
    std::optional<Instant> expires_at;
  };
  // Throws Error{invalid} for a wrong order, Error{conflict, "TOO_MANY_KEYS"} at the limit.
  Task<NewApiKey> create(Order order);
  // Those that were not revoked, oldest first.
  Task<std::vector<ApiKey>> list(std::string account_id, std::string product);
  // Throws Error{not_found} if the account has no such key. Felt at once on this node, within a second on
  // the others.
  Task<void> revoke(std::string account_id, std::string id);

  static bool looks_like_one(std::string_view credential) { return credential.starts_with("odeon_"); }
  // Nothing for a key that is unknown, revoked, expired, or of someone who is suspended.
  Task<std::shared_ptr<const Person>> holder(std::string secret);

 private:
  database::Database& database_;
  const Clock& clock_;
  Task<std::optional<Person>> look_up(const std::string& secret, const std::string& hash);

  Liveness living_{database_};
};

}  // namespace odeon::identity

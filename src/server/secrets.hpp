// What is kept sealed, and by which keys.
#pragma once

#include <string>

#include "base/keyring.hpp"
#include "base/log.hpp"
#include "base/sealed_data.hpp"
#include "engine/database/database.hpp"
#include "server/settings.hpp"

namespace odeon::server {

// Whether the keys are those of DATA/keyring, not of the settings.
bool has_keyring_file(const Settings& settings);
// The keys of ODEON_KEYS, else those of DATA/keyring where the database is embedded; else none, as the log says once.
// Throws Error{invalid} that says what is wrong with the file.
KeyRing open_ring(const Settings& settings, const Clock& clock, Log& log);

// 32 bytes that all nodes of one database know by `name`; made at the first call of them all. Throws Error{invalid}
// that says which key is missing or wrong.
std::string shared_secret(database::Database& database, const KeyRing& ring, std::string name, const Clock& clock);

// Those secrets, as they lie in the database.
class SharedSecrets final : public SealedData {
 public:
  explicit SharedSecrets(database::Database& database) : database_(database) {}
  std::string_view room() const override { return "server"; }
  Task<std::vector<SealedValue>> values(std::string prefix, std::string after) override;
  Task<bool> replace(SealedValue value, std::string text) override;

 private:
  database::Database& database_;
};

}  // namespace odeon::server

// The keys that sign access tokens, as they lie in the database.
#pragma once

#include "base/sealed_data.hpp"
#include "engine/database/database.hpp"

namespace odeon::identity {

inline constexpr std::string_view kSigningKey = "identity.signing_key";  // what they are sealed for

class SealedKeys final : public SealedData {
 public:
  explicit SealedKeys(database::Database& database) : database_(database) {}
  std::string_view room() const override { return "identity"; }
  Task<std::vector<SealedValue>> values(std::string prefix, std::string after) override;
  Task<bool> replace(SealedValue value, std::string text) override;

 private:
  database::Database& database_;
};

}  // namespace odeon::identity

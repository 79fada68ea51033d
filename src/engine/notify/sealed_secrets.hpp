// The secrets of outgoing webhooks, as they lie in the database.
#pragma once

#include "base/sealed_data.hpp"
#include "engine/database/database.hpp"

namespace odeon::notify {

inline constexpr std::string_view kWebhookSecret = "notify.webhook_secret";  // what they are sealed for

class SealedSecrets final : public SealedData {
 public:
  explicit SealedSecrets(database::Database& database) : database_(database) {}
  std::string_view room() const override { return "notify"; }
  Task<std::vector<SealedValue>> values(std::string prefix, std::string after) override;
  Task<bool> replace(SealedValue value, std::string text) override;

 private:
  database::Database& database_;
};

}  // namespace odeon::notify

// What identity keeps of a person: their account, how they come in, and what they hold.
#pragma once

#include "base/personal_data.hpp"
#include "engine/database/database.hpp"

namespace odeon::identity {

class IdentityData final : public PersonalData {
 public:
  explicit IdentityData(database::Database& database) : database_(database) {}

  std::string_view room() const override { return "identity"; }
  Task<void> tell(std::string user_id, std::string product, PersonalArchive& archive) override;
  // Of one product: its sessions and keys; the account stays.
  Task<Forgotten> forget(std::string user_id, std::string product) override;

 private:
  database::Database& database_;
};

}  // namespace odeon::identity

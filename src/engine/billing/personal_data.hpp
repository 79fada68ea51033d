// What billing keeps of a person: their plans and what they used.
#pragma once

#include "base/personal_data.hpp"
#include "engine/database/database.hpp"

namespace odeon::billing {

class BillingData final : public PersonalData {
 public:
  explicit BillingData(database::Database& database) : database_(database) {}

  std::string_view room() const override { return "billing"; }
  Task<void> tell(std::string user_id, std::string product, PersonalArchive& archive) override;
  Task<Forgotten> forget(std::string user_id, std::string product) override;

 private:
  database::Database& database_;
};

}  // namespace odeon::billing

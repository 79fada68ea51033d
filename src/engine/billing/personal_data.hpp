// What billing keeps of a person: their plans, what they used and what they paid. Forgetting ends what they would
// go on paying for, and leaves the amounts that were paid, as books must, with nobody's name.
#pragma once

#include "base/personal_data.hpp"
#include "engine/billing/payments.hpp"
#include "engine/database/database.hpp"

namespace odeon::billing {

class BillingData final : public PersonalData {
 public:
  BillingData(database::Database& database, Payments& payments) : database_(database), payments_(payments) {}

  std::string_view room() const override { return "billing"; }
  Task<void> tell(std::string user_id, std::string product, PersonalArchive& archive) override;
  Task<Forgotten> forget(std::string user_id, std::string product) override;
  // What is paid for goes on to the end of its period and no further. `product` empty: in all of them.
  Task<void> end_contracts(std::string user_id, std::string product);

 private:
  database::Database& database_;
  Payments& payments_;
};

}  // namespace odeon::billing

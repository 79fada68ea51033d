// What billing keeps of a person: their plans, what they used and what they paid. Forgetting ends what they would
// go on paying for, and leaves the amounts that were paid, as books must, with nobody's name.
//
// A batch is paid for when a provider has come to it, up to two days later, and then names who asked. So the id of an
// account that was erased is kept for some days, and what comes under it meanwhile loses it within the hour.
#pragma once

#include "base/personal_data.hpp"
#include "engine/billing/payments.hpp"
#include "engine/database/database.hpp"

namespace odeon::billing {

// The job: comes every hour.
struct ForgetLate {
  static constexpr std::string_view kind = "billing.forget_late";
};
BOOST_DESCRIBE_STRUCT(ForgetLate, (), ())

// Thread-safe; what it is given outlives it.
class BillingData final : public PersonalData {
 public:
  BillingData(database::Database& database, Payments& payments, const Clock& clock)
      : database_(database), payments_(payments), clock_(clock) {}

  std::string_view room() const override { return "billing"; }
  Task<void> tell(std::string user_id, std::string product, PersonalArchive& archive) override;
  Task<Forgotten> forget(std::string user_id, std::string product) override;
  // What is paid for goes on to the end of its period and no further. `product` empty: in all of them.
  Task<void> end_contracts(std::string user_id, std::string product);
  // What came lately under the ids of accounts that were erased.
  Task<void> forget_late();
  void install(jobs::Worker& worker);

 private:
  database::Database& database_;
  Payments& payments_;
  const Clock& clock_;
};

}  // namespace odeon::billing

// Going on past a plan's limit for money, where the plan offers that: off unless the person has turned it on. What is
// used so is written down in the transaction that settles it, and a job of that transaction reports it to whoever
// takes the person's money, once.
#pragma once

#include "engine/billing/allowances.hpp"
#include "engine/billing/payments.hpp"

namespace odeon::billing {

// The job.
struct ReportOverage {
  static constexpr std::string_view kind = "billing.report_overage";
  std::string id;
};
BOOST_DESCRIBE_STRUCT(ReportOverage, (), (id))

// Thread-safe; what it is given outlives it.
class Overages {
 public:
  // Takes what `allowances` lets through past a limit.
  Overages(database::Database& database, jobs::Queue& queue, Payments& payments, Allowances& allowances,
           Subscriptions& subscriptions, const Clock& clock);

  Task<bool> is_on(std::string user_id, std::string product);
  // False if it was so already. Throws Error{conflict, "NO_OVERAGE"} where the plan has none, nothing is paid for, or
  // the payment provider cannot charge for it. Whoever lets people do this keeps it in the audit trail.
  Task<bool> turn(std::string user_id, std::string product, bool on);
  // Of the meter's present period: what was used past the limit.
  Task<std::int64_t> used(std::string user_id, std::string product, std::string meter);

  // Registers the handler, before the worker starts.
  void install(jobs::Worker& worker);

 private:
  Task<void> note(database::Transaction& transaction, OverLimit over);
  Task<void> report(ReportOverage job, jobs::Job& handle);

  database::Database& database_;
  jobs::Queue& queue_;
  Payments& payments_;
  Subscriptions& subscriptions_;
  const Clock& clock_;
};

}  // namespace odeon::billing

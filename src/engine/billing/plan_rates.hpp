// How many requests a minute a plan allows, whatever they ask for: its limit `requests_per_minute`, in products whose
// plans have one. Endpoints have rates of their own beside it.
#pragma once

#include "engine/billing/subscriptions.hpp"
#include "engine/coordination/coordination.hpp"
#include "engine/http/services.hpp"

namespace odeon::billing {

// Stands before whoever tells who calls. Throws Error{rate_limited, "RATE_LIMITED"} with retry_after and the address of
// larger plans; who is not signed in has no plan. Thread-safe; what it is given outlives it.
class PlanRates final : public http::Authenticator {
 public:
  PlanRates(http::Authenticator& access, Subscriptions& subscriptions, coordination::Coordination& coordination)
      : access_(access), subscriptions_(subscriptions), coordination_(coordination) {}

  Task<void> identify(const http::Request& request, std::string product, http::Caller& caller) override;

 private:
  Task<void> identify_and_count(const http::Request& request, std::string product, http::Caller& caller,
                                const ProductPlans& plans);

  http::Authenticator& access_;
  Subscriptions& subscriptions_;
  coordination::Coordination& coordination_;
};

}  // namespace odeon::billing

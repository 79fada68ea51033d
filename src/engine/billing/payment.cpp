#include "engine/billing/payment.hpp"

#include "base/error.hpp"

namespace odeon::billing {

Task<void> PaymentProvider::report_overage(OverageReport report) {
  throw Error(Fault::conflict, "NO_OVERAGE",
              fmt::format("{} cannot charge for what is used past a limit.", report.offer.product));
  co_return;
}

Task<std::optional<Refund>> PaymentProvider::fetch_refund(std::string) {
  co_return std::nullopt;
}

}  // namespace odeon::billing

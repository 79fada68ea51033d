#include "products/briefings/payment.hpp"

#include "engine/http/binding.hpp"

namespace odeon::briefings {

void Payment::mount(http::Api& api) {
  http::mount(api, create_checkout, &Payment::checkout, *this);
  http::mount(api, create_monthly_checkout, &Payment::checkout_monthly, *this);
  http::mount(api, manage_subscription, &Payment::manage, *this);
  http::mount(api, stripe_webhook, &billing::Storefront::stripe, shop_);
  shop_.mount(api);
}

Task<CheckoutReply> Payment::checkout(http::Caller caller, CheckoutRequest request) {
  auto made = co_await shop_.buy(std::move(caller), request.tier, request.period);
  co_return CheckoutReply{std::move(made.url), std::move(made.id)};
}

Task<CheckoutReply> Payment::checkout_monthly(http::Caller caller, MonthlyCheckout request) {
  return checkout(std::move(caller), {.tier = std::move(request.tier), .period = billing::Cycle::monthly});
}

Task<PortalReply> Payment::manage(http::Caller caller) {
  co_return PortalReply{co_await shop_.portal(std::move(caller))};
}

}  // namespace odeon::briefings

#include "engine/billing/payments.hpp"

#include "base/crypto.hpp"
#include "engine/billing/contracts_store.hpp"
#include "engine/billing/currencies.hpp"

namespace odeon::billing {
namespace {

constexpr std::chrono::hours kCheckoutsReused{12};  // Stripe's end after a day
constexpr std::chrono::minutes kTimeToPay{15};      // that is left of one that is reused

// What the provider refuses in a request that we made up is no fault of the client's.
template <class T>
Task<T> for_client(Task<T> task) {
  try {
    co_return co_await std::move(task);
  } catch (const Error& error) {
    if (error.may_pass()) throw;
    throw Error(Fault::upstream, error.code, "The payment service could not be used. Try again later.")
        .with_detail(error.detail.empty() ? error.message : error.detail);
  }
}

void check_is_sold(const ProductPlans& plans, const Offer& offer) {
  const Plan* plan = plans.find(offer.plan);
  const bool yearly = offer.cycle == Cycle::yearly;
  if (plan == nullptr || (yearly ? plan->yearly_price : plan->monthly_price) == 0)
    throw Error(Fault::invalid, "PLAN_NOT_SOLD", "There is no such plan to buy.")
        .with_fields({{"tier", "not_allowed", "This must be a plan that is sold for that period."}});
}

Error not_sold_in_that_currency() {
  return Error(Fault::invalid, "CURRENCY_NOT_SOLD", "This plan cannot be paid in that currency.")
      .with_fields({{"currency", "not_allowed", "This must be a currency in which the plan is sold."}});
}

std::string idempotency_key(const Purchase& purchase, std::int64_t attempt, Instant now) {
  return crypto::sha256_hex(
      fmt::format("{}\n{}\n{}\n{}", purchase.user_id, purchase.offer.product, attempt, now.time_since_epoch().count()));
}

}  // namespace

Payments::Payments(database::Database& database, jobs::Queue& queue, Subscriptions& subscriptions, const Clock& clock,
                   Log& log)
    : database_(database), queue_(queue), subscriptions_(subscriptions), clock_(clock), log_(log) {}

void Payments::add(PaymentProvider& provider) {
  providers_.push_back(&provider);
}

PaymentProvider* Payments::find(std::string_view provider) const {
  const auto found = std::ranges::find(providers_, provider, &PaymentProvider::name);
  return found == providers_.end() ? nullptr : *found;
}

PaymentProvider& Payments::known(std::string_view provider) const {
  if (auto* found = find(provider)) return *found;
  throw Error(Fault::unavailable, "PAYMENT_NOT_CONFIGURED", "Payment is not available here at the moment.")
      .with_detail(fmt::format("no provider {}", provider));
}

PaymentProvider& Payments::seller_of(const Offer& offer, const std::string& currency) const {
  bool sold = false;
  for (auto* each : providers_) {
    if (!each->sells(offer)) continue;
    if (each->charges_in(currency)) return *each;
    sold = true;
  }
  if (sold) throw not_sold_in_that_currency();
  throw Error(Fault::unavailable, "PAYMENT_NOT_CONFIGURED", "This plan cannot be bought here at the moment.")
      .with_detail(fmt::format("nobody sells {} of {}", offer.plan, offer.product));
}

// Dollars are paid by the provider's own price list; what the other prices are is known here alone.
Task<std::int64_t> Payments::amount_of(Offer offer, std::string currency) {
  if (currency == kDollars) co_return 0;
  if (currencies_ == nullptr) throw not_sold_in_that_currency();
  const bool follows_a_rate = subscriptions_.plans_of(offer.product).priced_daily.contains(currency);
  for (const auto& price : co_await currencies_->prices(std::move(offer)))
    if (price.currency == currency) co_return price.amount;
  if (!follows_a_rate) throw not_sold_in_that_currency();
  throw Error(Fault::unavailable, "NO_RATE", "There is no price in this currency at the moment. Choose another.");
}

Task<Checkout> Payments::checkout(Purchase purchase) {
  const std::string user = purchase.user_id, product = purchase.offer.product;
  const ProductPlans& plans = subscriptions_.plans_of(product);
  check_is_sold(plans, purchase.offer);
  if (purchase.currency.empty()) purchase.currency = kDollars;
  PaymentProvider& seller = seller_of(purchase.offer, purchase.currency);
  const std::string name(seller.name());
  const std::int64_t amount = co_await amount_of(purchase.offer, purchase.currency);
  co_await refuse_a_second(user, product);

  const Instant now = clock_.now();
  const auto before = co_await store::open_checkout(database_, user, product);
  if (before && !before->id.empty()) {
    const bool same = !purchase.request_key.empty() && before->request_key == purchase.request_key &&
                      before->plan == purchase.offer.plan && before->cycle == purchase.offer.cycle &&
                      before->currency == purchase.currency && before->amount == amount && before->provider == name &&
                      before->created_at > now - kCheckoutsReused &&
                      (!before->expires_at || *before->expires_at > now + kTimeToPay);
    if (same) co_return Checkout{before->id, before->url, before->expires_at};
    co_await for_client(close(before->provider, before->id));
    co_await refuse_a_second(user, product);
  }

  const bool trial = plans.trial_days > 0 && !co_await store::had_trial(database_, user, product);
  CheckoutOrder order{.user_id = user,
                      .mail = purchase.mail,
                      .offer = purchase.offer,
                      .currency = purchase.currency,
                      .amount = amount,
                      .trial_days = trial ? plans.trial_days : 0,
                      .success_url = purchase.success_url,
                      .cancel_url = purchase.cancel_url,
                      .server_url = purchase.server_url};
  const auto attempt = co_await store::begin_checkout(database_, name, order, purchase.request_key, now);
  order.key = idempotency_key(purchase, attempt, now);
  order.customer = (co_await store::customer_of(database_, name, user)).value_or("");
  auto made = co_await for_client(seller.create_checkout(std::move(order)));
  if (!co_await store::keep_checkout(database_, user, product, attempt, made)) {
    co_await close(name, made.id);
    throw Error(Fault::conflict, "CHECKOUT_SUPERSEDED", "Another checkout was begun meanwhile. Use that one.");
  }
  co_return made;
}

// Nobody shall pay twice for one product: who has a contract that goes on changes it in the portal.
Task<void> Payments::refuse_a_second(std::string user_id, std::string product) {
  const Instant now = clock_.now();
  for (const auto& seen : co_await store::contracts_of(database_, user_id, product)) {
    const bool over = seen.status == ContractStatus::ended || seen.status == ContractStatus::incomplete ||
                      (seen.cancel_at_period_end && seen.period_end <= now);
    if (!over && find(seen.provider) != nullptr)
      throw Error(Fault::conflict, "ALREADY_SUBSCRIBED",
                  "There is a subscription already. Change it where it is managed.")
          .with_fallback_action("manage_subscription");
  }
}

// If it was paid meanwhile, what came of that is known afterwards.
Task<void> Payments::close(std::string provider, std::string checkout) {
  PaymentProvider* of = find(provider);
  if (of == nullptr) co_return;
  const auto contract = co_await of->close_checkout(std::move(checkout));
  if (contract) co_await refresh(std::move(provider), *contract, "");
}

Task<std::string> Payments::portal(Visit visit) {
  for (const auto& seen : co_await store::contracts_of(database_, visit.user_id, visit.product)) {
    PaymentProvider* provider = find(seen.provider);
    if (provider == nullptr) continue;
    PortalOrder order{seen.customer, visit.return_url, visit.server_url};
    co_return co_await for_client(provider->portal(std::move(order)));
  }
  throw Error(Fault::not_found, "NO_SUBSCRIPTION", "There is no subscription to manage yet.")
      .with_upgrade_url(subscriptions_.plans_of(visit.product).upgrade_url);
}

Task<void> Payments::cancel(std::string user_id, std::string product) {
  std::optional<Error> managed;
  for (const auto& seen : co_await store::contracts_of(database_, user_id, product)) {
    if (seen.status == ContractStatus::ended || seen.cancel_at_period_end) continue;
    const auto ended = co_await settle(known(seen.provider).cancel_at_period_end(seen.id));
    try {
      if (!ended) std::rethrow_exception(ended.error());
    } catch (const Error& error) {
      // What its owner alone can end keeps nothing else going.
      if (error.code != kManagedByStore) throw;
      managed = error;
      continue;
    }
    co_await refresh(seen.provider, seen.id, "");
  }
  if (managed) throw *managed;
}

}  // namespace odeon::billing

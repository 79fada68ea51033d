// Who takes money, and for which of our plans.
#include "server/open.hpp"
#include "server/read_settings.hpp"

namespace odeon::server {
namespace {

using billing::Cycle;
using billing::Offer;

// The ids of `offer`, under the first of the names that is set.
void read_price(Config& config, billing::PriceList& prices, const Offer& offer, const std::string& key,
                std::initializer_list<std::string> variables) {
  for (const auto& variable : variables) {
    const auto ids = config.list(key, variable, {});
    if (ids.empty()) continue;
    try {
      prices.add(offer, ids);
    } catch (const Error& fault) {
      config.reject(key, variable, fault.message);
    }
    return;
  }
}

void read_prices(Config& config, Settings& settings, const std::string& product, const billing::ProductPlans& plans) {
  const bool is_briefings = product == "briefings", is_chat = product == "chat";
  for (const auto& plan : plans.plans)
    for (const auto cycle : {Cycle::monthly, Cycle::yearly}) {
      if ((cycle == Cycle::yearly ? plan.yearly_price : plan.monthly_price) == 0) continue;
      const Offer offer{product, plan.name, cycle};
      const std::string period(json::enum_name(cycle)), place = fmt::format("{}.{}.{}", product, plan.name, period);
      const std::string long_name = fmt::format("{}_{}_{}", product, plan.name, period);
      const std::string short_name = fmt::format("{}_{}", plan.name, period);
      const std::string stripe = upper("STRIPE_PRICE_" + long_name);
      // The shorter names are those of the specs of briefings and chat.
      read_price(config, settings.stripe.prices, offer, "stripe.prices." + place,
                 {stripe, is_briefings ? upper("STRIPE_PRICE_" + short_name) : stripe});
      const std::string polar = upper("POLAR_PRODUCT_" + long_name);
      read_price(config, settings.polar.products, offer, "polar.products." + place,
                 {polar, is_chat && cycle == Cycle::monthly ? upper("POLAR_PRODUCT_" + plan.name) : polar});
      const std::string in_app = upper("IAP_" + long_name);
      read_price(config, settings.in_app, offer, "in_app." + place,
                 {in_app, is_briefings ? upper("IAP_" + short_name) : in_app});
    }
}

void read_overages(Config& config, Settings& settings, const std::string& product, const billing::ProductPlans& plans) {
  for (const auto& plan : plans.plans) {
    if (plan.overage.empty()) continue;
    const std::string place = fmt::format("{}.{}", product, plan.name), name = upper(place);
    const std::string price =
        config.text(fmt::format("stripe.prices.{}.overage", place), fmt::format("STRIPE_PRICE_{}_OVERAGE", name), "");
    const std::string event =
        config.text("stripe.meters." + place, "STRIPE_METER_" + name, fmt::format("odeon_{}_{}", product, plan.name));
    if (!price.empty()) settings.stripe.overages[{product, plan.name}] = {.price = price, .event_name = event};
  }
}

void read_polar(Config& config, Settings& settings) {
  auto& polar = settings.polar;
  polar.base_url = web_address(config, "polar.base_url", "POLAR_BASE_URL", "https://api.polar.sh");
  polar.access_token = config.text("polar.access_token", "POLAR_ACCESS_TOKEN", "");
  polar.webhook_secrets = config.list("polar.webhook_secrets", "POLAR_WEBHOOK_SECRET", {});
  if (!polar.access_token.empty() && polar.webhook_secrets.empty())
    config.reject("polar.webhook_secrets", "POLAR_WEBHOOK_SECRET", "must be set where POLAR_ACCESS_TOKEN is");
}

}  // namespace

void read_payment(Config& config, Settings& settings) {
  // The two names are one thing.
  settings.app_url = web_address(config, "app_url", "APP_URL", web_address(config, "app_url", "FRONTEND_URL", ""));
  auto& stripe = settings.stripe;
  stripe.base_url = web_address(config, "stripe.base_url", "STRIPE_BASE_URL", "https://api.stripe.com");
  stripe.secret_key = config.text("stripe.secret_key", "STRIPE_SECRET_KEY", "");
  stripe.webhook_secrets = config.list("stripe.webhook_secrets", "STRIPE_WEBHOOK_SECRET", {});
  if (!stripe.secret_key.empty() && stripe.webhook_secrets.empty())
    config.reject("stripe.webhook_secrets", "STRIPE_WEBHOOK_SECRET", "must be set where STRIPE_SECRET_KEY is");
  read_polar(config, settings);
  settings.rates.base_url = web_address(config, "fx.base_url", "FX_BASE_URL", "https://api.frankfurter.dev");
  try {
    const billing::Plans plans = read_plans(settings);
    for (const auto& [product, of] : plans.all()) {
      read_prices(config, settings, product, of);
      read_overages(config, settings, product, of);
    }
  } catch (const Error& fault) {
    config.reject("plans", "ODEON_PLANS", fault.message);
  }
}

}  // namespace odeon::server

// Who takes money, and for which of our plans.
#include <fstream>

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

void read_prices(Config& config, Settings& settings, billing::PriceList& in_app, const std::string& product,
                 const billing::ProductPlans& plans) {
  const bool is_briefings = product == "briefings", is_chat = product == "chat", is_studio = product == "studio";
  for (const auto& plan : plans.plans)
    for (const auto cycle : {Cycle::monthly, Cycle::yearly}) {
      if ((cycle == Cycle::yearly ? plan.yearly_price : plan.monthly_price) == 0) continue;
      const Offer offer{product, plan.name, cycle};
      const std::string period(json::enum_name(cycle)), place = fmt::format("{}.{}.{}", product, plan.name, period);
      const std::string long_name = fmt::format("{}_{}_{}", product, plan.name, period);
      const std::string short_name = fmt::format("{}_{}", plan.name, period);
      const std::string stripe = upper("STRIPE_PRICE_" + long_name);
      const bool monthly = cycle == Cycle::monthly;
      // The shorter names are those of the specs of briefings, studio and chat.
      const std::string short_stripe = is_briefings           ? upper("STRIPE_PRICE_" + short_name)
                                       : is_studio && monthly ? upper("STRIPE_PRICE_" + plan.name)
                                                              : stripe;
      read_price(config, settings.stripe.prices, offer, "stripe.prices." + place, {stripe, short_stripe});
      const std::string polar = upper("POLAR_PRODUCT_" + long_name);
      read_price(config, settings.polar.products, offer, "polar.products." + place,
                 {polar, is_chat && monthly ? upper("POLAR_PRODUCT_" + plan.name) : polar});
      const std::string store = upper("IAP_" + long_name);
      read_price(config, in_app, offer, "in_app." + place, {store, is_briefings ? upper("IAP_" + short_name) : store});
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

// PEM as it is, or with \n for the ends of lines, as environments hold it.
std::string pem_of(std::string text) {
  return text::replace_all(std::move(text), "\\n", "\n");
}

// Calls `read`; what it throws is the fault of the setting.
template <class Read>
void checked(Config& config, std::string_view key, const std::string& variable, Read read) {
  try {
    read();
  } catch (const Error& fault) {
    config.reject(key, variable, fault.message);
  }
}

void read_app_store(Config& config, Settings& settings, const billing::PriceList& products) {
  const std::string bundle = config.text("app_store.bundle_id", "APPLE_BUNDLE_ID", "");
  const std::string issuer = config.text("app_store.issuer_id", "APPLE_ISSUER_ID", "");
  const std::string key_id = config.text("app_store.key_id", "APPLE_KEY_ID", "");
  const std::string key = pem_of(config.text("app_store.private_key", "APPLE_PRIVATE_KEY", ""));
  const auto app_id =
      config.integer("app_store.app_id", "APPLE_APP_ID", 0, 0, std::numeric_limits<std::int64_t>::max());
  const std::string base_url =
      web_address(config, "app_store.base_url", "APPLE_BASE_URL", billing::AppStoreOptions::production);
  const bool tries_out = config.flag("app_store.sandbox", "APPLE_SANDBOX", !settings.production);
  const std::string roots = config.text("app_store.root_certificates", "APPLE_ROOT_CERTIFICATES", "");
  if (bundle.empty()) return;
  if (issuer.empty() || key_id.empty() || key.empty())
    return config.reject("app_store.bundle_id", "APPLE_BUNDLE_ID",
                         "needs APPLE_ISSUER_ID, APPLE_KEY_ID and APPLE_PRIVATE_KEY beside it");
  checked(config, "app_store.private_key", "APPLE_PRIVATE_KEY", [&] {
    billing::AppStoreOptions options{.base_url = base_url,
                                     .sandbox_url = tries_out ? billing::AppStoreOptions::sandbox : "",
                                     .bundle_id = bundle,
                                     .app_id = app_id,
                                     .issuer_id = issuer,
                                     .key_id = key_id,
                                     .key = identity::Key::from_pem(key),
                                     .products = products};
    if (!roots.empty()) options.roots = billing::AppleRoots(pem_of(roots));
    settings.app_store = std::move(options);
  });
}

void read_google_play(Config& config, Settings& settings, const billing::PriceList& products) {
  const std::string package = config.text("google_play.package", "GOOGLE_PLAY_PACKAGE", "");
  std::string account = config.text("google_play.service_account", "GOOGLE_PLAY_SERVICE_ACCOUNT", "");
  const std::string audience = config.text("google_play.push_audience", "GOOGLE_PLAY_PUSH_AUDIENCE", "");
  const std::string mail = config.text("google_play.push_email", "GOOGLE_PLAY_PUSH_EMAIL", "");
  const std::string base_url =
      web_address(config, "google_play.base_url", "GOOGLE_PLAY_BASE_URL", "https://androidpublisher.googleapis.com");
  const bool tries_out = config.flag("google_play.test_purchases", "GOOGLE_PLAY_TEST_PURCHASES", !settings.production);
  if (package.empty()) return;
  checked(config, "google_play.service_account", "GOOGLE_PLAY_SERVICE_ACCOUNT", [&] {
    settings.google_play = billing::GooglePlayOptions{.base_url = base_url,
                                                      .package = package,
                                                      .account = service_account(account),
                                                      .products = products,
                                                      .push_audience = audience,
                                                      .push_email = mail,
                                                      .test_purchases = tries_out};
  });
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
  settings.fx_base_url = web_address(config, "rates.base_url", "FX_BASE_URL", "https://api.frankfurter.dev");
  billing::PriceList in_app;  // what app stores sell, by their products' ids
  checked(config, "plans", "ODEON_PLANS", [&] {
    const billing::Plans plans = read_plans(settings);
    for (const auto& [product, of] : plans.all()) {
      read_prices(config, settings, in_app, product, of);
      read_overages(config, settings, product, of);
    }
  });
  read_app_store(config, settings, in_app);
  read_google_play(config, settings, in_app);
}

}  // namespace odeon::server

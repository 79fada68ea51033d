// Apple's App Store: the App Store Server API, and App Store Server Notifications V2
// (developer.apple.com/documentation/appstoreserverapi). A contract is a subscription, by its original transaction.
#pragma once

#include <chrono>

#include "engine/billing/app_store_chain.hpp"
#include "engine/billing/store_provider.hpp"
#include "engine/http/client.hpp"
#include "engine/identity/keys.hpp"

namespace odeon::billing {

struct AppStoreOptions {
  static constexpr const char* production = "https://api.storekit.apple.com";
  static constexpr const char* sandbox = "https://api.storekit-sandbox.apple.com";

  std::string base_url = production;  // without a trailing slash, as the next
  // What is bought there with test accounts, by Apple's reviewers too, counts as paid; empty: it counts for nothing.
  std::string sandbox_url;
  std::string bundle_id;
  std::int64_t app_id = 0;  // the app's "Apple ID" in App Store Connect; 0: no webhook of real purchases is taken
  std::string issuer_id;    // of the API's key, as the next two
  std::string key_id;
  identity::Key key;
  AppleRoots roots = AppleRoots::standard();
  PriceList products;
  std::chrono::milliseconds time{20'000};  // for one request, all in all
};

class AppStore final : public StoreProvider {
 public:
  AppStore(http::Client& client, const Clock& clock, AppStoreOptions options);

  std::string_view name() const override { return "app_store"; }
  // Of a transaction that StoreKit 2 signed, or of a transaction's id.
  Task<StorePurchase> read_receipt(std::string receipt) override;
  // The app finishes its transactions by itself.
  Task<void> confirm(std::string) override { co_return; }
  Task<std::string> portal(PortalOrder order) override;
  // Throws Error{conflict, kManagedByStore}: Apple lets nobody but its customers cancel.
  Task<void> cancel_at_period_end(std::string contract) override;
  Task<std::optional<Contract>> fetch(std::string contract) override;
  Task<std::optional<Invoice>> fetch_invoice(std::string id) override;
  Task<WebhookEvent> read_webhook(std::string body, http::Headers headers) override;

 private:
  // Of the first environment that knows what was asked for.
  struct Answer {
    std::string_view environment;
    json::object document;
  };
  Task<std::optional<Answer>> ask(std::string path);
  Task<std::optional<json::object>> ask_environment(std::string base_url, std::string path);
  Task<std::optional<json::object>> fetch_transaction(std::string id);
  // The payload, if it is of our app and, unless that is empty, of this environment. Throws Error{invalid}.
  json::object read_transaction(std::string_view jws, std::string_view environment) const;
  json::object trusted(const json::object& holder, std::string_view member, std::string_view environment) const;
  void check_app(const json::object& notification) const;
  bool allows(std::string_view environment) const;

  http::Client& client_;
  const Clock& clock_;
  AppStoreOptions options_;
};

}  // namespace odeon::billing

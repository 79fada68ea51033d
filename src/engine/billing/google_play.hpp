// Google Play: subscriptions by the Google Play Developer API, and its notifications by Pub/Sub
// (developer.android.com/google/play/billing). A contract is a purchase, by its token.
#pragma once

#include <chrono>

#include "engine/billing/store_provider.hpp"
#include "engine/identity/google_access.hpp"
#include "engine/identity/remote_keys.hpp"
#include "engine/jobs/queue.hpp"

namespace odeon::billing {

struct GooglePlayOptions {
  static constexpr const char* keys_url = "https://www.googleapis.com/oauth2/v3/certs";

  std::string base_url = "https://androidpublisher.googleapis.com";  // without a trailing slash
  std::string package;
  identity::ServiceAccount account;
  PriceList products;
  // The token that a push brings is made for this audience, for this service account. Empty: no push is taken.
  std::string push_audience;
  std::string push_email;
  bool test_purchases = false;             // what licence testers buy counts as paid
  std::chrono::milliseconds time{20'000};  // for one request, all in all
};

class GooglePlay final : public StoreProvider {
 public:
  // `keys` are those that Google signs tokens of pushes with: RemoteKeys of `keys_url`.
  GooglePlay(http::Client& client, const Clock& clock, database::Database& database, jobs::Queue& queue,
             identity::RemoteKeys& keys, GooglePlayOptions options);

  std::string_view name() const override { return "google_play"; }
  // Of a purchase token.
  Task<StorePurchase> read_receipt(std::string receipt) override;
  // Google gives the money back after three days otherwise.
  Task<void> confirm(std::string contract) override;
  Task<std::string> portal(PortalOrder order) override;
  Task<void> cancel_at_period_end(std::string contract) override;
  Task<std::optional<Contract>> fetch(std::string contract) override;
  // What was paid is known to Google's orders alone.
  Task<std::optional<Invoice>> fetch_invoice(std::string) override { co_return std::nullopt; }
  Task<WebhookEvent> read_webhook(std::string body, http::Headers headers) override;

 private:
  Task<std::optional<json::object>> purchase(std::string token);
  Task<void> acknowledge(std::string token, json::object purchase);
  Task<void> retire(std::string token, std::string replaced_by);
  // Nothing where the purchase is not known, or no more.
  Task<std::optional<json::object>> call(http::Method method, std::string path, std::string body);
  std::string path_of(const std::string& token) const;

  http::Client& client_;
  const Clock& clock_;
  database::Database& database_;
  jobs::Queue& queue_;
  identity::RemoteKeys& keys_;
  GooglePlayOptions options_;
  identity::GoogleAccess access_;
};

}  // namespace odeon::billing

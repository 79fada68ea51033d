// The App Store as a test scripts it: a whole HTTP server that answers the App Store Server API in its shapes, for both
// environments, signs what it says, makes notifications, or misbehaves.
#pragma once

#include <boost/asio/use_future.hpp>
#include <deque>
#include <map>
#include <mutex>

#include "base/ids.hpp"
#include "base/metrics.hpp"
#include "engine/billing/app_store.hpp"
#include "engine/billing/app_store_signer_test.hpp"
#include "engine/billing/jws.hpp"
#include "engine/http/server.hpp"

namespace odeon::billing {

// People by whose ids stores know who bought.
inline constexpr const char* kAnn = "0192f0c0-0000-7000-8000-00000000000a";
inline constexpr const char* kBob = "0192f0c0-0000-7000-8000-00000000000b";

// As the price list of these tests names them: "app.premium.monthly".
inline PriceList test_products() {
  PriceList products;
  for (const char* plan : {"premium", "pro"})
    for (const auto cycle : {Cycle::monthly, Cycle::yearly})
      products.add({"briefings", plan, cycle}, {fmt::format("app.{}.{}", plan, json::enum_name(cycle))});
  return products;
}

class AppStoreServer {
 public:
  enum class Environment { Production, Sandbox };
  BOOST_DESCRIBE_NESTED_ENUM(Environment, Production, Sandbox)
  static constexpr std::int64_t app_id = 1234;

  explicit AppStoreServer(const Clock& clock) : clock_(clock), chain_(clock.now()) {
    port_ = server_.start();
    loops_.start();
  }
  ~AppStoreServer() {
    asio::co_spawn(loops_[0], server_.stop(std::chrono::milliseconds(0)), asio::use_future).get();
    loops_.stop();
    loops_.join();
  }

  AppStoreOptions options() const {
    const std::string url = fmt::format("http://127.0.0.1:{}", port_);
    return {.base_url = url + "/Production",
            .sandbox_url = url + "/Sandbox",
            .bundle_id = "com.example.app",
            .app_id = app_id,
            .issuer_id = "issuer-1",
            .key_id = "KEY1",
            .key = key_,
            .roots = AppleRoots(chain_.root_pem),
            .products = test_products()};
  }
  const AppleChain& chain() const { return chain_; }

  // The next request gets this instead of a good answer; a status of 0: none at all.
  void misbehave(unsigned status, json::object body = {}, http::Headers headers = {}) {
    const std::lock_guard lock(mutex_);
    http::Response response{.status = status, .headers = std::move(headers), .body = json::write(body)};
    response.headers.add("Content-Type", "application/json");
    faults_.push_back(std::move(response));
  }
  std::vector<std::string> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

  // ---- what happens in the store --------------------------------------------------------------------

  // Somebody buys; `account` is what the app says of them. Returns the original transaction.
  std::string buy(const std::string& product, const std::string& account = "", bool trial = false,
                  Environment environment = Environment::Production) {
    const std::lock_guard lock(mutex_);
    const std::string id = std::to_string(++last_);
    auto& bought = subscriptions_[id];
    bought.environment = environment;
    bought.transaction = {{"originalTransactionId", id},
                          {"bundleId", "com.example.app"},
                          {"productId", product},
                          {"subscriptionGroupIdentifier", "2000"},
                          {"originalPurchaseDate", millis(clock_.now())},
                          {"quantity", 1},
                          {"type", "Auto-Renewable Subscription"},
                          {"inAppOwnershipType", "PURCHASED"},
                          {"environment", json::enum_name(environment)},
                          {"storefront", "USA"},
                          {"currency", "USD"}};
    if (!account.empty()) bought.transaction["appAccountToken"] = account;
    if (trial) {
      bought.transaction["offerType"] = 1;
      bought.transaction["offerDiscountType"] = "FREE_TRIAL";
    }
    bought.renewal = {{"originalTransactionId", id},
                      {"productId", product},
                      {"autoRenewProductId", product},
                      {"autoRenewStatus", 1},
                      {"environment", json::enum_name(environment)}};
    begin_period(bought, clock_.now(), trial ? 7 : 30, trial ? 0 : 4990);
    return id;
  }
  void renew(const std::string& id) {
    const std::lock_guard lock(mutex_);
    auto& bought = subscriptions_.at(id);
    bought.status = 1;
    bought.transaction.erase("offerType");
    bought.transaction.erase("offerDiscountType");
    begin_period(bought, Instant(std::chrono::milliseconds(bought.transaction.at("expiresDate").as_int64())), 30, 4990);
  }
  // A renewal is not paid; with days of grace, or none.
  void fail_to_renew(const std::string& id, std::int64_t grace_days) {
    const std::lock_guard lock(mutex_);
    auto& bought = subscriptions_.at(id);
    bought.status = grace_days > 0 ? 4 : 3;
    bought.renewal["isInBillingRetryPeriod"] = true;
    if (grace_days > 0)
      bought.renewal["gracePeriodExpiresDate"] =
          bought.transaction.at("expiresDate").as_int64() + grace_days * 86'400'000;
  }
  void set_status(const std::string& id, int status) {
    change(id, [&](auto& bought) { bought.status = status; });
  }
  void set_renewal(const std::string& id, const std::string& member, json::value value) {
    change(id, [&](auto& bought) { bought.renewal[member] = std::move(value); });
  }
  void set(const std::string& id, const std::string& member, json::value value) {
    change(id, [&](auto& bought) { bought.transaction[member] = std::move(value); });
  }

  // What StoreKit 2 gives the app.
  std::string receipt(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    return chain_.sign(dated(subscriptions_.at(id).transaction));
  }
  std::string transaction_of(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    return std::string(subscriptions_.at(id).transaction.at("transactionId").as_string());
  }
  // The notification of a subscription as it is now.
  json::object notification(const std::string& type, const std::string& id) const {
    const std::lock_guard lock(mutex_);
    const auto& bought = subscriptions_.at(id);
    json::object data{{"bundleId", "com.example.app"},
                      {"bundleVersion", "7"},
                      {"environment", json::enum_name(bought.environment)},
                      {"status", bought.status},
                      {"signedTransactionInfo", chain_.sign(dated(bought.transaction))},
                      {"signedRenewalInfo", chain_.sign(dated(bought.renewal))}};
    if (bought.environment == Environment::Production) data["appAppleId"] = app_id;
    return dated({{"notificationType", type},
                  {"notificationUUID", new_uuid(clock_)},
                  {"version", "2.0"},
                  {"data", std::move(data)}});
  }
  std::string body_of(const json::object& notification) const {
    return json::write(json::object{{"signedPayload", chain_.sign(notification)}});
  }
  std::string event(const std::string& type, const std::string& id) const { return body_of(notification(type, id)); }

 private:
  struct Bought {
    Environment environment = Environment::Production;
    int status = 1;
    json::object transaction, renewal;
  };
  static std::int64_t millis(Instant when) {
    return std::chrono::floor<std::chrono::milliseconds>(when).time_since_epoch().count();
  }
  json::object dated(json::object payload) const {
    payload["signedDate"] = millis(clock_.now());
    return payload;
  }
  template <class Change>
  void change(const std::string& id, Change&& change) {
    const std::lock_guard lock(mutex_);
    change(subscriptions_.at(id));
  }
  void begin_period(Bought& bought, Instant start, std::int64_t days, std::int64_t price) {
    const std::string id = std::to_string(++last_);
    bought.transaction["transactionId"] = id;
    bought.transaction["purchaseDate"] = millis(start);
    bought.transaction["expiresDate"] = millis(start + std::chrono::days(days));
    bought.transaction["price"] = price;
    bought.renewal.erase("gracePeriodExpiresDate");
    bought.renewal["isInBillingRetryPeriod"] = false;
    transactions_[id] = bought;
  }

  Task<http::Response> answer(http::Request& request) {
    auto response = answer_to(request.path, std::string(request.headers.get("Authorization")));
    if (response.status == 0) co_await sleep_on_loop(std::chrono::hours(1));
    co_return response;
  }
  http::Response answer_to(const std::string& path, const std::string& authorization) {
    const std::lock_guard lock(mutex_);
    asked_.push_back(path);
    if (!faults_.empty()) {
      auto response = std::move(faults_.front());
      faults_.pop_front();
      return response;
    }
    if (!is_ours(authorization)) return {.status = 401, .body = std::string("Unauthenticated\n\n")};
    const auto parts = text::split(std::string_view(path).substr(1), '/');  // ENVIRONMENT/inApps/v1/KIND/ID
    const auto environment = json::enum_value<Environment>(parts[0]);
    const std::string id(parts.back());
    auto belongs = [&](const Bought& bought) { return bought.environment == environment; };
    if (parts[3] == "transactions") {
      const auto found = transactions_.find(id);
      if (found == transactions_.end() || !belongs(found->second)) return unknown();
      return ok({{"signedTransactionInfo", chain_.sign(dated(found->second.transaction))}});
    }
    json::array all;
    bool known = false;
    for (const auto& [original, bought] : subscriptions_) {
      if (!belongs(bought)) continue;
      known = known || original == id;
      all.push_back(json::object{{"originalTransactionId", original},
                                 {"status", bought.status},
                                 {"signedTransactionInfo", chain_.sign(dated(bought.transaction))},
                                 {"signedRenewalInfo", chain_.sign(dated(bought.renewal))}});
    }
    if (!known) return unknown();
    const json::object group{{"subscriptionGroupIdentifier", "2000"}, {"lastTransactions", std::move(all)}};
    return ok({{"environment", parts[0]},
               {"bundleId", "com.example.app"},
               {"appAppleId", app_id},
               {"data", json::array{group}}});
  }
  bool is_ours(const std::string& authorization) const {
    const auto token = authorization.starts_with("Bearer ") ? read_jws(authorization.substr(7)) : std::nullopt;
    if (!token || !key_.verify(token->signed_, token->signature)) return false;
    const auto& claims = token->payload;
    const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch().count();
    return token->header.at("kid") == "KEY1" && token->header.at("alg") == "ES256" && claims.at("iss") == "issuer-1" &&
           claims.at("aud") == "appstoreconnect-v1" && claims.at("bid") == "com.example.app" &&
           claims.at("exp").as_int64() > now && claims.at("iat").as_int64() <= now &&
           claims.at("exp").as_int64() - claims.at("iat").as_int64() <= 3600;
  }
  static http::Response ok(const json::object& body) {
    http::Response response{.body = json::write(body)};
    response.headers.add("Content-Type", "application/json");
    return response;
  }
  static http::Response unknown() {
    auto response = ok({{"errorCode", 4040010}, {"errorMessage", "Transaction id not found."}});
    response.status = 404;
    return response;
  }

  const Clock& clock_;
  AppleChain chain_;
  identity::Key key_ = identity::Key::make();
  mutable std::mutex mutex_;
  std::int64_t last_ = 1000;
  std::map<std::string, Bought> subscriptions_, transactions_;
  std::vector<std::string> asked_;
  std::deque<http::Response> faults_;
  Log log_{Log::Level::off};
  Metrics metrics_;
  Loops loops_{1};
  std::uint16_t port_ = 0;
  http::Server server_{{.address = "127.0.0.1", .port = 0},
                       loops_,
                       [this](http::Request& request) { return answer(request); },
                       log_,
                       metrics_};
};

}  // namespace odeon::billing

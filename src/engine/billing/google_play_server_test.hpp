// Google as a test scripts it: one HTTP server that gives tokens to a service account, answers the Google Play
// Developer API in its shapes, serves the keys that pushes are signed with, pushes, or misbehaves.
#pragma once

#include <boost/asio/use_future.hpp>
#include <deque>
#include <map>
#include <mutex>

#include "base/crypto.hpp"
#include "base/metrics.hpp"
#include "engine/billing/google_play.hpp"
#include "engine/billing/jws.hpp"
#include "engine/http/server.hpp"
#include "engine/identity/jwt.hpp"
#include "engine/identity/rsa_test.hpp"

namespace odeon::billing {

struct Push {
  std::string body;
  http::Headers headers = {};
};

class PlayServer {
 public:
  static constexpr const char* package = "com.example.app";
  static constexpr const char* audience = "https://api.example.com/api/webhooks/google";
  static constexpr const char* pusher = "push@project.iam.gserviceaccount.com";

  explicit PlayServer(const Clock& clock) : clock_(clock) {
    port_ = server_.start();
    loops_.start();
  }
  ~PlayServer() {
    asio::co_spawn(loops_[0], server_.stop(std::chrono::milliseconds(0)), asio::use_future).get();
    loops_.stop();
    loops_.join();
  }

  std::string url() const { return fmt::format("http://127.0.0.1:{}", port_); }
  std::string keys_url() const { return url() + "/oauth2/v3/certs"; }
  // As Google's console gives it.
  std::string key_file() const {
    return json::write(json::object{{"type", "service_account"},
                                    {"project_id", "project"},
                                    {"private_key_id", "key-1"},
                                    {"private_key", account_key_.private_pem()},
                                    {"client_email", "play@project.iam.gserviceaccount.com"},
                                    {"token_uri", url() + "/token"}});
  }
  GooglePlayOptions options(PriceList products) const {
    return {.base_url = url(),
            .package = package,
            .account = identity::ServiceAccount::from_json(key_file()),
            .products = std::move(products),
            .push_audience = audience,
            .push_email = pusher};
  }

  // The next request gets this instead of a good answer; a status of 0: none at all.
  void misbehave(unsigned status, json::object body = {}, http::Headers headers = {}) {
    const std::lock_guard lock(mutex_);
    http::Response response{.status = status, .headers = std::move(headers), .body = json::write(body)};
    response.headers.add("Content-Type", "application/json");
    faults_.push_back(std::move(response));
  }
  static json::object error(const char* reason) {
    return {{"error", json::object{{"errors", json::array{json::object{{"reason", reason}}}}}}};
  }
  // Every token given so far is good no more.
  void revoke_tokens() {
    const std::lock_guard lock(mutex_);
    access_.clear();
  }
  // "GET /token" and so on, in order.
  std::vector<std::string> asked(std::string_view containing = "") const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> found;
    for (const auto& each : asked_)
      if (each.find(containing) != std::string::npos) found.push_back(each);
    return found;
  }
  std::string last_body() const {
    const std::lock_guard lock(mutex_);
    return last_body_;
  }

  // ---- what happens in the store --------------------------------------------------------------------

  // Somebody buys; `account` is what the app says of them, `replaces` the purchase that this one takes the place of.
  std::string buy(const std::string& product, const std::string& account = "", const std::string& replaces = "") {
    const std::lock_guard lock(mutex_);
    const std::string token = fmt::format("token.{}:AO-J1Oz", ++last_);
    json::object item{{"productId", product},
                      {"expiryTime", to_iso8601(clock_.now() + std::chrono::days(30))},
                      {"autoRenewingPlan", json::object{{"autoRenewEnabled", true}}},
                      {"offerDetails", json::object{{"basePlanId", "p1m"}}}};
    json::object bought{{"kind", "androidpublisher#subscriptionPurchaseV2"},
                        {"regionCode", "US"},
                        {"startTime", to_iso8601(clock_.now())},
                        {"subscriptionState", "SUBSCRIPTION_STATE_ACTIVE"},
                        {"acknowledgementState", "ACKNOWLEDGEMENT_STATE_PENDING"},
                        {"lineItems", json::array{std::move(item)}}};
    if (!account.empty()) bought["externalAccountIdentifiers"] = json::object{{"obfuscatedExternalAccountId", account}};
    if (!replaces.empty()) bought["linkedPurchaseToken"] = replaces;
    purchases_[token] = std::move(bought);
    return token;
  }
  void set(const std::string& token, const std::string& member, json::value value) {
    const std::lock_guard lock(mutex_);
    purchases_.at(token)[member] = std::move(value);
  }
  void set_item(const std::string& token, const std::string& member, json::value value) {
    const std::lock_guard lock(mutex_);
    purchases_.at(token).at("lineItems").at(0).as_object()[member] = std::move(value);
  }
  void set_state(const std::string& token, const std::string& state) {
    set(token, "subscriptionState", json::value("SUBSCRIPTION_STATE_" + state));
  }
  json::object purchase(const std::string& token) const {
    const std::lock_guard lock(mutex_);
    return purchases_.at(token);
  }

  // ---- pushes ---------------------------------------------------------------------------------------

  json::object claims() const {
    const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch().count();
    return {{"aud", audience},
            {"azp", "1"},
            {"email", pusher},
            {"email_verified", true},
            {"exp", now + 3600},
            {"iat", now},
            {"iss", "https://accounts.google.com"},
            {"sub", "1"}};
  }
  std::string bearer(const json::object& claims) const {
    return identity::jwt::write(claims, push_key_, push_key_.id());
  }
  Push push(json::object notification, const std::string& message) const {
    notification["version"] = "1.0";
    notification["packageName"] = package;
    notification["eventTimeMillis"] = "1795159800000";
    const json::object inner{{"data", crypto::to_base64(json::write(notification))},
                             {"messageId", message},
                             {"message_id", message},
                             {"publishTime", to_iso8601(clock_.now())}};
    return push_again({json::write(json::object{{"message", inner}, {"subscription", "projects/p/subscriptions/s"}})});
  }
  // Each delivery has a token of its own.
  Push push_again(Push push) const {
    push.headers.set("Authorization", "Bearer " + bearer(claims()));
    return push;
  }
  Push tell(const std::string& token, int type = 4) {
    json::object about{{"version", "1.0"}, {"notificationType", type}, {"purchaseToken", token}};
    return push({{"subscriptionNotification", std::move(about)}}, std::to_string(++messages_));
  }

 private:
  Task<http::Response> answer(http::Request& request) {
    const std::string body = co_await read_all(*request.body, 1 << 20);
    const std::string verb = request.method == http::Method::get ? "GET " : "POST ";
    auto response = answer_to(verb + request.path, std::string(request.headers.get("Authorization")), body);
    if (response.status == 0) co_await sleep_on_loop(std::chrono::hours(1));
    co_return response;
  }
  http::Response answer_to(const std::string& what, const std::string& authorization, const std::string& body) {
    const std::lock_guard lock(mutex_);
    asked_.push_back(what);
    last_body_ = body;
    if (!faults_.empty()) {
      auto response = std::move(faults_.front());
      faults_.pop_front();
      return response;
    }
    if (what == "GET /oauth2/v3/certs") return ok(identity::KeySet({push_key_}).jwks());
    if (what == "POST /token") return give_token(body);
    if (!access_.contains(authorization)) return no(401, "authError");
    const std::string folder = fmt::format("/androidpublisher/v3/applications/{}/purchases/", package);
    const auto at = what.find(folder);
    if (at == std::string::npos) return no(404, "applicationNotFound");
    const std::string rest = what.substr(at + folder.size());
    std::string token = rest.substr(rest.find("tokens/") + 7);
    const bool cancel = token.ends_with(":cancel"), acknowledge = token.ends_with(":acknowledge");
    if (cancel || acknowledge) token.resize(token.rfind(':'));
    const auto found = purchases_.find(token);
    if (found == purchases_.end()) return no(token.size() < 4 ? 400 : 404, "purchaseTokenNotFound");
    if (acknowledge) found->second["acknowledgementState"] = "ACKNOWLEDGEMENT_STATE_ACKNOWLEDGED";
    if (cancel) {
      found->second["subscriptionState"] = "SUBSCRIPTION_STATE_CANCELED";
      found->second.at("lineItems").at(0).as_object()["autoRenewingPlan"] = json::object();
    }
    return cancel || acknowledge ? ok("") : ok(json::write(found->second));
  }
  http::Response give_token(const std::string& form) {
    constexpr std::string_view before = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
    const auto assertion = form.starts_with(before) ? read_jws(form.substr(before.size())) : std::nullopt;
    const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch().count();
    if (!assertion || !account_key_.verify(assertion->signed_, assertion->signature) ||
        assertion->header.at("kid") != "key-1" || assertion->payload.at("aud") != json::value(url() + "/token") ||
        assertion->payload.at("scope") != "https://www.googleapis.com/auth/androidpublisher" ||
        assertion->payload.at("exp").as_int64() <= now)
      return ok(R"({"error":"invalid_grant"})", 400);
    const std::string token = fmt::format("ya29.{}", ++last_);
    access_.emplace("Bearer " + token);
    return ok(json::write(json::object{{"access_token", token}, {"expires_in", 3599}, {"token_type", "Bearer"}}));
  }
  static http::Response ok(std::string body, unsigned status = 200) {
    http::Response response{.status = status, .body = std::move(body)};
    response.headers.add("Content-Type", "application/json");
    return response;
  }
  static http::Response no(unsigned status, const char* reason) { return ok(json::write(error(reason)), status); }

  const Clock& clock_;
  // RSA keys take long to make: every server has the same two.
  static const identity::Key& made_key(int which) {
    static const std::array keys{identity::Key::from_pem(identity::make_rsa_pem()),
                                 identity::Key::from_pem(identity::make_rsa_pem())};
    return keys.at(static_cast<std::size_t>(which));
  }

  identity::Key account_key_ = made_key(0);
  identity::Key push_key_ = made_key(1);
  mutable std::mutex mutex_;
  int last_ = 0;
  int messages_ = 0;
  std::map<std::string, json::object> purchases_;
  std::set<std::string> access_;
  std::vector<std::string> asked_;
  std::string last_body_;
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

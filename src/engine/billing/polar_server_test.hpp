// Polar as a test scripts it: a whole HTTP server that answers in its wire shapes, keeps what it is told, makes and
// signs events, or misbehaves.
#pragma once

#include <boost/asio/use_future.hpp>
#include <deque>
#include <map>
#include <mutex>

#include "base/metrics.hpp"
#include "base/standard_webhooks.hpp"
#include "engine/billing/polar.hpp"
#include "engine/billing/polar_objects_test.hpp"
#include "engine/http/server.hpp"

namespace odeon::billing {

inline constexpr const char* kPolarSecret = "polar_whs_ünïcode";

struct PolarRequest {
  http::Method method = http::Method::get;
  std::string path;
  std::map<std::string, std::string> query;
  http::Headers headers;
  json::value body;
};

struct PolarEvent {
  std::string body;
  http::Headers headers;
};

class PolarServer {
 public:
  explicit PolarServer(const Clock& clock) : clock_(clock) {
    port_ = server_.start();
    loops_.start();
  }
  ~PolarServer() {
    asio::co_spawn(loops_[0], server_.stop(std::chrono::milliseconds(0)), asio::use_future).get();
    loops_.stop();
    loops_.join();
  }

  std::string url() const { return fmt::format("http://127.0.0.1:{}", port_); }
  PolarOptions options() const {
    PolarOptions options{.base_url = url(), .access_token = "polar_oat_1", .webhook_secrets = {kPolarSecret}};
    for (const char* plan : {"premium", "pro"})
      options.products.add({"briefings", plan, Cycle::monthly}, {fmt::format("product-{}", plan)});
    options.products.add({"chat", "pro", Cycle::monthly}, {"product-chat"});
    return options;
  }

  // The next request gets this instead of a good answer; a status of 0: none at all.
  void misbehave(unsigned status, std::string body = "", http::Headers headers = {}) {
    const std::lock_guard lock(mutex_);
    http::Response response{.status = status, .headers = std::move(headers), .body = std::move(body)};
    response.headers.add("Content-Type", "application/json");
    faults_.push_back(std::move(response));
  }
  // As it does when a member of the body is wrong.
  void find_fault(const char* member) {
    const json::object fault{{"type", "value_error"},
                             {"loc", json::array{"body", member}},
                             {"msg", "No, because of ann@example.com."},
                             {"input", "x"}};
    misbehave(422, json::write(json::object{{"error", "RequestValidationError"}, {"detail", json::array{fault}}}));
  }
  std::vector<PolarRequest> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

  // ---- what happens at Polar ------------------------------------------------------------------------

  // Somebody pays a checkout, or begins its trial. Returns the subscription's id; empty if Polar refuses, for they
  // have one already.
  std::string pay(const std::string& checkout_id) {
    const std::lock_guard lock(mutex_);
    auto& checkout = objects_.at(checkout_id);
    const auto owner = customer_of(checkout);
    for (const auto& [id, each] : objects_)
      if (each.contains("current_period_start") && each.at("customer_id") == owner.at("id") &&
          each.at("ended_at").is_null())
        return "";
    const bool trial = !checkout.at("trial_interval_count").is_null();
    const std::string id = next();
    auto made = polar_objects::subscription(id, now(), checkout, trial);
    made["customer_id"] = owner.at("id");
    made["customer"] = owner;
    objects_[id] = std::move(made);
    set_product(id, checkout.at("product").as_object());
    set_end(id, std::chrono::days(trial ? checkout.at("trial_interval_count").as_int64() : 30));
    checkout["status"] = "succeeded";
    checkout["customer_id"] = owner.at("id");
    add_order(id, trial ? 0 : checkout.at("amount").as_int64(), true, "subscription_create");
    return id;
  }
  void set(const std::string& id, const std::string& member, json::value value) {
    const std::lock_guard lock(mutex_);
    objects_.at(id)[member] = std::move(value);
  }
  void change_product(const std::string& id, const std::string& product) {
    const std::lock_guard lock(mutex_);
    set_product(id, product_of(product, "usd", 4900, "catalog"));
  }
  // The next period begins, and is paid or is not. Returns the order's id.
  std::string renew(const std::string& id, bool paid) {
    const std::lock_guard lock(mutex_);
    auto& subscription = objects_.at(id);
    subscription["current_period_start"] = subscription.at("current_period_end");
    set_end(id, std::chrono::days(30));
    subscription["status"] = paid ? "active" : "past_due";
    subscription["past_due_at"] = paid ? json::value() : json::value(now());
    return add_order(id, subscription.at("amount").as_int64(), paid, "subscription_cycle");
  }
  void settle(const std::string& id, const std::string& order) {
    const std::lock_guard lock(mutex_);
    auto& paid = objects_.at(order);
    paid["status"] = "paid";
    paid["paid"] = true;
    paid["next_payment_attempt_at"] = nullptr;
    objects_.at(id)["status"] = "active";
    objects_.at(id)["past_due_at"] = nullptr;
  }
  void revoke(const std::string& id) {
    const std::lock_guard lock(mutex_);
    auto& subscription = objects_.at(id);
    subscription["status"] = "canceled";
    subscription["ended_at"] = now();
    if (subscription.at("ends_at").is_null()) subscription["ends_at"] = now();
  }
  json::object object(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    return objects_.at(id);
  }
  std::string newest_order(const std::string& subscription) const {
    const std::lock_guard lock(mutex_);
    return orders_.at(subscription).back();
  }
  // The dashboard's "delete customer".
  void forget_customer(const std::string& customer) {
    const std::lock_guard lock(mutex_);
    objects_.erase(customer);
  }

  // An event about an object as it is now.
  PolarEvent event(const std::string& type, const std::string& about) {
    return signed_now(
        json::write(json::object{{"type", type}, {"timestamp", to_iso8601(clock_.now())}, {"data", object(about)}}));
  }
  PolarEvent signed_now(std::string body, std::string id = "") {
    const std::lock_guard lock(mutex_);
    if (id.empty()) id = next();
    auto made = standard_webhooks::sign(id, clock_.now(), body, {kPolarSecret});
    PolarEvent event{std::move(body), {}};
    event.headers.add("Webhook-Id", id);
    event.headers.add("Webhook-Timestamp", made.timestamp);
    event.headers.add("Webhook-Signature", made.signature);
    return event;
  }

 private:
  std::string now() const { return to_iso8601(clock_.now()); }
  std::string next() { return fmt::format("00000000-0000-4000-8000-{:012}", ++last_); }

  json::object product_of(const std::string& id, const std::string& currency, std::int64_t amount,
                          const char* source) const {
    return polar_objects::product(id, now(), {polar_objects::price(id, now(), currency, amount, source)});
  }
  void set_product(const std::string& id, json::object product) {
    auto& subscription = objects_.at(id);
    subscription["product_id"] = product.at("id");
    subscription["prices"] = product.at("prices");
    subscription["product"] = std::move(product);
  }
  void set_end(const std::string& id, std::chrono::days days) {
    auto& subscription = objects_.at(id);
    const auto start = parse_iso8601(std::string_view(subscription.at("current_period_start").as_string()));
    subscription["current_period_end"] = to_iso8601(start.value() + days);
  }
  json::object customer_of(const json::object& checkout) {
    if (checkout.at("customer_id").is_string()) return objects_.at(std::string(checkout.at("customer_id").as_string()));
    for (const auto& [id, each] : objects_)
      if (each.contains("external_id") && each.at("external_id") == checkout.at("external_customer_id")) return each;
    const std::string id = next();
    return objects_[id] =
               polar_objects::customer(id, now(), checkout.at("external_customer_id"), "entered@example.com");
  }
  std::string add_order(const std::string& id, std::int64_t amount, bool paid, const char* reason) {
    const std::string order = next();
    objects_[order] = polar_objects::order(order, now(), objects_.at(id), amount, paid, reason);
    orders_[id].push_back(order);
    return order;
  }

  Task<http::Response> answer(http::Request& request) {
    PolarRequest asked{request.method, request.path, {}, request.headers, {}};
    for (const auto& [name, value] : request.query) asked.query[name] = value;
    const std::string body = co_await read_all(*request.body, 1 << 20);
    if (!body.empty()) asked.body = json::parse(body);
    auto response = answer_to(std::move(asked));
    if (response.status == 0) co_await sleep_on_loop(std::chrono::hours(1));
    co_return response;
  }

  http::Response answer_to(PolarRequest request) {
    const std::lock_guard lock(mutex_);
    asked_.push_back(request);
    if (!faults_.empty()) {
      auto response = std::move(faults_.front());
      faults_.pop_front();
      return response;
    }
    if (request.headers.get("Authorization") != "Bearer polar_oat_1")
      return shown(401, {{"error", "invalid_token"}, {"detail", "No."}});
    const bool post = request.method == http::Method::post;
    if (request.path == "/v1/checkouts/" && post) return begin_checkout(request.body.as_object());
    if (request.path == "/v1/customer-sessions/" && post) return begin_session(request.body.as_object());
    if (request.path == "/v1/subscriptions/") return page("customer_id", "started_at", request);
    if (request.path == "/v1/orders/") return page("subscription_id", "billing_reason", request);
    const auto found = objects_.find(request.path.substr(request.path.rfind('/') + 1));
    if (found == objects_.end()) return shown(404, {{"error", "ResourceNotFound"}, {"detail", "Not found"}});
    auto& object = found->second;
    if (request.method == http::Method::patch) {
      if (!object.at("ended_at").is_null())
        return shown(403, {{"error", "AlreadyCanceledSubscription"}, {"detail", "It is."}});
      object["cancel_at_period_end"] = request.body.at("cancel_at_period_end");
      object["canceled_at"] = now();
      object["ends_at"] = object.at("current_period_end");
    }
    return shown(200, object);
  }

  http::Response begin_checkout(const json::object& asked) {
    const auto* customer = asked.if_contains("customer_id");
    if (customer != nullptr && !objects_.contains(std::string(customer->as_string())))
      return shown(422, {{"error", "RequestValidationError"},
                         {"detail", json::array{json::object{{"loc", json::array{"body", "customer_id"}},
                                                             {"msg", "Customer does not exist."},
                                                             {"type", "value_error"}}}}});
    const std::string product(asked.at("products").at(0).as_string());
    const auto* prices = asked.if_contains("prices");
    const auto ad_hoc = prices != nullptr ? prices->at(product).at(0).as_object() : json::object();
    const std::int64_t amount = ad_hoc.empty() ? 4900 : ad_hoc.at("price_amount").as_int64();
    const auto kind = product_of(product, std::string(asked.at("currency").as_string()), amount,
                                 ad_hoc.empty() ? "catalog" : "ad_hoc");
    const std::string id = next();
    return shown(201, objects_[id] = polar_objects::checkout(
                          id, now(), to_iso8601(clock_.now() + std::chrono::hours(1)), asked, kind, amount));
  }
  http::Response begin_session(const json::object& asked) {
    const auto customer = objects_.at(std::string(asked.at("customer_id").as_string()));
    const std::string id = next();
    auto made =
        polar_objects::merged(polar_objects::base(id, now()),
                              {{"token", "polar_cst_1"},
                               {"expires_at", to_iso8601(clock_.now() + std::chrono::hours(1))},
                               {"return_url", asked.at("return_url")},
                               {"customer_portal_url", "https://polar.test/portal?customer_session_token=polar_cst_1"},
                               {"customer_id", customer.at("id")},
                               {"customer", customer}});
    made.erase("metadata");
    return shown(201, std::move(made));
  }
  // Those with a `mark` whose `member` is as asked, the newest first.
  http::Response page(const char* member, const char* mark, const PolarRequest& request) {
    json::array items;
    for (const auto& [id, each] : objects_)
      if (each.contains(mark) && each.at(member) == request.query.at(member).c_str()) items.insert(items.begin(), each);
    const auto limit = static_cast<std::size_t>(std::stoul(request.query.at("limit")));
    const auto total = items.size();
    if (total > limit) items.resize(limit);
    return shown(200,
                 {{"items", std::move(items)}, {"pagination", json::object{{"total_count", total}, {"max_page", 1}}}});
  }
  static http::Response shown(unsigned status, json::object object) {
    http::Response response{.status = status, .headers = {}, .body = json::write(object)};
    response.headers.add("Content-Type", "application/json");
    return response;
  }

  const Clock& clock_;
  mutable std::mutex mutex_;
  int last_ = 0;
  std::map<std::string, json::object> objects_;  // ids grow with time
  std::map<std::string, std::vector<std::string>> orders_;
  std::vector<PolarRequest> asked_;
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

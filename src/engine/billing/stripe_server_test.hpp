// Stripe as a test scripts it: a whole HTTP server that answers in its wire shapes, keeps what it is told, makes
// and signs events, or misbehaves.
#pragma once

#include <boost/asio/use_future.hpp>
#include <deque>
#include <map>
#include <mutex>

#include "base/crypto.hpp"
#include "base/metrics.hpp"
#include "engine/billing/stripe.hpp"
#include "engine/billing/stripe_signature.hpp"
#include "engine/http/server.hpp"

namespace odeon::billing {

inline constexpr const char* kWebhookSecret = "whsec_test_1";

// As a PriceList of these tests names them: "price_premium_monthly".
inline PriceList test_prices() {
  PriceList prices;
  for (const char* plan : {"premium", "pro"})
    for (const auto cycle : {Cycle::monthly, Cycle::yearly})
      prices.add({"briefings", plan, cycle}, {fmt::format("price_{}_{}", plan, json::enum_name(cycle))});
  prices.add({"studio", "pro", Cycle::monthly}, {"price_studio_pro_monthly"});
  return prices;
}

struct StripeRequest {
  http::Method method = http::Method::get;
  std::string path;
  http::Headers headers;
  std::map<std::string, std::string> form;  // of the query for GET
};

struct SignedEvent {
  std::string body;
  std::string signature;
};

class StripeServer {
 public:
  explicit StripeServer(const Clock& clock) : clock_(clock) {
    port_ = server_.start();
    loops_.start();
  }
  ~StripeServer() {
    asio::co_spawn(loops_[0], server_.stop(std::chrono::milliseconds(0)), asio::use_future).get();
    loops_.stop();
    loops_.join();
  }

  std::string url() const { return fmt::format("http://127.0.0.1:{}", port_); }
  StripeOptions options() const {
    return {.base_url = url(),
            .secret_key = "sk_test_1",
            .webhook_secrets = {kWebhookSecret},
            .prices = test_prices(),
            .overages = {{{"studio", "pro"}, {"price_studio_pro_overage", "studio_assets"}}}};
  }

  // The next request gets this instead of a good answer; a status of 0: none at all.
  void misbehave(unsigned status, std::string body = "", http::Headers headers = {}) {
    const std::lock_guard lock(mutex_);
    http::Response response{.status = status, .headers = std::move(headers), .body = std::move(body)};
    response.headers.add("Content-Type", "application/json");
    faults_.push_back(std::move(response));
  }
  void refuse(unsigned status, const char* type, const char* code, const char* parameter = "") {
    misbehave(status, json::write(json::object{{"error", error(type, code, parameter)}}));
  }
  std::vector<StripeRequest> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

  // ---- what happens at Stripe -----------------------------------------------------------------------

  // Somebody pays a checkout, or begins its trial. Returns the subscription's id.
  std::string pay(const std::string& session_id) {
    const std::lock_guard lock(mutex_);
    auto& session = objects_.at(session_id);
    const auto& form = forms_.at(session_id);
    const std::string id = next("sub");
    const std::string customer = form.contains("customer") ? form.at("customer") : next("cus");
    const bool trial = form.contains("subscription_data[trial_period_days]");
    const std::int64_t days = trial ? std::stoll(form.at("subscription_data[trial_period_days]")) : 30;
    session["status"] = "complete";
    session["payment_status"] = trial ? "no_payment_required" : "paid";
    session["customer"] = customer;
    session["subscription"] = id;
    objects_[id] =
        json::object{{"id", id},
                     {"object", "subscription"},
                     {"customer", customer},
                     {"status", trial ? "trialing" : "active"},
                     {"cancel_at_period_end", false},
                     {"cancel_at", nullptr},
                     {"created", now()},
                     {"trial_start", trial ? json::value(now()) : json::value()},
                     {"metadata", json::object{{"user_id", form.at("subscription_data[metadata][user_id]")},
                                               {"product", form.at("subscription_data[metadata][product]")}}}};
    set_period(id, form.at("line_items[0][price]"), now(), now() + days * 86400);
    if (form.contains("line_items[1][price]"))
      objects_.at(id).at("items").at("data").as_array().push_back(
          json::object{{"id", "si_2"},
                       {"object", "subscription_item"},
                       {"current_period_start", now()},
                       {"current_period_end", now() + days * 86400},
                       {"price", json::object{{"id", form.at("line_items[1][price]")}, {"object", "price"}}}});
    add_invoice(id, trial ? 0 : 499, true);
    return id;
  }
  void set(const std::string& id, const std::string& member, json::value value) {
    const std::lock_guard lock(mutex_);
    objects_.at(id)[member] = std::move(value);
  }
  void change_price(const std::string& id, const std::string& price) {
    const std::lock_guard lock(mutex_);
    const auto item = objects_.at(id).at("items").at("data").at(0);
    set_period(id, price, item.at("current_period_start").as_int64(), item.at("current_period_end").as_int64());
  }
  // The next period begins, and is paid or is not. Returns the invoice's id.
  std::string renew(const std::string& id, bool paid, std::int64_t amount = 499) {
    const std::lock_guard lock(mutex_);
    const auto item = objects_.at(id).at("items").at("data").at(0);
    const auto start = item.at("current_period_end").as_int64();
    set_period(id, std::string(item.at("price").at("id").as_string()), start, start + 30 * 86400);
    objects_.at(id)["status"] = paid ? "active" : "past_due";
    return add_invoice(id, amount, paid);
  }
  void settle_invoice(const std::string& invoice) {
    const std::lock_guard lock(mutex_);
    auto& object = objects_.at(invoice);
    object["status"] = "paid";
    object["amount_paid"] = object.at("amount_due");
  }
  // What was paid of an invoice is given back, in part or all. Returns the charge's id.
  std::string refund(const std::string& invoice, std::int64_t amount, bool disputed = false) {
    const std::lock_guard lock(mutex_);
    const std::string id = next("ch"), intent = next("pi");
    objects_[id] = json::object{{"id", id},
                                {"object", "charge"},
                                {"customer", objects_.at(invoice).at("customer")},
                                {"amount", objects_.at(invoice).at("amount_paid")},
                                {"amount_refunded", amount},
                                {"disputed", disputed},
                                {"payment_intent", intent}};
    invoices_of_intents_[intent] = invoice;
    return id;
  }
  std::string dispute(const std::string& invoice) {
    const std::string charge = refund(invoice, 0, true);
    const std::lock_guard lock(mutex_);
    const std::string id = next("dp");
    objects_[id] = json::object{{"id", id}, {"object", "dispute"}, {"charge", charge}, {"status", "needs_response"}};
    return id;
  }
  // What its meters have counted of a customer: events of one identifier count once.
  std::int64_t metered(const std::string& event_name, const std::string& customer) const {
    const std::lock_guard lock(mutex_);
    std::int64_t sum = 0;
    for (const auto& [identifier, form] : meter_events_)
      if (form.at("event_name") == event_name && form.at("payload[stripe_customer_id]") == customer)
        sum += std::stoll(form.at("payload[value]"));
    return sum;
  }
  json::object object(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    return objects_.at(id);
  }

  bool has(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    return objects_.contains(id);
  }

  // An event about an object as it is now.
  SignedEvent event(const std::string& type, const std::string& about) {
    const std::lock_guard lock(mutex_);
    return signed_now(json::write(json::object{{"id", next("evt")},
                                               {"object", "event"},
                                               {"api_version", Stripe::api_version},
                                               {"created", now()},
                                               {"livemode", false},
                                               {"pending_webhooks", 1},
                                               {"type", type},
                                               {"data", json::object{{"object", objects_.at(about)}}}}));
  }
  SignedEvent signed_now(std::string body) const {
    std::string signature = sign(body, kWebhookSecret, clock_.now());
    return {std::move(body), std::move(signature)};
  }

 private:
  static json::object error(std::string_view type, std::string_view code, std::string_view parameter) {
    json::object out{{"type", type}, {"message", "No, because of reasons."}};
    if (!code.empty()) out["code"] = code;
    if (!parameter.empty()) out["param"] = parameter;
    return out;
  }
  std::int64_t now() const { return std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch().count(); }
  std::string next(const char* kind) { return fmt::format("{}_test_{}", kind, ++last_); }

  void set_period(const std::string& id, const std::string& price, std::int64_t start, std::int64_t end) {
    json::object item{{"id", "si_1"},
                      {"object", "subscription_item"},
                      {"current_period_start", start},
                      {"current_period_end", end},
                      {"quantity", 1},
                      {"price", json::object{{"id", price}, {"object", "price"}, {"currency", "usd"}}}};
    objects_.at(id)["items"] = json::object{{"object", "list"}, {"data", json::array{std::move(item)}}};
  }
  std::string add_invoice(const std::string& id, std::int64_t amount, bool paid) {
    const std::string invoice = next("in");
    auto& subscription = objects_.at(id);
    const auto price = subscription.at("items").at("data").at(0).at("price").at("id");
    objects_[invoice] = json::object{
        {"id", invoice},
        {"object", "invoice"},
        {"customer", subscription.at("customer")},
        {"status", paid ? "paid" : "open"},
        {"attempt_count", 1},
        {"amount_due", amount},
        {"amount_paid", paid ? amount : 0},
        {"currency", "usd"},
        {"created", now()},
        {"parent",
         json::object{{"type", "subscription_details"}, {"subscription_details", json::object{{"subscription", id}}}}},
        {"status_transitions",
         json::object{{"finalized_at", now()}, {"paid_at", paid ? json::value(now()) : json::value()}}},
        {"lines",
         json::object{{"object", "list"},
                      {"data", json::array{json::object{
                                   {"amount", amount},
                                   {"pricing", json::object{{"price_details", json::object{{"price", price}}}}}}}}}}};
    subscription["latest_invoice"] = invoice;
    return invoice;
  }

  Task<http::Response> answer(http::Request& request) {
    StripeRequest asked{request.method, request.path, request.headers, {}};
    const std::string body = co_await read_all(*request.body, 1 << 20);
    for (const auto pair : text::split(body, '&')) {
      if (pair.empty()) continue;
      const auto equals = pair.find('=');
      asked.form[text::percent_decode(pair.substr(0, equals), true).value()] =
          text::percent_decode(pair.substr(equals + 1), true).value();
    }
    for (const auto& [name, value] : request.query) asked.form[name] = value;
    auto response = answer_to(std::move(asked));
    if (response.status == 0) co_await sleep_on_loop(std::chrono::hours(1));
    co_return response;
  }

  http::Response answer_to(StripeRequest request) {
    const std::lock_guard lock(mutex_);
    asked_.push_back(request);
    if (!faults_.empty()) {
      auto response = std::move(faults_.front());
      faults_.pop_front();
      return response;
    }
    if (request.headers.get("Authorization") != "Bearer sk_test_1") return no(401, "invalid_request_error", "", "");
    const std::string key(request.headers.get("Idempotency-Key"));
    if (const auto known = replies_.find(key); !key.empty() && known != replies_.end())
      return known->second.first == request.form ? ok(known->second.second) : no(400, "idempotency_error", "", "");
    auto response = route(request);
    if (!key.empty() && response.status == 200)
      replies_[key] = {request.form, json::parse(std::get<std::string>(response.body)).as_object()};
    return response;
  }

  http::Response route(const StripeRequest& request) {
    const auto parts = text::split(std::string_view(request.path).substr(1), '/');
    const bool post = request.method == http::Method::post;
    if (request.path == "/v1/checkout/sessions" && post) return begin_checkout(request.form);
    if (request.path == "/v1/billing_portal/sessions" && post)
      return ok({{"id", next("bps")},
                 {"object", "billing_portal.session"},
                 {"customer", request.form.at("customer")},
                 {"url", "https://billing.stripe.test/p/" + request.form.at("customer")}});
    if (request.path == "/v1/invoice_payments") {
      json::array data;
      const auto invoice = invoices_of_intents_.find(request.form.at("payment[payment_intent]"));
      if (invoice != invoices_of_intents_.end())
        data.push_back(json::object{
            {"id", "inpay_1"}, {"object", "invoice_payment"}, {"invoice", invoice->second}, {"status", "paid"}});
      return ok({{"object", "list"}, {"data", std::move(data)}, {"has_more", false}});
    }
    if (request.path == "/v1/billing/meter_events" && post) return count(request.form);
    const std::string id(request.path.ends_with("/expire") ? parts[parts.size() - 2] : parts.back());
    const auto found = objects_.find(id);
    if (found == objects_.end()) return no(404, "invalid_request_error", "resource_missing", "id");
    auto& object = found->second;
    if (request.path.ends_with("/expire")) {
      if (object.at("status") != "open") return no(400, "invalid_request_error", "", "");
      object["status"] = "expired";
    } else if (post) {
      object["cancel_at_period_end"] = request.form.at("cancel_at_period_end") == "true";
    }
    json::object shown = object;
    if (request.form.contains("expand[0]") && shown.contains("latest_invoice"))
      shown["latest_invoice"] = objects_.at(std::string(shown.at("latest_invoice").as_string()));
    return ok(std::move(shown));
  }

  http::Response count(const std::map<std::string, std::string>& form) {
    meter_events_.try_emplace(form.at("identifier"), form);
    return ok({{"object", "billing.meter_event"},
               {"created", now()},
               {"event_name", form.at("event_name")},
               {"identifier", form.at("identifier")},
               {"livemode", false},
               {"payload", json::object{{"stripe_customer_id", form.at("payload[stripe_customer_id]")},
                                        {"value", form.at("payload[value]")}}},
               {"timestamp", std::stoll(form.at("timestamp"))}});
  }

  http::Response begin_checkout(const std::map<std::string, std::string>& form) {
    const auto customer = form.find("customer");
    if (customer != form.end() && deleted_.contains(customer->second))
      return no(400, "invalid_request_error", "resource_missing", "customer");
    const std::string id = next("cs");
    forms_[id] = form;
    objects_[id] = json::object{{"id", id},
                                {"object", "checkout.session"},
                                {"mode", form.at("mode")},
                                {"status", "open"},
                                {"payment_status", "unpaid"},
                                {"client_reference_id", form.at("client_reference_id")},
                                {"customer", nullptr},
                                {"subscription", nullptr},
                                {"expires_at", now() + 86400},
                                {"url", "https://checkout.stripe.test/c/" + id}};
    return ok(objects_[id]);
  }

  static http::Response ok(json::object object) {
    http::Response response;
    response.headers.add("Content-Type", "application/json");
    response.body = json::write(object);
    return response;
  }
  static http::Response no(unsigned status, const char* type, const char* code, const char* parameter) {
    auto response = ok({{"error", error(type, code, parameter)}});
    response.status = status;
    return response;
  }

 public:
  // The dashboard's "delete customer".
  void forget_customer(const std::string& customer) {
    const std::lock_guard lock(mutex_);
    deleted_.emplace(customer, true);
  }

 private:
  const Clock& clock_;
  mutable std::mutex mutex_;
  int last_ = 0;
  std::map<std::string, json::object> objects_;
  std::map<std::string, std::map<std::string, std::string>> forms_;  // of checkouts
  std::map<std::string, std::pair<std::map<std::string, std::string>, json::object>> replies_;
  std::map<std::string, bool> deleted_;
  std::map<std::string, std::string> invoices_of_intents_;
  std::map<std::string, std::map<std::string, std::string>> meter_events_;  // by identifier
  std::vector<StripeRequest> asked_;
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

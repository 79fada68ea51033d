#include "engine/billing/polar.hpp"

#include "base/standard_webhooks.hpp"
#include "engine/billing/polar_wire.hpp"
#include "engine/http/json_call.hpp"
#include "engine/http/retry_after.hpp"

namespace odeon::billing {
namespace {

constexpr std::size_t kMaxAnswer = 4 * 1024 * 1024;  // a page of subscriptions, each with its product
constexpr std::chrono::seconds kLongestPause{3600};
constexpr std::chrono::seconds kPaymentPause{30};

std::string path_of(std::string_view folder, const std::string& id) {
  return fmt::format("/v1/{}/{}", folder, text::percent_encode(id));
}

std::chrono::seconds pause_of(std::string_view retry_after, Instant now) {
  constexpr std::chrono::seconds shortest{1};
  return std::clamp(http::read_retry_after(retry_after, now).value_or(shortest), shortest, kLongestPause);
}

}  // namespace

// A fault is {"error": "AlreadyCanceledSubscription", "detail": "…"}, or of what was sent
// {"error": "RequestValidationError", "detail": [{"loc": ["body", "customer_id"], "msg": "…", "type": "…"}]}.
struct Polar::Answer : http::JsonAnswer {
  std::string fault() const {
    const auto* object = document.if_object();
    const auto* found = object != nullptr ? object->if_contains("error") : nullptr;
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
  }
  // The members that were found wrong: "body.customer_id".
  std::vector<std::string> places() const {
    std::vector<std::string> all;
    const auto* object = document.if_object();
    const auto* detail = object != nullptr ? object->if_contains("detail") : nullptr;
    if (status != 422 || detail == nullptr || !detail->is_array()) return all;
    for (const auto& each : detail->get_array()) {
      const auto* loc = each.is_object() ? each.get_object().if_contains("loc") : nullptr;
      if (loc == nullptr || !loc->is_array()) continue;
      std::vector<std::string> steps;
      for (const auto& step : loc->get_array())
        if (step.is_string()) steps.emplace_back(step.get_string());
      all.push_back(text::join(steps, "."));
    }
    return all;
  }
  bool refuses(std::string_view member) const {
    return std::ranges::any_of(places(), [&](const std::string& place) { return place.ends_with(member); });
  }
};

Polar::Polar(http::Client& client, const Clock& clock, PolarOptions options)
    : client_(client), clock_(clock), options_(std::move(options)) {}

json::object Polar::body_of(const CheckoutOrder& order) const {
  const std::string* product = options_.products.price_of(order.offer);
  if (product == nullptr)
    throw Error(Fault::unavailable, "PRICE_NOT_CONFIGURED", "This plan cannot be bought here at the moment.")
        .with_detail(fmt::format("no POLAR_PRODUCT for {} {} {}", order.offer.product, order.offer.plan,
                                 json::enum_name(order.offer.cycle)));
  // Polar copies the metadata to the subscription and to its orders.
  json::object body{{"products", json::array{*product}},
                    {"currency", order.currency},
                    {"success_url", text::replace_all(order.success_url, "{CHECKOUT_SESSION_ID}", "{CHECKOUT_ID}")},
                    {"allow_discount_codes", true},
                    {"allow_trial", order.trial_days > 0},
                    {"metadata", json::object{{"user_id", order.user_id},
                                              {"product", order.offer.product},
                                              {"plan", order.offer.plan},
                                              {"cycle", json::enum_name(order.offer.cycle)}}}};
  if (!order.cancel_url.empty()) body["return_url"] = order.cancel_url;
  if (order.amount > 0)
    body["prices"] = json::object{
        {*product, json::array{json::object{
                       {"amount_type", "fixed"}, {"price_currency", order.currency}, {"price_amount", order.amount}}}}};
  if (order.trial_days > 0) {
    body["trial_interval"] = "day";
    body["trial_interval_count"] = order.trial_days;
  }
  if (!order.customer.empty())
    body["customer_id"] = order.customer;
  else
    body["external_customer_id"] = order.user_id;
  if (!order.mail.empty()) body["customer_email"] = order.mail;
  return body;
}

Task<Checkout> Polar::create_checkout(CheckoutOrder order) {
  auto body = body_of(order);
  auto answer = co_await send(http::Method::post, "/v1/checkouts/", body);
  // Deleted in Polar's dashboard: they come as somebody new.
  const bool stranger = body.contains("customer_id") && answer.refuses("customer_id");
  // An address that Polar finds nobody at: the person gives another one there.
  const bool no_mail = answer.refuses("customer_email");
  if (stranger) {
    body.erase("customer_id");
    body["external_customer_id"] = order.user_id;
  }
  if (no_mail) body.erase("customer_email");
  if (stranger || no_mail) answer = co_await send(http::Method::post, "/v1/checkouts/", body);
  auto made = polar::read<polar::Checkout>(good(std::move(answer)));
  co_return Checkout{std::move(made.id), std::move(made.url), made.expires_at};
}

Task<std::optional<std::string>> Polar::close_checkout(std::string id) {
  auto answer = co_await get(path_of("checkouts", id));
  if (answer.status == 404) co_return std::nullopt;
  const auto checkout = polar::read<polar::Checkout>(good(std::move(answer)));
  const bool being_paid = checkout.status == "confirmed" && checkout.expires_at > clock_.now();
  if (checkout.status != "succeeded" && !being_paid) co_return std::nullopt;
  if (checkout.customer_id) {
    const auto theirs = polar::read<polar::Subscriptions>(
        good(co_await get("/v1/subscriptions/?customer_id=" + text::percent_encode(*checkout.customer_id) +
                          "&sorting=-started_at&limit=100")));
    for (const auto& each : theirs.items)
      if (each.checkout_id == id) co_return each.id;
  }
  // Paid just now, and what comes of it is not there yet.
  throw Error(Fault::unavailable, "PAYMENT_UNDER_WAY", "A payment is under way. Try again in a moment.")
      .with_retry_after(kPaymentPause);
}

Task<std::string> Polar::portal(PortalOrder order) {
  json::object body{{"customer_id", order.customer}};
  if (!order.return_url.empty()) body["return_url"] = order.return_url;
  auto answer = co_await send(http::Method::post, "/v1/customer-sessions/", std::move(body));
  co_return polar::read<polar::CustomerSession>(good(std::move(answer))).customer_portal_url;
}

Task<void> Polar::cancel_at_period_end(std::string contract) {
  auto answer =
      co_await send(http::Method::patch, path_of("subscriptions", contract), {{"cancel_at_period_end", true}});
  if (answer.fault() == "AlreadyCanceledSubscription") co_return;
  good(std::move(answer));
}

Task<std::optional<Contract>> Polar::fetch(std::string contract) {
  auto answer = co_await get(path_of("subscriptions", contract));
  if (answer.status == 404) co_return std::nullopt;
  auto truth = polar::contract_of(polar::read<polar::Subscription>(good(std::move(answer))), options_.products);
  if (!truth) co_return std::nullopt;
  const auto orders = polar::read<polar::Orders>(good(
      co_await get("/v1/orders/?subscription_id=" + text::percent_encode(contract) + "&sorting=-created_at&limit=1")));
  if (!orders.items.empty()) truth->latest_invoice = polar::invoice_of(orders.items.front(), options_.products);
  co_return truth;
}

Task<std::optional<Invoice>> Polar::fetch_invoice(std::string id) {
  auto answer = co_await get(path_of("orders", id));
  if (answer.status == 404) co_return std::nullopt;
  co_return polar::invoice_of(polar::read<polar::Order>(good(std::move(answer))), options_.products);
}

Task<WebhookEvent> Polar::read_webhook(std::string body, http::Headers headers) {
  std::string id(headers.get(standard_webhooks::kIdField));
  const standard_webhooks::Signature made{std::string(headers.get(standard_webhooks::kTimestampField)),
                                          std::string(headers.get(standard_webhooks::kSignatureField))};
  // Polar's key is the secret as it is shown, and not what it would be the base64 of.
  if (!standard_webhooks::is_signed(id, made, body, options_.webhook_secrets, clock_.now()))
    throw Error(Fault::invalid, "INVALID_SIGNATURE", "The signature is missing, wrong or too old.");
  co_return polar::event_of(body, std::move(id));
}

Task<Polar::Answer> Polar::get(std::string path) {
  http::ClientRequest request{.url = options_.base_url + path};
  co_return co_await exchange(std::move(request));
}

Task<Polar::Answer> Polar::send(http::Method method, std::string path, json::object body) {
  http::ClientRequest request{.method = method, .url = options_.base_url + path, .body = json::write(body)};
  request.headers.add("Content-Type", "application/json");
  co_return co_await exchange(std::move(request));
}

Task<Polar::Answer> Polar::exchange(http::ClientRequest request) {
  request.headers.add("Authorization", "Bearer " + options_.access_token);
  request.headers.add("Accept", "application/json");
  co_return Answer{co_await http::call_json(client_, std::move(request), kMaxAnswer, options_.time)};
}

// What was asked for. Of what is refused the log has the name of the fault and the members; the message may repeat
// what people entered.
json::value Polar::good(Answer answer) const {
  const std::string detail =
      fmt::format("status {} {} {}", answer.status, answer.fault(), text::join(answer.places(), " "));
  if (answer.status == 429)
    throw Error(Fault::rate_limited, "PAYMENT_BUSY", "The payment service asked for a pause.")
        .with_retry_after(pause_of(answer.retry_after, clock_.now()))
        .with_detail(detail);
  // 409: the subscription is being changed just now. A token that is refused may be mended.
  if (answer.status >= 500 || answer.status == 409 || answer.status == 401 || answer.status == 403)
    throw Error(Fault::unavailable, "PAYMENT_AWAY", "The payment service cannot be reached at the moment.")
        .with_detail(detail);
  if (answer.status >= 400)
    throw Error(Fault::invalid, "PAYMENT_REFUSED", "The payment service refused the request: " + detail)
        .with_detail(detail);
  if (answer.status != 200 && answer.status != 201) throw polar::nonsense(detail);
  return std::move(answer.document);
}

}  // namespace odeon::billing

#include "engine/billing/stripe.hpp"

#include "engine/billing/stripe_signature.hpp"
#include "engine/billing/stripe_wire.hpp"
#include "engine/http/json_call.hpp"
#include "engine/http/retry_after.hpp"

namespace odeon::billing {
namespace {

using stripe::nonsense;
using stripe::text_at;

constexpr std::size_t kMaxAnswer = 1024 * 1024;
constexpr std::chrono::seconds kLongestPause{3600};

std::string path_of(std::string_view folder, const std::string& id) {
  return fmt::format("/v1/{}/{}", folder, text::percent_encode(id));
}

std::chrono::seconds pause_of(std::string_view retry_after, Instant now) {
  constexpr std::chrono::seconds shortest{1};
  return std::clamp(http::read_retry_after(retry_after, now).value_or(shortest), shortest, kLongestPause);
}

}  // namespace

struct Stripe::Answer : http::JsonAnswer {
  const json::object* error() const {
    const auto* object = document.if_object();
    const auto* found = object != nullptr ? object->if_contains("error") : nullptr;
    return found != nullptr ? found->if_object() : nullptr;
  }
  std::string at_error(std::string_view member) const { return error() != nullptr ? text_at(*error(), member) : ""; }
  bool is_missing(std::string_view parameter) const {
    return status >= 400 && at_error("code") == "resource_missing" && at_error("param") == parameter;
  }
};

Stripe::Stripe(http::Client& client, const Clock& clock, StripeOptions options)
    : client_(client), clock_(clock), options_(std::move(options)) {}

Stripe::Form Stripe::form_of(const CheckoutOrder& order) const {
  const std::string* price = options_.prices.price_of(order.offer);
  if (price == nullptr)
    throw Error(Fault::unavailable, "PRICE_NOT_CONFIGURED", "This plan cannot be bought here at the moment.")
        .with_detail(fmt::format("no STRIPE_PRICE for {} {} {}", order.offer.product, order.offer.plan,
                                 json::enum_name(order.offer.cycle)));
  Form form{{"mode", "subscription"},
            {"payment_method_types[0]", "card"},
            {"line_items[0][price]", *price},
            {"line_items[0][quantity]", "1"},
            {"success_url", order.success_url},
            {"cancel_url", order.cancel_url},
            {"client_reference_id", order.user_id},
            {"allow_promotion_codes", "true"},
            {"billing_address_collection", "auto"}};
  // What is metered has no quantity.
  if (const StripeOverage* overage = overage_of(order.offer)) form.emplace_back("line_items[1][price]", overage->price);
  // On both: the session's is for people who look at it, the subscription's stays with it for good.
  for (const char* where : {"metadata", "subscription_data[metadata]"}) {
    form.emplace_back(fmt::format("{}[user_id]", where), order.user_id);
    form.emplace_back(fmt::format("{}[product]", where), order.offer.product);
  }
  if (!order.customer.empty())
    form.emplace_back("customer", order.customer);
  else if (!order.mail.empty())
    form.emplace_back("customer_email", order.mail);
  if (order.trial_days > 0) {
    form.emplace_back("subscription_data[trial_period_days]", std::to_string(order.trial_days));
    form.emplace_back("subscription_data[trial_settings][end_behavior][missing_payment_method]", "cancel");
  }
  return form;
}

Task<Checkout> Stripe::create_checkout(CheckoutOrder order) {
  auto answer = co_await post("/v1/checkout/sessions", form_of(order), order.key);
  if (!order.customer.empty() && answer.is_missing("customer")) {
    // Deleted in Stripe's dashboard: they come as somebody new.
    order.customer.clear();
    answer = co_await post("/v1/checkout/sessions", form_of(order), order.key + "-new");
  }
  const auto session = good(std::move(answer));
  Checkout checkout{text_at(session, "id"), text_at(session, "url")};
  if (checkout.id.empty() || checkout.url.empty()) throw nonsense("a checkout session without an address");
  co_return checkout;
}

Task<std::optional<std::string>> Stripe::close_checkout(std::string id) {
  auto answer = co_await post(path_of("checkout/sessions", id) + "/expire", {}, "");
  // Refused where it is paid or has expired already.
  if (answer.status == 400) answer = co_await get(path_of("checkout/sessions", id));
  if (answer.status == 404) co_return std::nullopt;
  const auto session = good(std::move(answer));
  const std::string contract = stripe::id_at(session, "subscription");
  co_return contract.empty() ? std::nullopt : std::optional(contract);
}

Task<std::string> Stripe::portal(PortalOrder order) {
  const Form form{{"customer", order.customer}, {"return_url", order.return_url}};
  const auto session = good(co_await post("/v1/billing_portal/sessions", form, ""));
  std::string url = text_at(session, "url");
  if (url.empty()) throw nonsense("a portal session without an address");
  co_return url;
}

Task<void> Stripe::cancel_at_period_end(std::string contract) {
  good(co_await post(path_of("subscriptions", contract), {{"cancel_at_period_end", "true"}}, ""));
}

const StripeOverage* Stripe::overage_of(const Offer& offer) const {
  const auto found = options_.overages.find({offer.product, offer.plan});
  return found == options_.overages.end() || offer.cycle != Cycle::monthly ? nullptr : &found->second;
}

Task<void> Stripe::report_overage(OverageReport report) {
  const StripeOverage* overage = overage_of(report.offer);
  if (overage == nullptr) co_return co_await PaymentProvider::report_overage(std::move(report));
  const auto seconds = std::chrono::floor<std::chrono::seconds>(report.at.time_since_epoch());
  const Form form{{"event_name", overage->event_name},
                  {"payload[stripe_customer_id]", report.customer},
                  {"payload[value]", std::to_string(report.count)},
                  {"identifier", report.key},
                  {"timestamp", std::to_string(seconds.count())}};
  good(co_await post("/v1/billing/meter_events", form, report.key));
}

Task<std::optional<Contract>> Stripe::fetch(std::string contract) {
  auto answer = co_await get(path_of("subscriptions", contract) + "?expand%5B0%5D=latest_invoice");
  if (answer.status == 404) co_return std::nullopt;
  co_return stripe::contract_of(good(std::move(answer)), options_.prices);
}

Task<std::optional<Invoice>> Stripe::fetch_invoice(std::string id) {
  auto answer = co_await get(path_of("invoices", id));
  if (answer.status == 404) co_return std::nullopt;
  co_return stripe::invoice_of(good(std::move(answer)), options_.prices);
}

Task<std::optional<Refund>> Stripe::fetch_refund(std::string charge) {
  auto answer = co_await get(path_of("charges", charge));
  if (answer.status == 404) co_return std::nullopt;
  const auto object = good(std::move(answer));
  const std::string intent = stripe::id_at(object, "payment_intent");
  if (intent.empty()) co_return std::nullopt;
  const auto payments =
      good(co_await get("/v1/invoice_payments?payment%5Btype%5D=payment_intent&payment%5Bpayment_intent%5D=" +
                        text::percent_encode(intent)));
  co_return stripe::refund_of(object, payments);
}

Task<WebhookEvent> Stripe::read_webhook(std::string body, http::Headers headers) {
  if (!is_signed(headers.get("Stripe-Signature"), body, options_.webhook_secrets, clock_.now()))
    throw Error(Fault::invalid, "INVALID_SIGNATURE", "The signature is missing, wrong or too old.");
  co_return stripe::event_of(body);
}

Task<Stripe::Answer> Stripe::get(std::string path) {
  http::ClientRequest request{.url = options_.base_url + path};
  co_return co_await exchange(std::move(request));
}

Task<Stripe::Answer> Stripe::post(std::string path, Form form, std::string key) {
  http::ClientRequest request{
      .method = http::Method::post, .url = options_.base_url + path, .body = stripe::encode_form(form)};
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  if (!key.empty()) request.headers.add("Idempotency-Key", key);
  co_return co_await exchange(std::move(request));
}

Task<Stripe::Answer> Stripe::exchange(http::ClientRequest request) {
  request.headers.add("Authorization", "Bearer " + options_.secret_key);
  request.headers.add("Stripe-Version", std::string(api_version));
  request.headers.add("Accept", "application/json");
  co_return Answer{co_await http::call_json(client_, std::move(request), kMaxAnswer, options_.time)};
}

// The object that was asked for. Of what is refused the log has type, code and parameter; the message may
// repeat what people entered.
json::object Stripe::good(Answer answer) const {
  const std::string detail = fmt::format("status {} {} {} {}", answer.status, answer.at_error("type"),
                                         answer.at_error("code"), answer.at_error("param"));
  if (answer.status == 429 || answer.at_error("code") == "rate_limit")
    throw Error(Fault::rate_limited, "PAYMENT_BUSY", "The payment service asked for a pause.")
        .with_retry_after(pause_of(answer.retry_after, clock_.now()))
        .with_detail(detail);
  // 409: another request of the same key is under way. A key that is refused may be mended.
  if (answer.status >= 500 || answer.status == 409 || answer.status == 401 || answer.status == 403)
    throw Error(Fault::unavailable, "PAYMENT_AWAY", "The payment service cannot be reached at the moment.")
        .with_detail(detail);
  if (answer.status >= 400)
    throw Error(Fault::invalid, "PAYMENT_REFUSED", "The payment service refused the request: " + detail)
        .with_detail(detail);
  auto* object = answer.document.if_object();
  if (answer.status != 200 || object == nullptr) throw nonsense(detail);
  return std::move(*object);
}

}  // namespace odeon::billing

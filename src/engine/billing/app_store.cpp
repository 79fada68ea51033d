#include "engine/billing/app_store.hpp"

#include "engine/billing/app_store_wire.hpp"
#include "engine/billing/store_fields.hpp"
#include "engine/http/json_call.hpp"
#include "engine/http/retry_after.hpp"
#include "engine/identity/jwt.hpp"

namespace odeon::billing {
namespace {

using app_store::nonsense;

constexpr std::size_t kMaxAnswer = 4 * 1024 * 1024, kMaxId = 40;
constexpr std::chrono::seconds kTokenLife{300}, kLongestPause{3600};  // Apple takes tokens of an hour at most
constexpr std::string_view kProduction = "Production", kSandbox = "Sandbox";

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= kMaxId && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Apple counts milliseconds since the epoch here; whatever stands before it may count as everybody else does.
std::chrono::seconds pause_of(std::string_view retry_after, Instant now) {
  constexpr std::chrono::seconds shortest{1};
  std::int64_t number = 0;
  const char* end = retry_after.data() + retry_after.size();
  const bool whole = std::from_chars(retry_after.data(), end, number).ptr == end && !retry_after.empty();
  constexpr std::int64_t year_2001 = 1'000'000'000'000;
  auto pause = http::read_retry_after(retry_after, now).value_or(shortest);
  if (whole && number >= year_2001)
    pause = std::chrono::ceil<std::chrono::seconds>(
        std::chrono::milliseconds(number) - std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch()));
  return std::clamp(pause, shortest, kLongestPause);
}

bool is_unknown(std::int64_t code) {
  return code == 4040010 || code == 4040005 || code == 4000006 || code == 4000008;
}

}  // namespace

AppStore::AppStore(http::Client& client, const Clock& clock, AppStoreOptions options)
    : client_(client), clock_(clock), options_(std::move(options)) {}

Task<StorePurchase> AppStore::read_receipt(std::string receipt) {
  json::object transaction;
  if (is_id(receipt)) {
    auto known = co_await fetch_transaction(std::move(receipt));
    if (!known) throw no_purchase();
    transaction = std::move(*known);
  } else {
    try {
      transaction = read_transaction(receipt, "");
    } catch (const Error& error) {
      throw no_receipt(error.detail);
    }
  }
  StorePurchase purchase{fields::text(transaction, "originalTransactionId"), fields::text(transaction, "productId")};
  if (!is_id(purchase.contract) || purchase.product.empty()) throw no_receipt("no transaction");
  co_return purchase;
}

Task<std::string> AppStore::portal(PortalOrder) {
  co_return "https://apps.apple.com/account/subscriptions";
}

Task<void> AppStore::cancel_at_period_end(std::string) {
  throw Error(Fault::conflict, std::string(kManagedByStore),
              "This subscription is cancelled in the App Store, by its owner.")
      .with_fallback_action("manage_subscription");
  co_return;
}

Task<std::optional<Contract>> AppStore::fetch(std::string contract) {
  if (!is_id(contract)) co_return std::nullopt;
  const auto answer = co_await ask("/inApps/v1/subscriptions/" + contract);
  if (!answer) co_return std::nullopt;
  // They are all of the customer's, by groups.
  for (const auto* group : fields::list(answer->document, "data"))
    for (const auto* last : fields::list(*group, "lastTransactions")) {
      if (fields::text(*last, "originalTransactionId") != contract) continue;
      const auto transaction = trusted(*last, "signedTransactionInfo", answer->environment);
      const auto renewal = trusted(*last, "signedRenewalInfo", answer->environment);
      const auto status = fields::integer(*last, "status");
      if (!status || fields::text(transaction, "originalTransactionId") != contract ||
          fields::text(renewal, "originalTransactionId") != contract)
        throw nonsense("a subscription that does not fit together");
      co_return app_store::contract_of(*status, transaction, renewal, options_.products);
    }
  co_return std::nullopt;
}

Task<std::optional<Invoice>> AppStore::fetch_invoice(std::string id) {
  const auto transaction = co_await fetch_transaction(std::move(id));
  if (!transaction) co_return std::nullopt;
  co_return app_store::invoice_of(*transaction, options_.products);
}

Task<std::optional<json::object>> AppStore::fetch_transaction(std::string id) {
  if (!is_id(id)) co_return std::nullopt;
  const auto answer = co_await ask("/inApps/v1/transactions/" + id);
  if (!answer) co_return std::nullopt;
  co_return trusted(answer->document, "signedTransactionInfo", answer->environment);
}

Task<WebhookEvent> AppStore::read_webhook(std::string body, http::Headers) {
  const json::value document = json::parse(body);
  const auto* envelope = document.if_object();
  const auto notification =
      options_.roots.read(envelope != nullptr ? fields::text(*envelope, "signedPayload") : std::string());
  check_app(notification);
  WebhookEvent event{.id = fields::text(notification, "notificationUUID"),
                     .type = fields::text(notification, "notificationType")};
  if (event.id.empty() || event.type.empty())
    throw Error(Fault::invalid, "INVALID_EVENT", "This is signed, but not a notification.");
  if (const auto subtype = fields::text(notification, "subtype"); !subtype.empty()) event.type += "." + subtype;
  const auto* data = fields::object(notification, "data");
  const std::string inner = data != nullptr ? fields::text(*data, "signedTransactionInfo") : "";
  if (inner.empty()) co_return event;
  const auto transaction = read_transaction(inner, fields::text(*data, "environment"));
  if (fields::text(transaction, "type") != "Auto-Renewable Subscription") co_return event;
  event.contract = fields::text(transaction, "originalTransactionId");
  event.customer = event.contract;
  if (!event.contract.empty()) event.invoice = fields::text(transaction, "transactionId");
  co_return event;
}

// What an app is told of stands in a member that depends on what it is told.
void AppStore::check_app(const json::object& notification) const {
  for (const char* member : {"data", "summary", "appData", "externalPurchaseToken"}) {
    const auto* about = fields::object(notification, member);
    if (about == nullptr) continue;
    std::string environment = fields::text(*about, "environment");
    if (std::string_view(member) == "externalPurchaseToken")
      environment = fields::text(*about, "externalPurchaseId").starts_with("SANDBOX") ? kSandbox : kProduction;
    const bool ours = fields::text(*about, "bundleId") == options_.bundle_id && allows(environment) &&
                      (environment != kProduction ||
                       (options_.app_id != 0 && fields::integer(*about, "appAppleId") == options_.app_id));
    if (ours) return;
    break;
  }
  throw Error(Fault::invalid, "OTHER_APP", "This notification is for another app or another environment.");
}

bool AppStore::allows(std::string_view environment) const {
  return environment == kProduction || (environment == kSandbox && !options_.sandbox_url.empty());
}

json::object AppStore::read_transaction(std::string_view jws, std::string_view environment) const {
  auto transaction = options_.roots.read(jws);
  const std::string found = fields::text(transaction, "environment");
  if (fields::text(transaction, "bundleId") != options_.bundle_id || !allows(found) ||
      (!environment.empty() && found != environment))
    throw Error(Fault::invalid, "OTHER_APP", "This was bought in another app or another environment.")
        .with_detail("another app or environment");
  return transaction;
}

// What comes from Apple itself and is not as it should be is no fault of whoever asked. A renewal names no app.
json::object AppStore::trusted(const json::object& holder, std::string_view member,
                               std::string_view environment) const {
  try {
    const std::string jws = fields::text(holder, member);
    auto payload = member == "signedRenewalInfo" ? options_.roots.read(jws) : read_transaction(jws, environment);
    if (fields::text(payload, "environment") == environment) return payload;
  } catch (const Error& error) {
    throw nonsense(error.detail);
  }
  throw nonsense("another environment");
}

Task<std::optional<AppStore::Answer>> AppStore::ask(std::string path) {
  if (auto document = co_await ask_environment(options_.base_url, path))
    co_return Answer{kProduction, std::move(*document)};
  if (options_.sandbox_url.empty()) co_return std::nullopt;
  if (auto document = co_await ask_environment(options_.sandbox_url, path))
    co_return Answer{kSandbox, std::move(*document)};
  co_return std::nullopt;
}

Task<std::optional<json::object>> AppStore::ask_environment(std::string base_url, std::string path) {
  const Instant now = clock_.now();
  const auto at = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch();
  const json::object claims{{"iss", options_.issuer_id},
                            {"iat", at.count()},
                            {"exp", (at + kTokenLife).count()},
                            {"aud", "appstoreconnect-v1"},
                            {"bid", options_.bundle_id}};
  http::ClientRequest request{.url = base_url + path};
  request.headers.add("Authorization", "Bearer " + identity::jwt::write(claims, options_.key, options_.key_id));
  request.headers.add("Accept", "application/json");
  auto answer = co_await http::call_json(client_, std::move(request), kMaxAnswer, options_.time);
  auto* object = answer.document.if_object();
  const std::int64_t code = object != nullptr ? fields::integer(*object, "errorCode").value_or(0) : 0;
  if (answer.status == 200 && object != nullptr) co_return std::move(*object);
  const std::string detail = fmt::format("status {} code {}", answer.status, code);
  if (is_unknown(code)) co_return std::nullopt;
  if (answer.status == 429)
    throw Error(Fault::rate_limited, "PAYMENT_BUSY", "The App Store asked for a pause.")
        .with_retry_after(pause_of(answer.retry_after, now))
        .with_detail(detail);
  // A key that is refused may be mended; some of what is not found will be, later.
  if (answer.status >= 500 || answer.status == 401 || answer.status == 403 || answer.status == 404)
    throw Error(Fault::unavailable, "PAYMENT_AWAY", "The App Store cannot be reached at the moment.")
        .with_detail(detail);
  if (answer.status >= 400)
    throw Error(Fault::invalid, "PAYMENT_REFUSED", "The App Store refused the request: " + detail).with_detail(detail);
  throw nonsense(detail);
}

}  // namespace odeon::billing

#include "engine/billing/google_play.hpp"

#include "engine/billing/google_play_store.hpp"
#include "engine/billing/google_play_wire.hpp"
#include "engine/billing/payments.hpp"
#include "engine/billing/store_fields.hpp"
#include "engine/http/json_call.hpp"
#include "engine/http/retry_after.hpp"
#include "engine/identity/jwt.hpp"

namespace odeon::billing {
namespace {

namespace jwt = identity::jwt;
using google_play::nonsense;

constexpr std::size_t kMaxAnswer = 1024 * 1024, kMaxToken = 1024;
constexpr std::chrono::seconds kLongestPause{3600};
constexpr const char* kScope = "https://www.googleapis.com/auth/androidpublisher";

bool is_token(std::string_view text) {
  return !text.empty() && text.size() <= kMaxToken &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

Error away() {
  return Error(Fault::unavailable, "PAYMENT_AWAY", "Google Play cannot be reached at the moment.");
}

std::string reason_of(const json::value& document) {
  const auto* object = document.if_object();
  const auto* error = object != nullptr ? fields::object(*object, "error") : nullptr;
  if (error == nullptr) return "";
  const auto errors = fields::list(*error, "errors");
  return errors.empty() ? fields::text(*error, "status") : fields::text(*errors.front(), "reason");
}

}  // namespace

GooglePlay::GooglePlay(http::Client& client, const Clock& clock, database::Database& database, jobs::Queue& queue,
                       identity::RemoteKeys& keys, GooglePlayOptions options)
    : client_(client),
      clock_(clock),
      database_(database),
      queue_(queue),
      keys_(keys),
      options_(std::move(options)),
      access_(client, clock, options_.account, kScope, options_.time, away()) {}

Task<StorePurchase> GooglePlay::read_receipt(std::string receipt) {
  if (!is_token(receipt)) throw no_receipt("no token");
  const auto bought = co_await purchase(receipt);
  const auto* item = bought ? google_play::item_of(*bought) : nullptr;
  if (item == nullptr) throw no_purchase();
  co_return StorePurchase{std::move(receipt), fields::text(*item, "productId")};
}

Task<void> GooglePlay::confirm(std::string contract) {
  auto bought = co_await purchase(contract);
  if (bought) co_await acknowledge(std::move(contract), std::move(*bought));
}

Task<std::string> GooglePlay::portal(PortalOrder) {
  co_return "https://play.google.com/store/account/subscriptions?package=" + text::percent_encode(options_.package);
}

Task<void> GooglePlay::cancel_at_period_end(std::string contract) {
  const json::object body{{"cancellationContext", json::object{{"cancellationType", "USER_REQUESTED_STOP_RENEWALS"}}}};
  co_await call(http::Method::post, path_of(contract) + ":cancel", json::write(body));
}

Task<std::optional<Contract>> GooglePlay::fetch(std::string contract) {
  const auto bought = co_await purchase(contract);
  if (!bought) co_return std::nullopt;
  auto made = google_play::contract_of(contract, *bought, options_.products, clock_.now());
  const std::string replaced = fields::text(*bought, "linkedPurchaseToken");
  if (!replaced.empty() && google_play::is_bought(*bought)) co_await retire(replaced, contract);
  if (co_await google_play::is_replaced(database_, contract)) made.status = ContractStatus::ended;
  if (made.user_id.empty()) made.user_id = (co_await google_play::owner_of(database_, contract, replaced)).value_or("");
  // Only what has an owner has arrived; Payments::adopt gives the others one.
  if (!made.user_id.empty()) co_await acknowledge(std::move(contract), *bought);
  co_return made;
}

// The other purchase is looked at again once that is written, so that its contract ends too.
Task<void> GooglePlay::retire(std::string token, std::string replaced_by) {
  auto tx = co_await database_.begin(database::Isolation::statement);
  if (!co_await google_play::replace(*tx, token, std::move(replaced_by), clock_.now())) co_return;
  const std::string provider(name());
  const std::string lane = fmt::format("billing/{}/{}", provider, token);
  co_await queue_.enqueue(*tx, ApplyWebhook{.provider = provider, .contract = token},
                          {.lane = lane, .lane_limit = 1, .max_attempts = 24});
  co_await tx->commit();
}

Task<void> GooglePlay::acknowledge(std::string token, json::object purchase) {
  if (fields::text(purchase, "acknowledgementState") != "ACKNOWLEDGEMENT_STATE_PENDING" ||
      !google_play::is_bought(purchase))
    co_return;
  const auto* item = google_play::item_of(purchase);
  if (item == nullptr) co_return;
  std::string path =
      fmt::format("/androidpublisher/v3/applications/{}/purchases/subscriptions/{}/tokens/{}:acknowledge",
                  text::percent_encode(options_.package), text::percent_encode(fields::text(*item, "productId")),
                  text::percent_encode(token));
  co_await call(http::Method::post, std::move(path), "{}");
}

// Nothing for what is unknown, too long over, or was bought without money where that does not count.
Task<std::optional<json::object>> GooglePlay::purchase(std::string token) {
  if (!is_token(token)) co_return std::nullopt;
  auto bought = co_await call(http::Method::get, path_of(token), "");
  if (bought && bought->contains("testPurchase") && !options_.test_purchases) co_return std::nullopt;
  co_return bought;
}

std::string GooglePlay::path_of(const std::string& token) const {
  return fmt::format("/androidpublisher/v3/applications/{}/purchases/subscriptionsv2/tokens/{}",
                     text::percent_encode(options_.package), text::percent_encode(token));
}

Task<WebhookEvent> GooglePlay::read_webhook(std::string body, http::Headers headers) {
  const auto refused = [](std::string detail) {
    return Error(Fault::invalid, "INVALID_SIGNATURE", "This was not pushed by Google for this server.")
        .with_detail(std::move(detail));
  };
  constexpr std::string_view scheme = "Bearer ";
  std::string_view bearer = headers.get("Authorization");
  if (options_.push_audience.empty() || options_.push_email.empty() || !bearer.starts_with(scheme))
    throw refused("no token, or none is expected");
  bearer.remove_prefix(scheme.size());
  std::optional<jwt::Token> token;
  try {
    token = jwt::read(bearer);
  } catch (const Error& error) {
    throw refused(error.detail);
  }
  if (token->algorithm != identity::Algorithm::RS256) throw refused("another algorithm");
  if (token->issuer != "https://accounts.google.com" && token->issuer != "accounts.google.com")
    throw refused("another issuer");
  const auto keys = co_await keys_.keys_for(token->algorithm, token->key_id);
  try {
    jwt::check(*token, *keys, {.audience = options_.push_audience}, clock_.now());
  } catch (const Error& error) {
    throw refused(error.detail);
  }
  if (jwt::text_claim(token->claims, "email") != options_.push_email || !fields::flag(token->claims, "email_verified"))
    throw refused("another account");
  co_return google_play::event_of(body, options_.package);
}

Task<std::optional<json::object>> GooglePlay::call(http::Method method, std::string path, std::string body) {
  for (const bool last : {false, true}) {
    const std::string token = co_await access_.token();
    http::ClientRequest request{.method = method, .url = options_.base_url + path, .body = body};
    request.headers.add("Authorization", "Bearer " + token);
    request.headers.add("Accept", "application/json");
    if (!body.empty()) request.headers.add("Content-Type", "application/json");
    auto answer = co_await http::call_json(client_, std::move(request), kMaxAnswer, options_.time);
    const std::string reason = reason_of(answer.document), detail = fmt::format("status {} {}", answer.status, reason);
    if (answer.status == 401) {
      access_.drop(token);
      if (!last) continue;
    }
    if (answer.status == 200 || answer.status == 204) {
      auto* object = answer.document.if_object();
      if (object == nullptr && method == http::Method::get) throw nonsense(detail);
      co_return object != nullptr ? std::move(*object) : json::object();
    }
    if (answer.status == 429)
      throw Error(Fault::rate_limited, "PAYMENT_BUSY", "Google Play asked for a pause.")
          .with_retry_after(
              std::clamp(http::read_retry_after(answer.retry_after, clock_.now()).value_or(std::chrono::seconds(1)),
                         std::chrono::seconds(1), kLongestPause))
          .with_detail(detail);
    // A token that is unknown, more than sixty days over, or, where nothing else can be wrong, malformed.
    const bool unknown =
        answer.status == 404 || answer.status == 410 || (answer.status == 400 && method == http::Method::get);
    if (unknown && reason != "applicationNotFound") co_return std::nullopt;
    // 409: somebody changes it at the same time. What is not allowed may be, once it is set up.
    if (answer.status >= 500 || answer.status == 409 || answer.status == 401 || answer.status == 403 ||
        reason == "applicationNotFound")
      throw away().with_detail(detail);
    if (answer.status >= 400)
      throw Error(Fault::invalid, "PAYMENT_REFUSED", "Google Play refused the request: " + detail).with_detail(detail);
    throw nonsense(detail);
  }
  std::unreachable();
}

}  // namespace odeon::billing

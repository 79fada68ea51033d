#include "engine/billing/google_access.hpp"

#include "engine/billing/jws.hpp"
#include "engine/billing/store_fields.hpp"
#include "engine/http/json_call.hpp"

namespace odeon::billing {
namespace {

constexpr std::size_t kMaxAnswer = 64 * 1024;
constexpr std::chrono::seconds kAssertionLife{3600};
constexpr std::int64_t kMargin = 300, kLongest = 86'400;  // seconds: by how much a token is given up early; and a bound

}  // namespace

ServiceAccount ServiceAccount::from_json(std::string_view document) {
  const json::value parsed = json::parse(document);
  const auto* object = parsed.if_object();
  if (object == nullptr || fields::text(*object, "type") != "service_account" ||
      fields::text(*object, "client_email").empty())
    throw Error(Fault::invalid, "INVALID_SERVICE_ACCOUNT", "This is no key file of a service account.");
  auto key = identity::Key::from_pem(fields::text(*object, "private_key"));
  if (key.algorithm() != identity::Algorithm::RS256)
    throw Error(Fault::invalid, "INVALID_KEY", "A service account's key is an RSA key.");
  ServiceAccount account{fields::text(*object, "client_email"), fields::text(*object, "private_key_id"), std::move(key),
                         fields::text(*object, "token_uri")};
  if (account.token_url.empty()) account.token_url = "https://oauth2.googleapis.com/token";
  return account;
}

GoogleAccess::GoogleAccess(http::Client& client, const Clock& clock, ServiceAccount account, std::string scope,
                           std::chrono::milliseconds time)
    : client_(client), clock_(clock), account_(std::move(account)), scope_(std::move(scope)), time_(time) {}

Task<std::string> GoogleAccess::token() {
  const Instant now = clock_.now();
  {
    const std::lock_guard lock(mutex_);
    if (!token_.empty() && now < good_until_) co_return token_;
  }
  const auto at = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch();
  const json::object claims{{"iss", account_.email},
                            {"scope", scope_},
                            {"aud", account_.token_url},
                            {"iat", at.count()},
                            {"exp", (at + kAssertionLife).count()}};
  http::ClientRequest request{
      .method = http::Method::post,
      .url = account_.token_url,
      .body = "grant_type=" + text::percent_encode("urn:ietf:params:oauth:grant-type:jwt-bearer") +
              "&assertion=" + write_jws(claims, account_.key, account_.key_id)};
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  request.headers.add("Accept", "application/json");
  const auto answer = co_await http::call_json(client_, std::move(request), kMaxAnswer, time_);
  const auto* object = answer.document.if_object();
  std::string token = object != nullptr ? fields::text(*object, "access_token") : "";
  if (answer.status != 200 || token.empty())
    throw Error(Fault::unavailable, "PAYMENT_AWAY", "Google Play cannot be reached at the moment.")
        .with_detail(fmt::format("no token: status {} {}", answer.status,
                                 object != nullptr ? fields::text(*object, "error") : ""));
  const auto life = std::clamp<std::int64_t>(fields::integer(*object, "expires_in").value_or(0), 0, kLongest);
  const std::lock_guard lock(mutex_);
  token_ = token;
  good_until_ = now + std::chrono::seconds(std::max<std::int64_t>(0, life - kMargin));
  co_return token;
}

void GoogleAccess::drop(const std::string& token) {
  const std::lock_guard lock(mutex_);
  if (token_ == token) token_.clear();
}

}  // namespace odeon::billing

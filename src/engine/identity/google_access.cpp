#include "engine/identity/google_access.hpp"

#include "engine/http/json_call.hpp"
#include "engine/identity/jwt.hpp"

namespace odeon::identity {
namespace {

constexpr std::size_t kMaxAnswer = 64 * 1024;
constexpr std::chrono::seconds kAssertionLife{3600};
constexpr std::int64_t kMargin = 300, kLongest = 86'400;  // seconds: by how much a token is given up early; and a bound

}  // namespace

ServiceAccount ServiceAccount::from_json(std::string_view document) {
  const json::value parsed = json::parse(document);
  const auto* object = parsed.if_object();
  const auto text = [&](const char* name) { return std::string(jwt::text_claim(*object, name)); };
  if (object == nullptr || text("type") != "service_account" || text("client_email").empty())
    throw Error(Fault::invalid, "INVALID_SERVICE_ACCOUNT", "This is no key file of a service account.");
  auto key = Key::from_pem(text("private_key"));
  if (key.algorithm() != Algorithm::RS256)
    throw Error(Fault::invalid, "INVALID_KEY", "A service account's key is an RSA key.");
  ServiceAccount account{text("client_email"), text("private_key_id"), std::move(key), text("token_uri")};
  if (account.token_url.empty()) account.token_url = "https://oauth2.googleapis.com/token";
  return account;
}

GoogleAccess::GoogleAccess(http::Client& client, const Clock& clock, ServiceAccount account, std::string scope,
                           std::chrono::milliseconds time, Error away)
    : client_(client),
      clock_(clock),
      account_(std::move(account)),
      scope_(std::move(scope)),
      time_(time),
      away_(std::move(away)) {}

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
              "&assertion=" + jwt::write(claims, account_.key, account_.key_id)};
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  request.headers.add("Accept", "application/json");
  const auto answer = co_await http::call_json(client_, std::move(request), kMaxAnswer, time_);
  const auto* object = answer.document.if_object();
  std::string token(object != nullptr ? jwt::text_claim(*object, "access_token") : "");
  if (answer.status != 200 || token.empty())
    throw Error(away_).with_detail(fmt::format("no token: status {} {}", answer.status,
                                               object != nullptr ? jwt::text_claim(*object, "error") : ""));
  const auto* expiry = object->if_contains("expires_in");
  const auto life = expiry != nullptr ? json::as_integer(*expiry, json::Source::body).value_or(0) : 0;
  const std::lock_guard lock(mutex_);
  token_ = token;
  good_until_ = now + std::chrono::seconds(std::clamp<std::int64_t>(life, kMargin, kLongest) - kMargin);
  co_return token;
}

void GoogleAccess::drop(const std::string& token) {
  const std::lock_guard lock(mutex_);
  if (token_ == token) token_.clear();
}

}  // namespace odeon::identity

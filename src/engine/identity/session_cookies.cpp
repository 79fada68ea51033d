#include "engine/identity/session_cookies.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace odeon::identity {
namespace {

// "/studio" of "https://example.com/studio", and "/" where nothing follows the host.
http::CookieOptions options_of(std::string_view base_url) {
  const auto path = base_url.find('/', base_url.find("://") + 3);
  return {.path = path == std::string_view::npos ? "/" : std::string(base_url.substr(path)),
          .secure = base_url.starts_with("https://")};
}

void add(http::Headers& headers, std::string_view name, std::string_view value, http::CookieOptions options,
         std::chrono::seconds max_age) {
  options.max_age = max_age;
  options.for_scripts = name == http::kCsrfCookie;
  headers.add("Set-Cookie", http::set_cookie(name, value, options));
}

bool changes_nothing(http::Method method) {
  return method == http::Method::get || method == http::Method::head || method == http::Method::options;
}

}  // namespace

std::string SessionCookies::csrf_token(std::string_view session_id) const {
  return crypto::to_base64url(crypto::hmac_sha256(secret_, session_id));
}

void SessionCookies::give(http::Headers& headers, const SessionTokens& tokens, std::string_view base_url,
                          Instant now) const {
  const auto options = options_of(base_url);
  const auto lasts = std::chrono::ceil<std::chrono::seconds>(std::max(tokens.refresh_until, tokens.expires_at) - now);
  add(headers, access, tokens.access_token, options, std::chrono::seconds(tokens.expires_in));
  if (!tokens.refresh_token.empty()) add(headers, refresh, tokens.refresh_token, options, lasts);
  add(headers, http::kCsrfCookie, csrf_token(tokens.session_id), options, lasts);
}

void SessionCookies::take_back(http::Headers& headers, std::string_view base_url) const {
  for (const auto name : {access, refresh, http::kCsrfCookie})
    add(headers, name, "", options_of(base_url), std::chrono::seconds(0));
}

void SessionCookies::check_page(const http::Request& request, std::string_view session_id) const {
  // Browsers let any site open a WebSocket with our cookies, but say which site it is.
  if (!request.headers.get("Upgrade").empty()) {
    const std::string_view origin = request.headers.get("Origin");
    const auto host = origin.find("://");
    if (host == std::string_view::npos || origin.substr(host + 3) != request.headers.get("Host"))
      throw http::csrf_fault();
  }
  if (changes_nothing(request.method)) return;
  http::require_double_submit(request.headers);
  if (!crypto::equal(request.headers.get(http::kCsrfField), csrf_token(session_id))) throw http::csrf_fault();
}

}  // namespace odeon::identity

#include "engine/identity/oauth_endpoints.hpp"

#include "engine/http/binding.hpp"
#include "engine/http/target.hpp"

namespace odeon::identity {
namespace {

using http::Endpoint;
using http::Method;
using http::Nothing;

using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kBinding = "oauth_binding";
constexpr http::Rate kOften{120, http::per_hour};

constexpr Endpoint<Nothing, OAuthProviders> providers_endpoint{
    {.method = Method::get, .path = "/api/auth/oauth", .summary = "By whom people can sign in"}};
constexpr Endpoint<OAuthStart, http::WithHeaders<OAuthStartReply>> start_endpoint{
    {.method = Method::post,
     .path = "/api/auth/oauth/{provider}",
     .summary = "Where to send the browser to sign in by a provider",
     .description = "The browser keeps a cookie until it comes back. `return_to` must be the app or an allowed origin.",
     .rate = kOften}};
constexpr Endpoint<OAuthReturn, http::SeeOther> return_endpoint{{.method = Method::get,
                                                                 .path = "/api/auth/oauth/{provider}/callback",
                                                                 .summary = "Where the provider sends the browser back",
                                                                 .rate = kOften,
                                                                 .cookie = kBinding}};
constexpr Endpoint<http::Raw<"Cookie">, http::SeeOther> apple_endpoint{{.method = Method::post,
                                                                        .path = "/api/auth/oauth/apple/callback",
                                                                        .summary = "Where Apple sends the browser back",
                                                                        .rate = kOften}};
constexpr Endpoint<Nothing, http::Content> done_endpoint{
    {.method = Method::get, .path = "/auth/done", .summary = "Where signing in ends, unless APP_URL is set"}};

// "https://example.com" of any address there; empty for what is none.
std::string origin_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return "";
  return std::string(url.substr(0, url.find_first_of("/?#", scheme + 3)));
}

std::string path_of(std::string_view base_url) {
  return std::string(base_url.substr(origin_of(base_url).size()));
}

std::string binding_cookie(const http::Caller& caller, std::string_view value, std::chrono::seconds max_age,
                           bool cross_site) {
  const std::string path = path_of(caller.base_url);
  return http::set_cookie(kBinding, value,
                          {.path = path.empty() ? "/" : path,
                           .max_age = max_age,
                           .secure = caller.base_url.starts_with("https://"),
                           .cross_site = cross_site});
}

std::string with_fragment(const std::string& address,
                          std::initializer_list<std::pair<std::string_view, std::string>> items) {
  std::string out = address.substr(0, address.find('#'));
  char before = '#';
  for (const auto& [name, value] : items) {
    out.append(1, std::exchange(before, '&')).append(name).append("=").append(text::percent_encode(value));
  }
  return out;
}

}  // namespace

void OAuthEndpoints::mount_page(http::Api& api) {
  http::mount(api, done_endpoint, &OAuthEndpoints::done, *this);
}

void OAuthEndpoints::mount(http::Api& api) {
  mount_page(api);
  http::mount(api, providers_endpoint, &OAuthEndpoints::providers, *this);
  http::mount(api, start_endpoint, &OAuthEndpoints::start, *this);
  http::mount(api, return_endpoint, &OAuthEndpoints::come_back, *this);
  http::mount(api, apple_endpoint, &OAuthEndpoints::come_back_by_post, *this);
}

Task<OAuthProviders> OAuthEndpoints::providers() {
  co_return OAuthProviders{oauth_.names()};
}

std::string OAuthEndpoints::return_address(const http::Caller& caller, const OAuthStart& request) const {
  if (!request.return_to) return policy_.app_url.empty() ? caller.base_url + "/auth/done" : policy_.app_url;
  const std::string origin = origin_of(*request.return_to);
  const bool known = !origin.empty() && (origin == origin_of(policy_.app_url) || origin == origin_of(caller.base_url) ||
                                         std::ranges::find(policy_.origins, origin) != policy_.origins.end());
  if (known) return *request.return_to;
  json::Faults faults;
  faults.add("return_to", "not_allowed", "This must be an address of the app or of an allowed origin.");
  faults.raise();
  return "";
}

Task<http::WithHeaders<OAuthStartReply>> OAuthEndpoints::start(http::Caller caller, OAuthStart request) {
  auto started = co_await oauth_.start(
      {.provider = request.provider,
       .product = door_.product(),
       .redirect_uri = fmt::format("{}{}/{}/callback", caller.base_url, policy_.callbacks, request.provider),
       .return_to = return_address(caller, request)});
  http::WithHeaders<OAuthStartReply> reply{.value = {std::move(started.url)}};
  reply.headers.add("Cache-Control", "no-store");
  reply.headers.add("Set-Cookie", binding_cookie(caller, started.binding, OAuth::lifetime, started.comes_back_by_post));
  co_return reply;
}

Task<http::SeeOther> OAuthEndpoints::come_back(http::Caller caller, OAuthReturn request) {
  return admit(std::move(caller), {.provider = request.provider,
                                   .product = door_.product(),
                                   .code = request.code,
                                   .state = request.state,
                                   .error = request.error,
                                   .issuer = request.iss,
                                   .binding = request.oauth_binding ? std::string(*request.oauth_binding) : ""});
}

Task<http::SeeOther> OAuthEndpoints::come_back_by_post(http::Caller caller, http::Raw<"Cookie"> request) {
  OAuth::Callback callback{
      .provider = "apple", .product = door_.product(), .binding = http::cookie(request.headers, kBinding).value_or("")};
  for (auto& [name, value] : http::parse_query(request.body).value_or(Fields{})) {
    if (name == "code")
      callback.code = std::move(value);
    else if (name == "state")
      callback.state = std::move(value);
    else if (name == "error")
      callback.error = std::move(value);
    else if (name == "user")
      callback.user = std::move(value);
  }
  return admit(std::move(caller), std::move(callback));
}

// Who did not want to is led back to the app, which says so in its own words; else the failure is the answer.
http::SeeOther OAuthEndpoints::turned_away(std::exception_ptr failure) const {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    if (error.fault != Fault::forbidden || policy_.app_url.empty()) throw;
    return {.location = with_fragment(policy_.app_url, {{"error", error.code}, {"error_description", error.message}})};
  }
}

Task<http::SeeOther> OAuthEndpoints::admit(http::Caller caller, OAuth::Callback callback) {
  auto outcome = co_await settle(oauth_.finish(std::move(callback)));
  if (!outcome) co_return turned_away(outcome.error());
  OAuth::Finished& finished = *outcome;
  const auto in =
      co_await door_.admit(std::move(finished.person), std::move(finished.name), std::move(finished.picture));
  if (on_admitted_) co_await on_admitted_(in.account);
  http::SeeOther answer;
  answer.headers.add("Cache-Control", "no-store");
  answer.headers.add("Set-Cookie", binding_cookie(caller, "", std::chrono::seconds(0), false));
  if (sessions_.policy_of(door_.product()).by_cookie) {
    cookies_.give(answer.headers, in.tokens, caller.base_url, clock_.now());
    answer.location = std::move(finished.return_to);
  } else {
    answer.location = with_fragment(finished.return_to, {{"access_token", in.tokens.access_token},
                                                         {"refresh_token", in.tokens.refresh_token},
                                                         {"expires_in", std::to_string(in.tokens.expires_in)},
                                                         {"token_type", "bearer"}});
  }
  co_return answer;
}

Task<http::Content> OAuthEndpoints::done() {
  http::Content page{"text/html; charset=utf-8",
                     "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                     "content=\"width=device-width, initial-scale=1\"><title>Signed in</title></head>"
                     "<body><main><h1>You are signed in</h1><p>You can close this page and go back to the "
                     "app.</p></main></body></html>"};
  page.headers.add("Cache-Control", "no-store");
  co_return page;
}

}  // namespace odeon::identity

// Studio: brand kits and prompts become thumbnails, overlays and banners. So far its people and its plans.
#pragma once

#include <array>

#include "base/fields.hpp"
#include "engine/http/endpoint.hpp"
#include "engine/http/format.hpp"
#include "engine/identity/door.hpp"
#include "engine/identity/policies.hpp"
#include "engine/notify/webhook_endpoints.hpp"

namespace odeon::studio {

using http::Auth;
using http::Endpoint;
using http::Method;
using http::Nothing;
using http::WithHeaders;

inline constexpr std::string_view kProduct = "studio";

// A day, renewed for a month; pages have the tokens as cookies, apps in the answer.
inline constexpr identity::TokenPolicy kTokens{
    .access = std::chrono::hours(24), .idle = std::chrono::days(30), .by_cookie = true};

// What no API key opens.
inline constexpr auto kPersonsOwn = std::to_array<std::string_view>(
    {"/api/v1/keys", "/api/v1/webhook-endpoints", "/api/v1/auth", "/api/v1/subscription/checkout",
     "/api/v1/subscription/portal", "/api/v1/subscription/cancel", "/api/v1/subscription/overage", "/api/user/account",
     "/api/user/export"});

// What people's own programs can be told of.
inline constexpr auto kWebhookEvents = std::to_array<std::string_view>({notify::kSubscriptionChanged});

// {"data": …, "meta": {"request_id", "timestamp"}} and {"error": {"message", "code", "details"}, "meta": …}; what is
// wrong with a request is 422.
class Format final : public http::Format {
 public:
  void open(std::string& out, const http::FormatContext& context) const override;
  void close(std::string& out, const http::FormatContext& context) const override;
  std::string failure(const Error& error, const http::FormatContext& context) const override;
  unsigned status(Fault fault) const override;
  json::object success_schema(json::object data) const override;
  json::object failure_schema() const override;
};

// Where providers of OAuth send browsers back: in that folder, PROVIDER/callback.
inline constexpr std::string_view kOAuthCallbacks = "/api/v1/auth/oauth";

// ---- people --------------------------------------------------------------------------------------------

struct SignupRequest {
  Text<1, 320> email;
  Text<1, 512> password;
  Text<0, 50> display_name;  // left out: what stands before the @ of the address
};
BOOST_DESCRIBE_STRUCT(SignupRequest, (), (email, password, display_name))

struct LoginRequest {
  Text<1, 320> email;
  Text<1, 512> password;
};
BOOST_DESCRIBE_STRUCT(LoginRequest, (), (email, password))

// Apps send the token, pages the cookie.
struct RefreshRequest {
  Text<0, 512> refresh_token;
  std::optional<Text<1, 512>> session_refresh;
};
BOOST_DESCRIBE_STRUCT(RefreshRequest, (), (refresh_token, session_refresh))

struct User {
  std::string id;
  std::string email;
  bool email_verified = false;
  std::string display_name;
  Nullable<std::string> avatar_url;
  std::string subscription_tier;    // free, pro, studio
  std::string subscription_status;  // active, past_due, canceled, none
  Nullable<std::string> stripe_customer_id;
  std::int64_t assets_generated_this_month = 0;
  Instant created_at;
  Instant updated_at;
};
BOOST_DESCRIBE_STRUCT(User, (),
                      (id, email, email_verified, display_name, avatar_url, subscription_tier, subscription_status,
                       stripe_customer_id, assets_generated_this_month, created_at, updated_at))

struct SessionReply {
  User user;
  std::string access_token;
  std::string refresh_token;
  std::string token_type = "bearer";
  std::int64_t expires_in = 0;  // seconds
};
BOOST_DESCRIBE_STRUCT(SessionReply, (), (user, access_token, refresh_token, token_type, expires_in))

struct Success {
  bool success = true;
};
BOOST_DESCRIBE_STRUCT(Success, (), (success))

inline constexpr Endpoint<SignupRequest, WithHeaders<SessionReply>> signup{
    {.method = Method::post,
     .path = "/api/v1/auth/signup",
     .summary = "Sign up by mail and password",
     .description = "The mail that proves the address is sent at once.",
     .rate = {20, http::per_hour},
     .statuses = {201}}};
inline constexpr Endpoint<LoginRequest, WithHeaders<SessionReply>> login{
    {.method = Method::post,
     .path = "/api/v1/auth/login",
     .summary = "Sign in",
     .description = "The tokens come in the answer and as the cookies `session` and `session_refresh`. Requests that "
                    "change something by cookie send the cookie `csrf_token` back in the field X-CSRF-Token.",
     .rate = {60, http::per_hour}}};
inline constexpr Endpoint<RefreshRequest, WithHeaders<SessionReply>> refresh{
    {.method = Method::post,
     .path = "/api/v1/auth/refresh",
     .summary = "New tokens for a refresh token",
     .description = "By `refresh_token`, or by the cookie `session_refresh` with X-CSRF-Token. The token is replaced.",
     .rate = {600, http::per_hour},
     .cookie = "session_refresh"}};
inline constexpr Endpoint<Nothing, WithHeaders<Success>> logout{{.method = Method::post,
                                                                 .path = "/api/v1/auth/logout",
                                                                 .summary = "End this session and its cookies",
                                                                 .auth = Auth::user}};
inline constexpr Endpoint<Nothing, User> me{
    {.method = Method::get, .path = "/api/v1/auth/me", .summary = "Who is signed in", .auth = Auth::user}};

}  // namespace odeon::studio

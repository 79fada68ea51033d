// Podcasts: from microphone to feed. Its people; the rest stands beside what does it.
#pragma once

#include <array>

#include "base/fields.hpp"
#include "engine/http/endpoint.hpp"
#include "engine/identity/door.hpp"
#include "engine/identity/policies.hpp"
#include "engine/notify/webhook_endpoints.hpp"

namespace odeon::podcasts {

using http::Auth;
using http::Created;
using http::Endpoint;
using http::Method;
using http::Nothing;
using http::WithHeaders;

inline constexpr std::string_view kProduct = "podcasts";

// Access for half an hour, renewed for a week.
inline constexpr identity::TokenPolicy kTokens{.access = std::chrono::minutes(30), .idle = std::chrono::days(7)};

// What no API key opens.
inline constexpr auto kPersonsOwn = std::to_array<std::string_view>(
    {"/api/keys", "/api/webhook-endpoints", "/api/auth", "/api/billing/checkout", "/api/billing/portal",
     "/api/billing/cancel", "/api/user/account", "/api/user/export"});

// What people's own programs can be told of.
inline constexpr std::string_view kEpisodeProcessed = "episode.processed", kEpisodeFailed = "episode.failed";
inline constexpr auto kWebhookEvents =
    std::to_array<std::string_view>({kEpisodeProcessed, kEpisodeFailed, notify::kSubscriptionChanged});

// ---- people --------------------------------------------------------------------------------------------

struct RegisterRequest {
  Text<1, 320> email;
  Text<1, 512> password;
  Text<0, 255> full_name;
};
BOOST_DESCRIBE_STRUCT(RegisterRequest, (), (email, password, full_name))

struct LoginRequest {
  Text<1, 320> email;
  Text<1, 512> password;
};
BOOST_DESCRIBE_STRUCT(LoginRequest, (), (email, password))

struct RefreshRequest {
  Text<1, 512> refresh_token;
};
BOOST_DESCRIBE_STRUCT(RefreshRequest, (), (refresh_token))

struct User {
  std::string id;
  std::string email;
  Nullable<std::string> full_name;
  bool email_verified = false;
  std::string subscription_tier;    // free, creator, pro, network
  std::string subscription_status;  // active, inactive, cancelled, past_due
  Nullable<Instant> subscription_end_date;
  double storage_used_gb = 0;
  std::int64_t recording_minutes_used = 0;
  std::int64_t recording_minutes_limit = 0;  // −1: none
  Instant created_at;
  Nullable<Instant> last_login;
};
BOOST_DESCRIBE_STRUCT(User, (),
                      (id, email, full_name, email_verified, subscription_tier, subscription_status,
                       subscription_end_date, storage_used_gb, recording_minutes_used, recording_minutes_limit,
                       created_at, last_login))

struct UserReply {
  User user;
};
BOOST_DESCRIBE_STRUCT(UserReply, (), (user))

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

inline constexpr Endpoint<RegisterRequest, WithHeaders<SessionReply>> register_user{
    {.method = Method::post,
     .path = "/api/auth/register",
     .summary = "Sign up by mail and password",
     .description = "The mail that proves the address is sent at once.",
     .rate = {20, http::per_hour},
     .statuses = {201}}};
inline constexpr Endpoint<LoginRequest, WithHeaders<SessionReply>> login{
    {.method = Method::post, .path = "/api/auth/login", .summary = "Sign in", .rate = {60, http::per_hour}}};
inline constexpr Endpoint<RefreshRequest, WithHeaders<SessionReply>> refresh{
    {.method = Method::post,
     .path = "/api/auth/refresh",
     .summary = "New tokens for a refresh token",
     .description = "The token is replaced. Its second use ends the session, but within 30 s gives the same again.",
     .rate = {600, http::per_hour}}};
inline constexpr Endpoint<Nothing, Success> logout{
    {.method = Method::post, .path = "/api/auth/logout", .summary = "End this session", .auth = Auth::user}};
inline constexpr Endpoint<Nothing, UserReply> me{
    {.method = Method::get, .path = "/api/auth/me", .summary = "Who is signed in", .auth = Auth::user}};

}  // namespace odeon::podcasts

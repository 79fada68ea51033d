// Chat: one chat over many models. What all of its API needs, and signing in.
#pragma once

#include <array>

#include "base/fields.hpp"
#include "engine/http/endpoint.hpp"
#include "engine/identity/door.hpp"
#include "engine/identity/policies.hpp"
#include "engine/notify/webhook_endpoints.hpp"

namespace odeon::chat {

using http::Auth;
using http::Endpoint;
using http::Method;
using http::Nothing;
using http::WithHeaders;

inline constexpr std::string_view kProduct = "chat";

// A session token for a week, renewed for a month.
inline constexpr identity::TokenPolicy kTokens{.access = std::chrono::days(7), .idle = std::chrono::days(30)};

// What no API key opens.
inline constexpr auto kPersonsOwn = std::to_array<std::string_view>(
    {"/api/keys", "/api/webhook-endpoints", "/api/auth", "/api/billing/checkout", "/api/billing/portal",
     "/api/billing/cancel", "/api/user/account", "/api/user/export"});

// What people's own programs can be told of.
inline constexpr auto kWebhookEvents = std::to_array<std::string_view>({notify::kSubscriptionChanged});

// What people agree to, under these names.
inline constexpr std::string_view kTermsConsent = "terms", kVoiceConsent = "voice_logs";

// ---- people --------------------------------------------------------------------------------------------

struct SignupRequest {
  Text<1, 320> email;
  Text<1, 512> password;
  Text<0, 100> name;
  bool consent = false;                      // to the terms; nobody signs up without
  std::optional<bool> voice_consent;         // to voice being kept
  std::optional<Text<1, 60>> terms_version;  // names the text that was shown
};
BOOST_DESCRIBE_STRUCT(SignupRequest, (), (email, password, name, consent, voice_consent, terms_version))

struct LoginRequest {
  Text<1, 320> email;
  Text<1, 512> password;
};
BOOST_DESCRIBE_STRUCT(LoginRequest, (), (email, password))

struct RefreshRequest {
  Text<1, 512> refreshToken;
};
BOOST_DESCRIBE_STRUCT(RefreshRequest, (), (refreshToken))

// The ID token of Firebase, Clerk or another issuer comes as Authorization: Bearer; the body may be a Verification.
using VerifyRequest = http::Raw<"Authorization">;

struct User {
  std::string id;
  std::string email;
  Nullable<std::string> name;
  bool email_verified = false;
  std::string tier;  // PRO, ULTRA, or NONE once a trial is over
  std::string subscription_status;
  Nullable<Instant> trial_or_period_ends_at;
  Instant created_at;
};
BOOST_DESCRIBE_STRUCT(User, (),
                      (id, email, name, email_verified, tier, subscription_status, trial_or_period_ends_at, created_at))

struct UserReply {
  User user;
};
BOOST_DESCRIBE_STRUCT(UserReply, (), (user))

struct SessionReply {
  std::string sessionToken;
  std::string refreshToken;
  std::int64_t expiresIn = 0;  // seconds
  User user;
};
BOOST_DESCRIBE_STRUCT(SessionReply, (), (sessionToken, refreshToken, expiresIn, user))

struct Success {
  bool success = true;
};
BOOST_DESCRIBE_STRUCT(Success, (), (success))

inline constexpr Endpoint<VerifyRequest, WithHeaders<SessionReply>> verify_id_token{
    {.method = Method::post,
     .path = "/api/auth/verify",
     .summary = "A session for the ID token of an issuer that is configured",
     .description =
         "The ID token comes as `Authorization: Bearer …`; whoever comes first gets an account. The body may "
         "be JSON: {consent, voice_consent, terms_version}, as to sign up; these decisions are kept. Models "
         "are asked for who has agreed to the terms, here or by `PUT /api/user/consents`.",
     .rate = {120, http::per_hour}}};
inline constexpr Endpoint<SignupRequest, WithHeaders<SessionReply>> signup{
    {.method = Method::post,
     .path = "/api/auth/signup",
     .summary = "Sign up by mail and password",
     .description = "`consent` must be true; the decisions are kept. The mail that proves the address is sent at once.",
     .rate = {20, http::per_hour},
     .statuses = {201}}};
inline constexpr Endpoint<LoginRequest, WithHeaders<SessionReply>> login{
    {.method = Method::post, .path = "/api/auth/login", .summary = "Sign in", .rate = {60, http::per_hour}}};
inline constexpr Endpoint<RefreshRequest, WithHeaders<SessionReply>> refresh{
    {.method = Method::post,
     .path = "/api/auth/refresh",
     .summary = "New tokens for a refresh token, which is replaced",
     .rate = {600, http::per_hour}}};
inline constexpr Endpoint<Nothing, Success> logout{
    {.method = Method::post, .path = "/api/auth/logout", .summary = "End this session", .auth = Auth::user}};
inline constexpr Endpoint<Nothing, UserReply> me{
    {.method = Method::get, .path = "/api/auth/me", .summary = "Who is signed in", .auth = Auth::user}};

}  // namespace odeon::chat

// Stories: a child's hero becomes narrated, illustrated stories. Its people; the rest stands beside what does it.
#pragma once

#include <array>

#include "base/fields.hpp"
#include "engine/database/migrations.hpp"
#include "engine/http/endpoint.hpp"
#include "engine/identity/door.hpp"
#include "engine/identity/policies.hpp"
#include "engine/notify/webhook_endpoints.hpp"
#include "products/stories/words/language.hpp"

namespace odeon::stories {

using http::Auth;
using http::Endpoint;
using http::Method;
using http::Nothing;
using http::WithHeaders;

inline constexpr std::string_view kProduct = "stories";

// One opaque token, good for 30 days since it was last used.
inline constexpr identity::TokenPolicy kTokens{.form = identity::AccessForm::opaque, .idle = std::chrono::days(30)};

// What no API key opens.
inline constexpr auto kPersonsOwn = std::to_array<std::string_view>(
    {"/api/keys", "/api/webhook-endpoints", "/api/feed", "/api/auth", "/api/subscription/checkout",
     "/api/subscription/portal", "/api/subscription/cancel", "/api/user/account", "/api/user/export",
     "/api/user/archive"});

// What people's own programs can be told of.
inline constexpr std::string_view kStoryReady = "story.ready", kAudioReady = "story.audio_ready",
                                  kIllustrationsReady = "story.illustrations_ready";
inline constexpr auto kWebhookEvents =
    std::to_array<std::string_view>({kStoryReady, kAudioReady, kIllustrationsReady, notify::kSubscriptionChanged});

// The tables of this product.
std::vector<database::Migration> migrations();

// "user_018f…" for an account.
std::string user_id_of(std::string_view account_id);

// ---- people --------------------------------------------------------------------------------------------

enum class Theme { system, light, dark };
BOOST_DESCRIBE_ENUM(Theme, system, light, dark)

struct SignupRequest {
  Text<1, 320> email;
  Text<1, 128> password;
  Text<0, 100> name;
};
BOOST_DESCRIBE_STRUCT(SignupRequest, (), (email, password, name))

struct LoginRequest {
  Text<1, 320> email;
  Text<1, 512> password;
};
BOOST_DESCRIBE_STRUCT(LoginRequest, (), (email, password))

struct ProfileChange {
  std::optional<Text<1, 100>> name;
  std::optional<Language> preferredLanguage;
  std::optional<Theme> themePreference;
};
BOOST_DESCRIBE_STRUCT(ProfileChange, (), (name, preferredLanguage, themePreference))

struct NewUser {
  std::string id;
  std::string email;
  Nullable<std::string> name;
};
BOOST_DESCRIBE_STRUCT(NewUser, (), (id, email, name))

struct ReturningUser {
  std::string id;
  std::string email;
  Nullable<std::string> name;
  std::string subscriptionTier;
  std::int64_t monthlyStoriesUsed = 0;
  std::int64_t monthlyStoriesLimit = 0;
};
BOOST_DESCRIBE_STRUCT(ReturningUser, (), (id, email, name, subscriptionTier, monthlyStoriesUsed, monthlyStoriesLimit))

struct SessionUser {
  std::string id;
  std::string email;
  Nullable<std::string> name;
  Language preferredLanguage = Language::en;
  std::string subscriptionTier;
};
BOOST_DESCRIBE_STRUCT(SessionUser, (), (id, email, name, preferredLanguage, subscriptionTier))

struct Profile {
  std::string id;
  std::string email;
  Nullable<std::string> name;
  Language preferredLanguage = Language::en;
  Theme themePreference = Theme::system;
  std::string subscriptionTier;
  Nullable<Instant> subscriptionExpiry;
  std::int64_t monthlyStoriesUsed = 0;
  std::int64_t monthlyStoriesLimit = 0;
  Instant createdAt;
  Instant updatedAt;
  Instant lastSeenAt;
};
BOOST_DESCRIBE_STRUCT(Profile, (),
                      (id, email, name, preferredLanguage, themePreference, subscriptionTier, subscriptionExpiry,
                       monthlyStoriesUsed, monthlyStoriesLimit, createdAt, updatedAt, lastSeenAt))

struct NewSession {
  std::string token;
  Instant expiresAt;
};
BOOST_DESCRIBE_STRUCT(NewSession, (), (token, expiresAt))
struct RunningSession {
  Instant expiresAt;
};
BOOST_DESCRIBE_STRUCT(RunningSession, (), (expiresAt))

struct SignupReply {
  NewUser user;
  NewSession session;
};
BOOST_DESCRIBE_STRUCT(SignupReply, (), (user, session))
struct LoginReply {
  ReturningUser user;
  NewSession session;
};
BOOST_DESCRIBE_STRUCT(LoginReply, (), (user, session))
struct SessionReply {
  SessionUser user;
  RunningSession session;
};
BOOST_DESCRIBE_STRUCT(SessionReply, (), (user, session))
struct ProfileReply {
  Profile user;
};
BOOST_DESCRIBE_STRUCT(ProfileReply, (), (user))

struct Success {
  bool success = true;
};
BOOST_DESCRIBE_STRUCT(Success, (), (success))

inline constexpr Endpoint<SignupRequest, WithHeaders<SignupReply>> signup{
    {.method = Method::post,
     .path = "/api/auth/signup",
     .summary = "Sign up by mail and password",
     .description = "The mail that proves the address is sent at once.",
     .rate = {5, http::per_hour},
     .statuses = {201}}};
inline constexpr Endpoint<LoginRequest, WithHeaders<LoginReply>> login{
    {.method = Method::post, .path = "/api/auth/login", .summary = "Sign in", .rate = {10, http::per_hour}}};
inline constexpr Endpoint<Nothing, Success> logout{
    {.method = Method::post, .path = "/api/auth/logout", .summary = "End this session", .auth = Auth::user}};
inline constexpr Endpoint<Nothing, SessionReply> session{{.method = Method::get,
                                                          .path = "/api/auth/session",
                                                          .summary = "Who is signed in, and until when",
                                                          .auth = Auth::user,
                                                          .rate = {100, http::per_minute}}};
inline constexpr Endpoint<Nothing, ProfileReply> profile{{.method = Method::get,
                                                          .path = "/api/user/profile",
                                                          .summary = "One's profile and preferences",
                                                          .auth = Auth::user,
                                                          .rate = {100, http::per_minute}}};
inline constexpr Endpoint<ProfileChange, ProfileReply> change_profile{{.method = Method::patch,
                                                                       .path = "/api/user/profile",
                                                                       .summary = "Change one's name and preferences",
                                                                       .auth = Auth::user,
                                                                       .rate = {20, http::per_minute}}};

}  // namespace odeon::stories

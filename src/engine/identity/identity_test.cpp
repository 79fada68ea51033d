#include "engine/identity/identity.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/identity/fixture_test.hpp"

namespace odeon::identity {
namespace {

using std::chrono::seconds;

const std::string kSecret = "a project's secret of at least 32 bytes";

struct AtTheDoor : ::testing::Test {
  std::string refusal(http::Request request, std::string product = "briefings") {
    http::Caller caller;
    return code_of(node.identity.identify(request, std::move(product), caller));
  }
  std::string refusal(const std::string& bearer, std::string product = "briefings") {
    http::Request request;
    request.headers.add("Authorization", "Bearer " + bearer);
    return refusal(std::move(request), std::move(product));
  }
  std::string supabase_token(std::string subject) {
    const auto now = std::chrono::duration_cast<seconds>(shared.clock.now().time_since_epoch()).count();
    return jwt::write({{"iss", "https://project.supabase.test/auth/v1"},
                       {"aud", "authenticated"},
                       {"sub", subject},
                       {"exp", now + 3600}},
                      Key::secret(kSecret));
  }

  Shared shared;
  Node node{shared, {.supabase = {.url = "https://project.supabase.test", .jwt_secret = kSecret}}};
  Account ada = node.join("ada@example.com");
  SessionTokens session = node.sign_in(ada);
};

TEST_F(AtTheDoor, NobodyIsAnonymous) {
  http::Request request;
  request.headers.add("apikey", "whatever");
  EXPECT_TRUE(node.caller(request).anonymous());
}

TEST_F(AtTheDoor, ASessionIsItsPerson) {
  const auto caller = node.bearer(session.access_token);
  EXPECT_EQ(caller.user_id, ada.id);
  EXPECT_EQ(caller.email, "ada@example.com");
  EXPECT_EQ(caller.session_id, session.session_id);
  EXPECT_TRUE(caller.scopes.empty());
  http::Request odd;
  odd.headers.add("authorization", "bearer   " + session.access_token);
  EXPECT_EQ(node.caller(odd).user_id, ada.id);
}

TEST_F(AtTheDoor, ASessionIsOfOneProduct) {
  const auto chat = node.sign_in(ada, "chat");
  EXPECT_EQ(refusal(chat.access_token), "INVALID_TOKEN");
  EXPECT_EQ(node.bearer(chat.access_token, "chat").user_id, ada.id);
  EXPECT_EQ(refusal(session.access_token, "chat"), "INVALID_TOKEN");
  // auth/v1 is the door of briefings.
  EXPECT_EQ(node.bearer(session.access_token, "auth/v1").session_id, session.session_id);
  EXPECT_EQ(refusal(chat.access_token, "auth/v1"), "INVALID_TOKEN");
}

TEST_F(AtTheDoor, ASessionThatEndedIsRefusedWithinASecondOnEveryNode) {
  Node other(shared);
  EXPECT_EQ(other.bearer(session.access_token).user_id, ada.id);
  EXPECT_EQ(node.bearer(session.access_token).user_id, ada.id);
  run_task(node.sessions.sign_out(session.session_id, SignOut::local));
  EXPECT_EQ(refusal(session.access_token), "SESSION_ENDED");
  shared.clock.advance(seconds(1));
  http::Request request;
  request.headers.add("Authorization", "Bearer " + session.access_token);
  http::Caller caller;
  EXPECT_EQ(code_of(other.identity.identify(request, "briefings", caller)), "SESSION_ENDED");
}

TEST_F(AtTheDoor, ATokenEndsInTimeAlthoughItIsRemembered) {
  EXPECT_EQ(refusal(session.access_token), "");
  shared.clock.advance(seconds(3600 + 9));
  EXPECT_EQ(refusal(session.access_token), "");
  shared.clock.advance(seconds(1));
  EXPECT_EQ(refusal(session.access_token), "INVALID_TOKEN");
}

TEST_F(AtTheDoor, ATokenWithoutItsSessionIsWorthNothing) {
  // Whoever has the secret can sign, but cannot make a session.
  Node configured(shared, {.access = {.issuer = "https://odeon.test/auth/v1", .secret = kSecret}});
  const Instant now = shared.clock.now();
  AccessTokens::Session made_up{"018f0000-0000-7000-8000-000000000000", "briefings", now, now + std::chrono::hours(1)};
  const auto token = run_task(configured.access.write(ada, made_up));
  http::Request request;
  request.headers.add("Authorization", "Bearer " + token);
  http::Caller caller;
  EXPECT_EQ(code_of(configured.identity.identify(request, "briefings", caller)), "SESSION_ENDED");
}

TEST_F(AtTheDoor, AnApiKeyIsItsPersonWithinItsScopes) {
  const auto key = run_task(node.keys.create({ada.id, "briefings", "cli", {"briefings:read"}, {}})).secret;
  http::Request request;
  request.headers.add("X-API-Key", key);
  for (const auto& caller : {node.caller(request), node.bearer(key)}) {
    EXPECT_EQ(caller.user_id, ada.id);
    EXPECT_EQ(caller.scopes, std::vector<std::string>{"briefings:read"});
    EXPECT_TRUE(caller.session_id.empty());
  }
  EXPECT_EQ(refusal(key, "chat"), "INVALID_TOKEN");
  EXPECT_EQ(refusal(key, "auth/v1"), "INVALID_TOKEN");
  EXPECT_EQ(refusal("odeon_" + std::string(72, '0')), "INVALID_TOKEN");
  http::Request wrong;
  wrong.headers.add("X-API-Key", session.access_token);
  EXPECT_EQ(refusal(wrong), "INVALID_TOKEN");
}

TEST_F(AtTheDoor, ASupabaseProjectsPeopleHaveAccountsOfBriefings) {
  const auto caller = node.bearer(supabase_token("s1"));
  EXPECT_TRUE(is_uuid(caller.user_id));
  EXPECT_EQ(node.bearer(supabase_token("s1")).user_id, caller.user_id);
  EXPECT_NE(node.bearer(supabase_token("s2")).user_id, caller.user_id);
  EXPECT_EQ(refusal(supabase_token("s1"), "chat"), "INVALID_TOKEN");
  EXPECT_EQ(refusal(supabase_token("s1"), "auth/v1"), "INVALID_TOKEN");
  run_task(node.accounts.suspend(caller.user_id));
  EXPECT_EQ(refusal(supabase_token("s1")), "SESSION_ENDED");
}

TEST_F(AtTheDoor, OnlyWebSocketsBringTokensInTheQuery) {
  for (const auto* name : {"token", "access_token"}) {
    http::Request request;
    request.query = {{name, session.access_token}};
    EXPECT_TRUE(node.caller(request).anonymous());
    request.headers.add("Upgrade", "WebSocket");
    EXPECT_EQ(node.caller(request).user_id, ada.id);
  }
}

TEST_F(AtTheDoor, WrongCredentialsAreAllTheSame) {
  for (std::string token : {"", "garbage", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.", "null"})
    EXPECT_EQ(refusal(token), "INVALID_TOKEN") << token;
  EXPECT_EQ(refusal(std::string(1 << 20, 'a')), "INVALID_TOKEN");
  for (std::string field : {"Basic YWRhOnB3", "Bearer", "", "Token abc"}) {
    http::Request request;
    request.headers.add("Authorization", field);
    EXPECT_EQ(refusal(request), "INVALID_TOKEN") << field;
  }
  http::Request twice;
  twice.headers.add("Authorization", "Bearer " + session.access_token);
  twice.headers.add("Authorization", "Bearer " + session.access_token);
  EXPECT_EQ(refusal(twice), "INVALID_TOKEN");
}

TEST_F(AtTheDoor, AChangedTokenIsNeverTaken) {
  EXPECT_EQ(refusal(session.access_token), "");
  EXPECT_TRUE(rc::check([&] {
    std::string token = session.access_token;
    token[*rc::gen::inRange<std::size_t>(0, token.size())] ^= static_cast<char>(*rc::gen::inRange(1, 256));
    RC_ASSERT(refusal(token) == "INVALID_TOKEN");
  }));
}

}  // namespace
}  // namespace odeon::identity

// Sessions with one opaque token, which last as long as they are used.
#include <gtest/gtest.h>

#include "engine/identity/fixture_test.hpp"

namespace odeon::identity {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

TokenPolicies opaque_stories() {
  return TokenPolicies({{"stories", {.form = AccessForm::opaque, .idle = days(30)}}});
}

struct PeopleWithOpaqueTokens : ::testing::Test {
  bool is_in(const std::string& token, const std::string& product = "stories") {
    try {
      return node.bearer(token, product).user_id == ada.id;
    } catch (const Error& error) {
      EXPECT_EQ(error.fault, Fault::unauthenticated);
      return false;
    }
  }

  Shared shared;
  Node node{shared, {.policies = opaque_stories()}};
  Account ada = node.join("ada@example.com");
};

TEST_F(PeopleWithOpaqueTokens, ComeInByThem) {
  const auto session = node.sign_in(ada, "stories");
  EXPECT_EQ(session.access_token.size(), std::string("session_").size() + 64);
  EXPECT_EQ(session.refresh_token, "");
  EXPECT_EQ(session.expires_at - shared.clock.now(), days(30));
  const auto caller = node.bearer(session.access_token, "stories");
  EXPECT_EQ(caller.user_id, ada.id);
  EXPECT_EQ(caller.session_id, session.session_id);
  EXPECT_FALSE(is_in(session.access_token, "briefings"));
  EXPECT_FALSE(is_in("session_" + std::string(64, '0')));
  EXPECT_FALSE(is_in("session_"));
}

TEST_F(PeopleWithOpaqueTokens, StayAsLongAsTheyCome) {
  const auto session = node.sign_in(ada, "stories");
  for (int month = 0; month < 3; ++month) {
    shared.clock.advance(days(29));
    EXPECT_TRUE(is_in(session.access_token)) << month;
  }
  EXPECT_EQ(run_task(node.sessions.end_of(session.session_id)), shared.clock.now() + days(30));
  shared.clock.advance(days(30));
  EXPECT_FALSE(is_in(session.access_token));
  EXPECT_FALSE(run_task(node.sessions.end_of(session.session_id)));
}

TEST_F(PeopleWithOpaqueTokens, AreNotedOnceADay) {
  const auto session = node.sign_in(ada, "stories");
  const Instant start = shared.clock.now();
  shared.clock.advance(hours(23));
  EXPECT_TRUE(is_in(session.access_token));
  EXPECT_EQ(run_task(node.sessions.end_of(session.session_id)), start + days(30));
  shared.clock.advance(hours(1));
  EXPECT_TRUE(is_in(session.access_token));
  EXPECT_EQ(run_task(node.sessions.end_of(session.session_id)), start + hours(24) + days(30));
}

TEST_F(PeopleWithOpaqueTokens, AreOutAtOnceWhenTheyLeave) {
  const auto session = node.sign_in(ada, "stories");
  EXPECT_TRUE(is_in(session.access_token));
  run_task(node.sessions.sign_out(session.session_id, SignOut::local));
  EXPECT_FALSE(is_in(session.access_token));
}

TEST_F(PeopleWithOpaqueTokens, AreOutWithinASecondWhenAnotherNodeEndsThem) {
  Node other{shared, {.policies = opaque_stories()}};
  const auto session = node.sign_in(ada, "stories");
  EXPECT_TRUE(is_in(session.access_token));
  run_task(other.accounts.suspend(ada.id));
  shared.clock.advance(seconds(1));
  EXPECT_FALSE(is_in(session.access_token));
}

TEST_F(PeopleWithOpaqueTokens, LeaveNoneInTheDatabase) {
  const auto session = node.sign_in(ada, "stories");
  const auto kept = run_task(shared.db->query<std::string>("SELECT token_hash FROM identity_sessions"));
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(session.access_token.find(kept.front()), std::string::npos);
  EXPECT_NE(kept.front(), session.access_token);
  EXPECT_EQ(run_task(shared.db->query<std::string>("SELECT hash FROM identity_refresh_tokens")).size(), 0U);
}

}  // namespace
}  // namespace odeon::identity

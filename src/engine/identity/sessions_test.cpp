#include "engine/identity/sessions.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/identity/fixture_test.hpp"

namespace odeon::identity {
namespace {

using std::chrono::seconds;

struct SignedIn : ::testing::Test {
  std::expected<Sessions::Refreshed, RefreshFault> refresh(std::string token, std::string product = "briefings") {
    return run_task(node.sessions.refresh(std::move(token), std::move(product)));
  }
  bool alive(const SessionTokens& session) { return run_task(node.sessions.person(session.session_id)) != nullptr; }

  Shared shared;
  Node node{shared};
  Account ada = node.join("ada@example.com");
};

TEST_F(SignedIn, PeopleHoldTokensThatSayWhoTheyAre) {
  const auto session = node.sign_in(ada);
  EXPECT_EQ(session.expires_in, 3600);
  const auto token = jwt::read(session.access_token);
  EXPECT_EQ(token.algorithm, Algorithm::ES256);
  EXPECT_EQ(jwt::text_claim(token.claims, "sub"), ada.id);
  EXPECT_EQ(token.claims.at("email"), "ada@example.com");
  EXPECT_EQ(token.claims.at("role"), "authenticated");
  EXPECT_EQ(token.claims.at("product"), "briefings");
  EXPECT_EQ(run_task(node.access.check(token)).session_id, session.session_id);
  EXPECT_EQ(run_task(node.sessions.person(session.session_id))->mail, "ada@example.com");
}

TEST_F(SignedIn, AWitnessIsToldWhatATrailKeeps) {
  std::vector<std::string> seen;
  node.sessions.witnessed_by([&](this auto, database::Executor&, Witnessed one) -> Task<void> {
    seen.push_back(one.action + " " + one.product + (one.account_id == ada.id ? "" : " by a stranger"));
    co_return;
  });
  const auto session = node.sign_in(ada);
  refresh(session.refresh_token);
  shared.clock.advance(seconds(31));
  EXPECT_FALSE(refresh(session.refresh_token));
  const auto second = node.sign_in(ada);
  run_task(node.sessions.sign_out(second.session_id, SignOut::local));
  run_task(node.sessions.sign_out(second.session_id, SignOut::local));
  run_task(node.accounts.set_password(ada.id, "a new battery staple", ""));
  EXPECT_EQ(seen, (std::vector<std::string>{"signed_in briefings", "refresh_token_reused briefings",
                                            "signed_in briefings", "signed_out briefings", "password_changed "}));
}

TEST_F(SignedIn, TokensAreNotInTheDatabase) {
  const auto session = node.sign_in(ada);
  const auto next = refresh(session.refresh_token).value().tokens.refresh_token;
  for (const auto& text : run_task(shared.db->query<std::string>(
           "SELECT hash FROM identity_refresh_tokens UNION SELECT coalesce(salt, '') FROM identity_refresh_tokens"))) {
    EXPECT_NE(text, session.refresh_token);
    EXPECT_NE(text, next);
  }
}

TEST_F(SignedIn, RefreshReplacesTheToken) {
  const auto first = node.sign_in(ada);
  const auto second = refresh(first.refresh_token).value();
  EXPECT_EQ(second.tokens.session_id, first.session_id);
  EXPECT_NE(second.tokens.refresh_token, first.refresh_token);
  EXPECT_EQ(second.account.id, ada.id);
  shared.clock.advance(seconds(3600));
  EXPECT_TRUE(refresh(second.tokens.refresh_token));
}

TEST_F(SignedIn, WhoAsksAgainWithinTheGraceGetsTheTokenInForce) {
  const auto first = node.sign_in(ada);
  const auto second = refresh(first.refresh_token).value().tokens.refresh_token;
  shared.clock.advance(seconds(30));
  EXPECT_EQ(refresh(first.refresh_token).value().tokens.refresh_token, second);
  const auto third = refresh(second).value().tokens.refresh_token;
  EXPECT_EQ(refresh(first.refresh_token).value().tokens.refresh_token, third);
  EXPECT_TRUE(alive(first));
}

TEST_F(SignedIn, ReuseAfterTheGraceEndsTheSessionAlone) {
  const auto first = node.sign_in(ada), other = node.sign_in(ada);
  const auto second = refresh(first.refresh_token).value().tokens.refresh_token;
  shared.clock.advance(seconds(31));
  EXPECT_EQ(refresh(first.refresh_token).error(), RefreshFault::already_used);
  EXPECT_FALSE(alive(first));
  EXPECT_EQ(refresh(second).error(), RefreshFault::session_over);
  EXPECT_EQ(refresh(first.refresh_token).error(), RefreshFault::session_over);
  EXPECT_TRUE(alive(other));
}

TEST_F(SignedIn, ManyAtOnceWithOneTokenGetOneSuccessor) {
  const auto first = node.sign_in(ada);
  run_task([](Sessions& sessions, std::string token) -> Task<> {
    std::vector<Task<std::expected<Sessions::Refreshed, RefreshFault>>> all;
    for (int i = 0; i < 10; ++i) all.push_back(sessions.refresh(token, "briefings"));
    const auto outcomes = co_await all_of(std::move(all));
    for (const auto& outcome : outcomes) {
      EXPECT_TRUE(outcome.has_value());
      EXPECT_EQ(outcome.value().tokens.refresh_token, outcomes.front().value().tokens.refresh_token);
    }
  }(node.sessions, first.refresh_token));
}

TEST_F(SignedIn, UnknownTokensAndOtherProductsAreRefused) {
  const auto session = node.sign_in(ada);
  for (std::string token :
       {std::string(), std::string("x"), std::string(43, 'A'), session.refresh_token + "=", session.access_token})
    EXPECT_EQ(refresh(token).error(), RefreshFault::unknown);
  EXPECT_EQ(refresh(session.refresh_token, "chat").error(), RefreshFault::unknown);
  EXPECT_TRUE(refresh(session.refresh_token));
}

TEST_F(SignedIn, SignOutReachesAsFarAsAsked) {
  const auto one = node.sign_in(ada), two = node.sign_in(ada), three = node.sign_in(ada),
             chat = node.sign_in(ada, "chat");
  run_task(node.sessions.sign_out(one.session_id, SignOut::local));
  EXPECT_FALSE(alive(one));
  EXPECT_TRUE(alive(two));
  run_task(node.sessions.sign_out(two.session_id, SignOut::others));
  EXPECT_TRUE(alive(two));
  EXPECT_FALSE(alive(three));
  run_task(node.sessions.sign_out(two.session_id, SignOut::global));
  EXPECT_FALSE(alive(two));
  EXPECT_TRUE(alive(chat));
  EXPECT_EQ(refresh(two.refresh_token).error(), RefreshFault::session_over);
  run_task(node.sessions.sign_out("nobody's", SignOut::global));
}

TEST_F(SignedIn, SessionsEndWhenTheyAreIdle) {
  const auto kept = node.sign_in(ada), left = node.sign_in(ada);
  shared.clock.advance(seconds(20 * 86400));
  const auto next = refresh(kept.refresh_token).value().tokens.refresh_token;
  shared.clock.advance(seconds(10 * 86400));
  EXPECT_TRUE(alive(kept));
  EXPECT_FALSE(alive(left));
  EXPECT_EQ(refresh(left.refresh_token).error(), RefreshFault::session_over);
  EXPECT_TRUE(refresh(next));
  EXPECT_EQ(run_task(node.sessions.prune()), 0) << "its tokens are known for a month";
  shared.clock.advance(seconds(30 * 86400 - 1));
  EXPECT_TRUE(alive(kept));
  shared.clock.advance(seconds(2));
  EXPECT_EQ(run_task(node.sessions.prune()), 1);
  EXPECT_EQ(refresh(left.refresh_token).error(), RefreshFault::unknown);
}

TEST_F(SignedIn, NodesShareTheKeyThatTheFirstOneMade) {
  const auto session = node.sign_in(ada);
  Node second(shared);
  EXPECT_EQ(run_task(second.access.check(jwt::read(session.access_token))).account_id, ada.id);
  EXPECT_EQ(run_task(second.access.jwks()), run_task(node.access.jwks()));
  EXPECT_TRUE(run_task(node.access.jwks()).contains("\"kid\""));
}

TEST_F(SignedIn, AConfiguredSecretSigns) {
  const auto before = node.sign_in(ada);
  Node configured(
      shared, {.access = {.issuer = "https://odeon.test/auth/v1", .secret = "a secret of at least 32 bytes, really"}});
  const auto session = configured.sign_in(ada);
  EXPECT_EQ(jwt::read(session.access_token).algorithm, Algorithm::HS256);
  EXPECT_EQ(run_task(configured.access.check(jwt::read(session.access_token))).account_id, ada.id);
  // What was signed before the secret came still holds; the secret is not published.
  EXPECT_EQ(run_task(configured.access.check(jwt::read(before.access_token))).account_id, ada.id);
  EXPECT_FALSE(run_task(configured.access.jwks()).contains("oct"));
}

// A model of one family: each token, when it was used, and whether the session still stands.
TEST_F(SignedIn, FamiliesOfTokensBehaveAsTheirModel) {
  EXPECT_TRUE(rc::check([&] {
    const auto first = node.sign_in(ada);
    std::vector<std::string> tokens{first.refresh_token};
    std::vector<std::optional<Instant>> used{std::nullopt};
    bool over = false;
    const int steps = *rc::gen::inRange(1, 14);
    for (int step = 0; step < steps; ++step) {
      shared.clock.advance(seconds(*rc::gen::elementOf(std::vector<int>{0, 1, 5, 29, 60})));
      // The last ones more often: that is what clients do.
      const auto back = *rc::gen::elementOf(std::vector<std::size_t>{0, 0, 0, 1, 1, 2, 3});
      const std::size_t at = tokens.size() - 1 - std::min(back, tokens.size() - 1);
      const Instant now = shared.clock.now();
      const auto outcome = refresh(tokens[at]);
      if (over) {
        RC_ASSERT(outcome.error() == RefreshFault::session_over);
      } else if (!used[at]) {
        RC_ASSERT(outcome.has_value());
        used[at] = now;
        tokens.push_back(outcome->tokens.refresh_token);
        used.push_back(std::nullopt);
      } else if (now - *used[at] <= seconds(30)) {
        RC_ASSERT((outcome.has_value() && outcome->tokens.refresh_token == tokens.back()));
      } else {
        RC_ASSERT(outcome.error() == RefreshFault::already_used);
        over = true;
      }
      RC_ASSERT(alive(first) == !over);
    }
  }));
}

}  // namespace
}  // namespace odeon::identity

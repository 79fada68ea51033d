#include "engine/identity/accounts.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/identity/fixture_test.hpp"

namespace odeon::identity {
namespace {

struct People : ::testing::Test {
  std::expected<Account, SignInFault> sign_in(std::string mail, std::string password, std::string from = "192.0.2.1") {
    return run_task(node.accounts.sign_in(std::move(mail), std::move(password), std::move(from)));
  }
  std::string arrive(std::string subject, std::optional<std::string> mail, bool verified,
                     std::string issuer = "https://elsewhere.test") {
    return run_task(node.accounts.account_of({std::move(issuer), std::move(subject), std::move(mail), verified}));
  }
  Account of(std::string id) { return run_task(node.accounts.find(std::move(id))).value(); }

  Shared shared;
  Node node{shared};
};

TEST_F(People, SignUpOnceAndSignInInAnyCase) {
  const auto ada = node.join("Ada@Example.com");
  EXPECT_TRUE(is_uuid(ada.id));
  EXPECT_EQ(ada.mail, "ada@example.com");
  EXPECT_FALSE(ada.mail_verified_at);
  EXPECT_EQ(sign_in("ADA@example.COM", "correct horse").value().id, ada.id);
  EXPECT_EQ(sign_in("ada@example.com", "Correct horse").error(), SignInFault::wrong);
  EXPECT_EQ(sign_in("eve@example.com", "correct horse").error(), SignInFault::wrong);
  EXPECT_EQ(code_of(node.accounts.sign_up("ada@EXAMPLE.com", "other", {}, "")), "MAIL_TAKEN");
  EXPECT_EQ(code_of(node.accounts.sign_up("ada", "other", {}, "")), "INVALID_MAIL");
}

TEST_F(People, WhoSignUpAtOnceWithOneMailAreOne) {
  run_task([](Node& node) -> Task<> {
    std::vector<Task<bool>> tries;
    for (int i = 0; i < 8; ++i)
      tries.push_back([](Node& node) -> Task<bool> {
        co_return (co_await settle(node.accounts.sign_up("ada@example.com", "correct horse", {}, ""))).has_value();
      }(node));
    const auto outcomes = co_await all_of(std::move(tries));
    EXPECT_EQ(std::ranges::count(outcomes, true), 1);
  }(node));
}

TEST_F(People, WhoGuessAreSlowedDown) {
  node.join("ada@example.com");
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(sign_in("ada@example.com", "guess", fmt::format("192.0.2.{}", i)));
  // The right password does not help either, until the window has passed; others are not held up.
  EXPECT_EQ(code_of(node.accounts.sign_in("Ada@example.com", "correct horse", "192.0.2.99")), "RATE_LIMITED");
  EXPECT_FALSE(sign_in("eve@example.com", "guess"));
  shared.clock.advance(std::chrono::minutes(11));
  EXPECT_TRUE(sign_in("ada@example.com", "correct horse"));
}

TEST_F(People, WhoGuessAtManyAreSlowedDownByAddress) {
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(sign_in(fmt::format("a{}@example.com", i), "guess", "192.0.2.7"));
  EXPECT_EQ(code_of(node.accounts.sign_in("b@example.com", "guess", "192.0.2.7")), "RATE_LIMITED");
  EXPECT_FALSE(sign_in("b@example.com", "guess", "192.0.2.8"));
}

TEST_F(People, GetANewHashWhenParametersChange) {
  const auto ada = node.join("ada@example.com");
  const auto hash = [&] {
    return run_task(shared.db->find<std::string>("SELECT password_hash FROM identity_accounts")).value();
  };
  const auto before = hash();
  EXPECT_TRUE(sign_in("ada@example.com", "correct horse"));
  EXPECT_EQ(hash(), before);
  Node later(shared, {.passwords = {.operations = 2, .memory = 16384}});
  EXPECT_TRUE(run_task(later.accounts.sign_in("ada@example.com", "correct horse", "")));
  EXPECT_TRUE(hash().starts_with("$argon2id$v=19$m=16,t=2")) << hash();
  EXPECT_TRUE(run_task(later.accounts.sign_in("ada@example.com", "correct horse", "")));
}

TEST_F(People, ChangeWhatIsTheirs) {
  const auto ada = node.join("ada@example.com");
  node.join("eve@example.com");
  run_task(node.accounts.mark_mail_verified(ada.id));
  run_task(node.accounts.change(ada.id, {.metadata = {{"name", "Ada"}, {"theme", "dark"}}}));
  run_task(node.accounts.change(ada.id, {"Ada@new.example", {{"theme", nullptr}, {"size", 3}}}));
  EXPECT_EQ(of(ada.id).metadata, (json::object{{"name", "Ada"}, {"size", 3}}));
  EXPECT_EQ(of(ada.id).mail, "ada@new.example");
  EXPECT_FALSE(of(ada.id).mail_verified_at);
  // All or nothing.
  EXPECT_EQ(code_of(node.accounts.change(ada.id, {"EVE@example.com", {{"name", "Eve"}}})), "MAIL_TAKEN");
  EXPECT_EQ(code_of(node.accounts.change(ada.id, {"b@example.com", {{"x", boost::json::string(9000, 'x')}}})),
            "METADATA_TOO_LARGE");
  EXPECT_EQ(of(ada.id).mail, "ada@new.example");
  EXPECT_EQ(of(ada.id).metadata.at("name"), "Ada");
}

TEST_F(People, WithANewPasswordAreSignedOutElsewhere) {
  const auto ada = node.join("ada@example.com");
  const auto here = node.sign_in(ada), there = node.sign_in(ada), chat = node.sign_in(ada, "chat");
  run_task(node.accounts.set_password(ada.id, "a new one", here.session_id));
  EXPECT_TRUE(run_task(node.sessions.person(here.session_id)));
  EXPECT_FALSE(run_task(node.sessions.person(there.session_id)));
  EXPECT_FALSE(run_task(node.sessions.person(chat.session_id)));
  EXPECT_FALSE(sign_in("ada@example.com", "correct horse"));
  EXPECT_TRUE(sign_in("ada@example.com", "a new one"));
}

TEST_F(People, AreFoundListedAndSuspendedByTheOperator) {
  const auto ada = node.join("ada@example.com"), bob = node.join("bob@example.com");
  EXPECT_EQ(run_task(node.accounts.find_by_mail(" ADA@example.com")).value().id, ada.id);
  EXPECT_FALSE(run_task(node.accounts.find_by_mail("nobody@example.com")));
  EXPECT_FALSE(run_task(node.accounts.find_by_mail("nobody")));
  EXPECT_EQ(run_task(node.accounts.list("", 1)).at(0).id, ada.id);
  EXPECT_EQ(run_task(node.accounts.list(ada.id, 10)).at(0).id, bob.id);

  const auto session = node.sign_in(ada);
  EXPECT_TRUE(run_task(node.accounts.suspend(ada.id)));
  EXPECT_FALSE(run_task(node.accounts.suspend("nobody")));
  EXPECT_EQ(sign_in("ada@example.com", "correct horse").error(), SignInFault::suspended);
  EXPECT_EQ(sign_in("ada@example.com", "wrong").error(), SignInFault::wrong);
  EXPECT_FALSE(run_task(node.sessions.person(session.session_id)));
  EXPECT_FALSE(run_task(node.accounts.person(ada.id)));
  EXPECT_TRUE(run_task(node.accounts.restore(ada.id)));
  EXPECT_TRUE(sign_in("ada@example.com", "correct horse"));
  EXPECT_FALSE(run_task(node.sessions.person(session.session_id)));
}

TEST_F(People, TheirComingIsWitnessed) {
  std::vector<Witnessed> seen;
  node.sessions.witnessed_by([&](this auto, database::Executor&, Witnessed one) -> Task<void> {
    seen.push_back(std::move(one));
    co_return;
  });
  const auto ada = node.join("ada@example.com");
  EXPECT_THROW(node.join("ada@example.com"), Error);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].action, "account_created");
  EXPECT_EQ(seen[0].account_id, ada.id);
}

TEST_F(People, AttemptsThatFailAreWitnessed) {
  const auto ada = node.join("ada@example.com");
  std::vector<Witnessed> seen;
  node.sessions.witnessed_by([&](this auto, database::Executor&, Witnessed one) -> Task<void> {
    seen.push_back(std::move(one));
    co_return;
  });
  EXPECT_FALSE(run_task(node.accounts.sign_in("ada@example.com", "guess", "", "chat")));
  EXPECT_FALSE(sign_in("eve@example.com", "guess"));
  EXPECT_TRUE(sign_in("ada@example.com", "correct horse"));
  run_task(node.accounts.suspend(ada.id));
  EXPECT_FALSE(sign_in("ada@example.com", "correct horse"));
  ASSERT_EQ(seen.size(), 3U);
  for (const auto& one : seen) EXPECT_EQ(one.action, "sign_in_failed");
  EXPECT_EQ(seen[0].account_id, ada.id);
  EXPECT_EQ(seen[0].product, "chat");
  EXPECT_EQ(seen[1].account_id, "") << "nobody is told by their address";
  EXPECT_EQ(seen[2].details.at("why"), "suspended");
}

// ---- people from outside -------------------------------------------------------------------------

TEST_F(People, FromOutsideAreWitnessedOnce) {
  std::vector<std::string> seen;
  node.sessions.witnessed_by([&](this auto, database::Executor&, Witnessed one) -> Task<void> {
    seen.push_back(one.action + " " + one.account_id + " " + std::string(one.details.at("issuer").as_string()));
    co_return;
  });
  const auto zoe = arrive("s1", "zoe@example.com", true);
  arrive("s1", "zoe@example.com", true);
  const auto other = arrive("s2", "zoe@example.com", true, "https://third.test");
  EXPECT_EQ(seen, (std::vector<std::string>{"account_created " + zoe + " https://elsewhere.test",
                                            "connected " + zoe + " https://elsewhere.test",
                                            "connected " + other + " https://third.test"}));
  EXPECT_EQ(other, zoe);
}

TEST_F(People, FromOutsideAreTheSameEachTime) {
  const auto first = arrive("s1", "zoe@example.com", true);
  EXPECT_EQ(arrive("s1", "zoe@example.com", true), first);
  EXPECT_EQ(arrive("s1", "changed@example.com", false), first);
  EXPECT_NE(arrive("s2", std::nullopt, false), first);
  EXPECT_NE(arrive("s1", std::nullopt, false, "https://third.test"), first);
  EXPECT_TRUE(of(first).mail_verified_at);
  EXPECT_EQ(sign_in("zoe@example.com", "").error(), SignInFault::wrong);
}

TEST_F(People, FromOutsideAreLinkedByMailOnlyWhenBothSidesVerifiedIt) {
  const auto ada = node.join("ada@example.com");
  // Whoever signed up here with a stranger's mail does not get the stranger's account, nor the other way.
  const auto stranger = arrive("s1", "ada@example.com", true);
  EXPECT_NE(stranger, ada.id);
  EXPECT_FALSE(of(stranger).mail);
  run_task(node.accounts.mark_mail_verified(ada.id));
  EXPECT_NE(arrive("s2", "Ada@example.com", false), ada.id);
  EXPECT_EQ(arrive("s3", "Ada@Example.com", true), ada.id);
  EXPECT_EQ(arrive("s1", "ada@example.com", true), stranger);
  EXPECT_FALSE(of(arrive("s4", "no mail", true)).mail);
}

TEST_F(People, FromOutsideWhoComeTwiceAtOnceAreOne) {
  run_task([](Node& node) -> Task<> {
    for (int round = 0; round < 5; ++round) {
      std::vector<Task<std::string>> tries;
      for (int i = 0; i < 6; ++i)
        tries.push_back(node.accounts.account_of(
            {"https://elsewhere.test", fmt::format("s{}", round), fmt::format("s{}@example.com", round), true}));
      const auto ids = co_await all_of(std::move(tries));
      EXPECT_EQ(std::ranges::count(ids, ids.front()), 6);
    }
  }(node));
  EXPECT_EQ(run_task(node.accounts.list("", 100)).size(), 5U);
}

// Whatever mixture of people comes: a link never joins two people unless both sides verified the mail.
TEST_F(People, AreNeverJoinedOnUnverifiedMail) {
  int number = 0;
  EXPECT_TRUE(rc::check([&] {
    const int round = ++number;
    std::map<std::string, bool> verified_here;  // account id → whether its mail was verified when it was made
    std::map<std::string, std::string> holder;  // mail → account id
    const int steps = *rc::gen::inRange(1, 12);
    for (int step = 0; step < steps; ++step) {
      const std::string mail = fmt::format("{}@{}.test", *rc::gen::elementOf(std::string("ab")), round);
      const bool verified = *rc::gen::arbitrary<bool>();
      const auto id = arrive(fmt::format("s{}-{}", round, step), mail, verified);
      if (verified_here.contains(id)) {
        RC_ASSERT(verified && verified_here[id] && holder[mail] == id);
        continue;
      }
      const auto account = of(id);
      verified_here[id] = account.mail_verified_at.has_value();
      RC_ASSERT(account.mail.has_value() == !holder.contains(mail));
      RC_ASSERT(verified_here[id] == (account.mail && verified));
      if (account.mail) holder[mail] = id;
    }
  }));
}

}  // namespace
}  // namespace odeon::identity

#include "engine/identity/api_keys.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/identity/fixture_test.hpp"
#include "engine/identity/personal_data.hpp"
#include "engine/identity/unused_keys.hpp"

namespace odeon::identity {
namespace {

using std::chrono::seconds;

struct WithKeys : ::testing::Test {
  NewApiKey make(std::string product = "briefings", std::optional<Instant> expires = std::nullopt) {
    return run_task(node.keys.create({ada.id, std::move(product), "laptop", {"briefings:read"}, expires}));
  }
  std::shared_ptr<const Person> holder(std::string secret) { return run_task(node.keys.holder(std::move(secret))); }
  std::vector<ApiKey> list(std::string product = "briefings") {
    return run_task(node.keys.list(ada.id, std::move(product)));
  }

  Shared shared;
  Node node{shared};
  Account ada = node.join("ada@example.com");
};

TEST_F(WithKeys, AKeyIsShownOnceAndKnownByItsHash) {
  const auto made = make();
  EXPECT_EQ(made.secret.size(), 78U);
  EXPECT_TRUE(made.secret.starts_with(made.key.hint));
  const auto person = *holder(made.secret);
  EXPECT_EQ(person.account_id, ada.id);
  EXPECT_EQ(person.mail, "ada@example.com");
  EXPECT_EQ(person.product, "briefings");
  EXPECT_EQ(person.scopes, std::vector<std::string>{"briefings:read"});
  ASSERT_EQ(list().size(), 1U);
  EXPECT_EQ(list()[0].name, "laptop");
  EXPECT_TRUE(list("chat").empty());
  EXPECT_NE(run_task(shared.db->find<std::string>("SELECT hash FROM identity_api_keys")), made.secret);
}

TEST_F(WithKeys, ARevokedKeyIsRefusedAtOnceHereAndWithinASecondElsewhere) {
  const auto made = make();
  Node other(shared);
  EXPECT_TRUE(holder(made.secret));
  EXPECT_TRUE(run_task(other.keys.holder(made.secret)));
  EXPECT_EQ(code_of(node.keys.revoke("someone else", made.key.id)), "KEY_NOT_FOUND");
  run_task(node.keys.revoke(ada.id, made.key.id));
  EXPECT_FALSE(holder(made.secret));
  shared.clock.advance(seconds(1));
  EXPECT_FALSE(run_task(other.keys.holder(made.secret)));
  EXPECT_TRUE(list().empty());
  EXPECT_EQ(code_of(node.keys.revoke(ada.id, made.key.id)), "KEY_NOT_FOUND");
}

TEST_F(WithKeys, AKeyIsNotLookedUpAgainForAMinuteWhereNothingWasToldOfItsPerson) {
  const auto made = make();
  const auto look = [&] { run_task(shared.db->changes().look(*shared.db, shared.clock)); };
  look();
  shared.clock.advance(seconds(1));
  EXPECT_TRUE(holder(made.secret));
  run_task(shared.db->execute("UPDATE identity_accounts SET mail = 'b@example.com'"));  // and nobody is told
  shared.clock.advance(seconds(59));
  look();
  EXPECT_EQ(holder(made.secret)->mail, "ada@example.com");
  shared.clock.advance(seconds(1));
  look();
  EXPECT_EQ(holder(made.secret)->mail, "b@example.com");
}

TEST_F(WithKeys, WhatEndsAKeyEndsWhatIsRememberedOfItElsewhere) {
  Node other(shared);
  const auto feels = [&](Task<void> end) {
    const auto made = make();
    run_task(shared.db->changes().look(*shared.db, shared.clock));
    shared.clock.advance(seconds(1));
    EXPECT_TRUE(run_task(other.keys.holder(made.secret)));
    shared.clock.advance(seconds(1));
    run_task(shared.db->changes().look(*shared.db, shared.clock));
    EXPECT_TRUE(run_task(other.keys.holder(made.secret)));
    run_task(std::move(end));
    run_task(shared.db->changes().look(*shared.db, shared.clock));
    return !run_task(other.keys.holder(made.secret));
  };
  const auto revoke_all = [&]() -> Task<void> {
    for (const auto& key : co_await node.keys.list(ada.id, "briefings")) co_await node.keys.revoke(ada.id, key.id);
  };
  const auto suspend = [&]() -> Task<void> { co_await node.accounts.suspend(ada.id); };
  const auto forget = [&]() -> Task<void> {
    static_cast<void>(co_await IdentityData(*shared.db).forget(ada.id, "briefings"));
  };
  EXPECT_TRUE(feels(revoke_all()));
  EXPECT_TRUE(feels(suspend()));
  run_task(node.accounts.restore(ada.id));
  EXPECT_TRUE(feels(forget()));
}

TEST_F(WithKeys, AKeyExpires) {
  const auto made = make("briefings", shared.clock.now() + seconds(60));
  EXPECT_TRUE(holder(made.secret));
  shared.clock.advance(seconds(60));
  EXPECT_FALSE(holder(made.secret));
  EXPECT_EQ(code_of(node.keys.create({ada.id, "briefings", "late", {"x"}, shared.clock.now()})), "VALIDATION_ERROR");
}

TEST_F(WithKeys, LastUseIsNotedAtMostOnceAMinute) {
  const auto made = make();
  const auto start = shared.clock.now();
  EXPECT_FALSE(list()[0].last_used_at);
  static_cast<void>(holder(made.secret));
  EXPECT_EQ(list()[0].last_used_at, start);
  for (int i = 0; i < 59; ++i) {
    shared.clock.advance(seconds(1));
    static_cast<void>(holder(made.secret));
  }
  EXPECT_EQ(list()[0].last_used_at, start);
  shared.clock.advance(seconds(1));
  static_cast<void>(holder(made.secret));
  EXPECT_EQ(list()[0].last_used_at, start + seconds(60));
}

TEST_F(WithKeys, ThoseThatNobodyUsesAreCounted) {
  const auto unused = [&] {
    const auto now = shared.clock.now();
    return run_task(unused_keys(*shared.db, now - std::chrono::days(90), now));
  };
  const auto start = shared.clock.now();
  const auto used = make(), gone = make();
  make();
  make("briefings", start + std::chrono::days(90));
  run_task(node.keys.revoke(ada.id, gone.key.id));
  shared.clock.advance(std::chrono::days(90));
  EXPECT_EQ(unused(), 0) << "they are just old enough to be missed";
  static_cast<void>(holder(used.secret));
  shared.clock.advance(seconds(1));
  EXPECT_EQ(unused(), 1) << "neither the one that was used, nor what is good no more";
}

TEST_F(WithKeys, KeysNameTheirScopesAndAreNotEndless) {
  EXPECT_EQ(code_of(node.keys.create({ada.id, "briefings", "", {"x"}, {}})), "VALIDATION_ERROR");
  EXPECT_EQ(code_of(node.keys.create({ada.id, "briefings", "all", {}, {}})), "VALIDATION_ERROR");
  EXPECT_EQ(code_of(node.keys.create({"nobody", "briefings", "name", {"x"}, {}})), "ACCOUNT_NOT_FOUND");
  run_task([](ApiKeys& keys, std::string id) -> Task<> {
    std::vector<Task<bool>> many;
    for (int i = 0; i < 60; ++i)
      many.push_back([](ApiKeys& keys, std::string id) -> Task<bool> {
        co_return (co_await settle(keys.create({id, "briefings", "one of many", {"x"}, {}}))).has_value();
      }(keys, id));
    EXPECT_EQ(std::ranges::count(co_await all_of(std::move(many)), true), ApiKeys::max_per_product);
  }(node.keys, ada.id));
}

TEST_F(WithKeys, ASuspendedPersonsKeyIsRefused) {
  const auto made = make();
  EXPECT_TRUE(holder(made.secret));
  run_task(node.accounts.suspend(ada.id));
  shared.clock.advance(seconds(1));
  EXPECT_FALSE(holder(made.secret));
}

TEST_F(WithKeys, AnotherTextIsNoKey) {
  const auto original = make().secret;
  EXPECT_TRUE(rc::check([&](std::string junk) {
    std::string secret = original;
    secret[*rc::gen::inRange<std::size_t>(0, secret.size())] =
        *rc::gen::elementOf(std::string("0123456789abcdefABF_x"));
    RC_ASSERT(holder(secret) != nullptr == (secret == original));
    RC_ASSERT(!holder(junk));
    RC_ASSERT(!holder("odeon_" + junk));
  }));
}

}  // namespace
}  // namespace odeon::identity

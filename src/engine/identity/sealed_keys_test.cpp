#include "engine/identity/sealed_keys.hpp"

#include <gmock/gmock.h>

#include "engine/identity/fixture_test.hpp"
#include "engine/identity/store.hpp"

namespace odeon::identity {
namespace {

using std::chrono::seconds;

struct PeopleWithSealedKeys : ::testing::Test {
  std::vector<store::SigningKey> rows() { return run_task(store::signing_keys(*shared.db)); }
  std::string key_of(const SessionTokens& session) { return jwt::read(session.access_token).key_id; }
  std::string refusal(Node& at, const SessionTokens& session) {
    return code_of(at.access.check(jwt::read(session.access_token)));
  }
  Shared shared;
  Node node{shared};
  Account ada = node.join("ada@example.com");
};

TEST_F(PeopleWithSealedKeys, LieSealedInTheDatabase) {
  node.sign_in(ada);
  ASSERT_EQ(rows().size(), 1U);
  EXPECT_EQ(sealing_key_of(rows()[0].private_pem), "one");
  EXPECT_THAT(shared.ring.open(rows()[0].private_pem, kSigningKey), ::testing::HasSubstr("PRIVATE KEY"));
}

TEST_F(PeopleWithSealedKeys, FromBeforeThereWereKeysStayGoodAndAreSealed) {
  const Key old = Key::make();
  run_task(store::add_first_signing_key(*shared.db, old.private_pem(), shared.clock.now()));
  const auto session = node.sign_in(ada);
  EXPECT_EQ(key_of(session), old.id());
  SealedKeys sealed(*shared.db);
  EXPECT_EQ(run_task(reseal(sealed, shared.ring, Reseal::plain)), 1);
  EXPECT_EQ(run_task(reseal(sealed, shared.ring, Reseal::plain)), 0);
  EXPECT_EQ(sealing_key_of(rows()[0].private_pem), "one");
  Node other(shared);
  EXPECT_EQ(refusal(other, session), "");
}

TEST_F(PeopleWithSealedKeys, AreSealedByANewerKeyWhileNodesRun) {
  const auto session = node.sign_in(ada);
  const KeyRing newer({{"two", std::string(32, '2')}, {"one", std::string(32, '1')}});
  SealedKeys sealed(*shared.db);
  EXPECT_EQ(run_task(reseal(sealed, newer, Reseal::outdated)), 1);
  EXPECT_THAT(run_task(count_by_key(sealed)), ::testing::ElementsAre(::testing::Pair("two", 1)));
  EXPECT_EQ(refusal(node, session), "");
  AccessTokens renewed(*shared.db, newer, shared.clock, node.access.options());
  EXPECT_EQ(code_of(renewed.check(jwt::read(session.access_token))), "");
  // A node without that key cannot start, and one that runs goes on with what it has.
  AccessTokens stale(*shared.db, shared.ring, shared.clock, node.access.options());
  EXPECT_EQ(code_of(stale.check(jwt::read(session.access_token))), "SECRET_UNREADABLE");
  shared.clock.advance(seconds(61));
  EXPECT_EQ(refusal(node, session), "");
}

TEST_F(PeopleWithSealedKeys, TheHighestNumberSignsAndAllVerify) {
  Node other(shared);
  const auto before = node.sign_in(ada);
  EXPECT_EQ(refusal(other, before), "");
  EXPECT_EQ(run_task(node.access.add_key()), 2);
  shared.clock.advance(seconds(1));
  const auto after = node.sign_in(ada);
  EXPECT_NE(key_of(after), key_of(before));
  for (Node* at : {&node, &other}) {
    EXPECT_EQ(refusal(*at, before), "");
    EXPECT_EQ(refusal(*at, after), "");
  }
}

TEST_F(PeopleWithSealedKeys, SignOnEveryNodeWithinAMinute) {
  Node other(shared);
  const auto before = other.sign_in(ada);
  run_task(node.access.add_key());
  EXPECT_EQ(key_of(other.sign_in(ada)), key_of(before));
  shared.clock.advance(seconds(60));
  EXPECT_NE(key_of(other.sign_in(ada)), key_of(before));
  EXPECT_EQ(json::parse(run_task(other.access.jwks())).at("keys").as_array().size(), 2U);
}

TEST_F(PeopleWithSealedKeys, AreNotReadForEveryTokenByNobody) {
  const auto real = node.sign_in(ada);
  const auto made_up = jwt::write({{"iss", node.access.options().issuer}, {"sub", ada.id}}, Key::make());
  shared.clock.advance(seconds(1));
  EXPECT_EQ(code_of(node.access.check(jwt::read(made_up))), "INVALID_TOKEN");
  // Whoever asks again within the second is answered without the database.
  run_task(shared.db->close());
  EXPECT_EQ(code_of(node.access.check(jwt::read(made_up))), "INVALID_TOKEN");
  EXPECT_EQ(refusal(node, real), "");
  shared.clock.advance(seconds(61));
  EXPECT_EQ(refusal(node, real), "");
}

}  // namespace
}  // namespace odeon::identity

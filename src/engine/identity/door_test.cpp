#include "engine/identity/door.hpp"

#include <gtest/gtest.h>

#include "engine/identity/fixture_test.hpp"

namespace odeon::identity {
namespace {

struct PeopleAtTheDoor : ::testing::Test {
  PeopleAtTheDoor() {
    node.proofs.sent_by([this](this auto, database::Transaction&, ProofLetter letter) -> Task<void> {
      letters.push_back(std::move(letter));
      co_return;
    });
  }
  identity::SignedIn joined(const std::string& mail = "Ada@example.com") {
    return run_task(door.sign_up(
        {.mail = mail, .password = "Correct horse 1", .metadata = {{"name", "Ada"}}, .address = "192.0.2.1"}));
  }
  identity::SignedIn sign_in(const std::string& password, Door& by) {
    return run_task(by.sign_in("ada@example.com", password, "192.0.2.1"));
  }
  std::string refusal(const std::string& mail, const std::string& password) {
    return code_of(door.sign_in(mail, password, "192.0.2.1"));
  }

  Shared shared;
  Node node{shared, {.policies = TokenPolicies({{"podcasts", {.access = std::chrono::minutes(30)}}})}};
  Door door{node.accounts, node.sessions, node.proofs, {.product = "podcasts", .mixed_password = true}};
  Door strict{node.accounts, node.sessions, node.proofs, {.product = "stories", .require_verified = true}};
  std::vector<ProofLetter> letters;
};

TEST_F(PeopleAtTheDoor, AreInAtOnceAndAskedToProveTheirAddress) {
  const auto ada = joined();
  EXPECT_EQ(ada.account.mail, "ada@example.com");
  EXPECT_EQ(ada.tokens.expires_in, 1800);
  EXPECT_EQ(node.bearer(ada.tokens.access_token, "podcasts").user_id, ada.account.id);
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters.front().product, "podcasts");
  EXPECT_EQ(letters.front().purpose, Purpose::verify);
  EXPECT_EQ(code_of(door.sign_up({.mail = "ada@example.com", .password = "Correct horse 1"})), "MAIL_TAKEN");
}

TEST_F(PeopleAtTheDoor, ChooseDecentPasswords) {
  for (const auto* weak : {"", "Short1", "no capital 1", "No Digit Here", "ÄÖÜÄÖÜÄÖÜ"})
    EXPECT_EQ(code_of(door.sign_up({.mail = "b@example.com", .password = weak})), "WEAK_PASSWORD") << weak;
  EXPECT_NO_THROW(strict.check_password("no capital, no digit"));
}

TEST_F(PeopleAtTheDoor, ComeBackWithTheirPassword) {
  const auto ada = joined();
  EXPECT_EQ(sign_in("Correct horse 1", door).account.id, ada.account.id);
  EXPECT_EQ(refusal("ada@example.com", "Correct horse 2"), "INVALID_CREDENTIALS");
  EXPECT_EQ(refusal("nobody@example.com", "Correct horse 1"), "INVALID_CREDENTIALS");
  EXPECT_EQ(refusal("no address", "Correct horse 1"), "INVALID_CREDENTIALS");
  run_task(node.accounts.suspend(ada.account.id));
  EXPECT_EQ(refusal("ada@example.com", "Correct horse 1"), "ACCOUNT_SUSPENDED");
  EXPECT_EQ(refusal("ada@example.com", "wrong"), "INVALID_CREDENTIALS");
}

TEST_F(PeopleAtTheDoor, ProveTheirAddressFirstWhereThatIsWanted) {
  joined();
  EXPECT_EQ(code_of(strict.sign_in("ada@example.com", "Correct horse 1", "192.0.2.1")), "EMAIL_NOT_VERIFIED");
  EXPECT_EQ(code_of(strict.sign_in("ada@example.com", "wrong", "192.0.2.1")), "INVALID_CREDENTIALS");
  EXPECT_TRUE(run_task(strict.verify({.token = letters.front().token})).mail);
  EXPECT_NO_THROW(sign_in("Correct horse 1", strict));
  EXPECT_EQ(code_of(strict.verify({.token = letters.front().token})), "INVALID_TOKEN") << "it works once";
}

TEST_F(PeopleAtTheDoor, ResetAForgottenPasswordByCode) {
  const auto ada = joined();
  run_task(door.send_mail("ADA@example.com", Purpose::recover));
  const auto& letter = letters.back();
  EXPECT_EQ(code_of(door.reset_password({.mail = letter.mail, .code = letter.code}, "weak")), "WEAK_PASSWORD");
  EXPECT_EQ(code_of(door.verify({.mail = letter.mail, .code = letter.code})), "INVALID_TOKEN") << "another purpose";
  run_task(door.reset_password({.mail = letter.mail, .code = letter.code}, "Battery staple 2"));
  EXPECT_EQ(refusal("ada@example.com", "Correct horse 1"), "INVALID_CREDENTIALS");
  sign_in("Battery staple 2", door);
  EXPECT_THROW(node.bearer(ada.tokens.access_token, "podcasts"), Error) << "earlier sessions end";
  EXPECT_EQ(code_of(door.refresh(ada.tokens.refresh_token)), "INVALID_REFRESH_TOKEN");
}

TEST_F(PeopleAtTheDoor, HearNothingOfWhoIsHere) {
  joined();
  letters.clear();
  run_task(door.send_mail("nobody@example.com", Purpose::recover));
  EXPECT_EQ(letters.size(), 0U);
  EXPECT_EQ(code_of(door.send_mail("nobody@example.com", Purpose::recover)), "MAIL_SENT_JUST_NOW");
  EXPECT_EQ(code_of(door.send_mail("no address", Purpose::recover)), "INVALID_MAIL");
}

TEST_F(PeopleAtTheDoor, AreKnownByAnIssuerThatVouchesForTheSameAddress) {
  const auto ada = joined();
  const OutsidePerson vouched{"https://issuer.test", "42", "ada@example.com", true};
  EXPECT_NE(run_task(door.admit(vouched, "Ada L.")).account.id, ada.account.id) << "ours is not proven yet";
  run_task(door.verify({.token = letters.front().token}));
  const OutsidePerson again{"https://issuer.test", "43", "ada@example.com", true};
  const auto in = run_task(door.admit(again, "Somebody"));
  EXPECT_EQ(in.account.id, ada.account.id);
  EXPECT_EQ(in.account.metadata.at("name"), "Ada") << "they have named themselves";
  EXPECT_FALSE(picture_of(in.account));
  for (const char* picture : {"https://issuer.test/1.png", "https://issuer.test/2.png", ""})
    run_task(door.admit(again, "Somebody", picture));
  EXPECT_EQ(picture_of(run_task(door.account_of(ada.account.id))), "https://issuer.test/2.png");
  const OutsidePerson claimed{"https://issuer.test", "44", "ada@example.com", false};
  EXPECT_NE(run_task(door.admit(claimed, "")).account.id, ada.account.id) << "the issuer does not vouch";
  run_task(node.accounts.suspend(ada.account.id));
  EXPECT_EQ(code_of(door.admit(again, "")), "ACCOUNT_SUSPENDED");
}

TEST_F(PeopleAtTheDoor, RefreshInTheirProductAlone) {
  const auto ada = joined();
  const auto next = run_task(door.refresh(ada.tokens.refresh_token));
  EXPECT_NE(next.tokens.refresh_token, ada.tokens.refresh_token);
  EXPECT_EQ(code_of(strict.refresh(next.tokens.refresh_token)), "INVALID_REFRESH_TOKEN");
  EXPECT_EQ(code_of(door.refresh("nonsense")), "INVALID_REFRESH_TOKEN");
  run_task(door.sign_out(ada.tokens.session_id));
  EXPECT_EQ(code_of(door.refresh(next.tokens.refresh_token)), "INVALID_REFRESH_TOKEN");
}

}  // namespace
}  // namespace odeon::identity

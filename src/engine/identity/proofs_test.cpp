#include "engine/identity/proofs.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "engine/identity/fixture_test.hpp"

namespace odeon::identity {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

struct PeopleProving : ::testing::Test {
  PeopleProving() {
    node.proofs.sent_by([this](this auto, database::Transaction&, ProofLetter letter) -> Task<void> {
      letters.push_back(std::move(letter));
      co_return;
    });
  }

  const ProofLetter& sent(Purpose purpose = Purpose::recover) {
    shared.clock.advance(seconds(121));
    run_task(proofs.send(ada, purpose, "briefings"));
    return letters.back();
  }
  std::optional<Proven> by_code(std::string code, Purpose purpose = Purpose::recover) {
    return run_task(proofs.use_code("ada@example.com", purpose, std::move(code)));
  }
  std::string other_than(const std::string& code) { return code == "000000" ? "000001" : "000000"; }

  Shared shared;
  Node node{shared};
  Account ada = node.join("ada@example.com");
  Proofs& proofs = node.proofs;
  std::vector<ProofLetter> letters;
};

TEST_F(PeopleProving, ALinkAndACodeAreOneSecret) {
  auto letter = sent();
  EXPECT_EQ(letter.mail, "ada@example.com");
  EXPECT_EQ(letter.code.size(), 6U);
  EXPECT_EQ(run_task(proofs.use(letter.token)).value().account_id, ada.id);
  EXPECT_FALSE(run_task(proofs.use(letter.token)));
  EXPECT_FALSE(by_code(letter.code));

  letter = sent();
  EXPECT_EQ(by_code(letter.code).value().account_id, ada.id);
  EXPECT_FALSE(by_code(letter.code));
  EXPECT_FALSE(run_task(proofs.use(letter.token)));
}

TEST_F(PeopleProving, EachPurposeIsItsOwn) {
  const auto letter = sent(Purpose::verify);
  EXPECT_FALSE(by_code(letter.code, Purpose::recover));
  EXPECT_TRUE(by_code(letter.code, Purpose::verify));
}

TEST_F(PeopleProving, ANewOneVoidsTheOld) {
  const auto first = sent(), second = sent();
  EXPECT_FALSE(run_task(proofs.use(first.token)));
  EXPECT_TRUE(run_task(proofs.use(second.token)));
}

TEST_F(PeopleProving, ItLastsAnHourAndADay) {
  for (const auto& [purpose, lifetime] : {std::pair{Purpose::recover, hours(1)}, {Purpose::verify, hours(24)}}) {
    auto letter = sent(purpose);
    shared.clock.advance(lifetime - seconds(1));
    EXPECT_EQ(run_task(proofs.use(letter.token)).value().purpose, purpose);
    letter = sent(purpose);
    shared.clock.advance(lifetime);
    EXPECT_FALSE(run_task(proofs.use(letter.token)));
    EXPECT_FALSE(by_code(letter.code, purpose));
  }
  run_task(proofs.prune());
  EXPECT_EQ(run_task(shared.db->find<std::int64_t>("SELECT COUNT(*) FROM identity_proofs")), 0);
}

TEST_F(PeopleProving, FortyWrongCodesKillIt) {
  auto letter = sent();
  for (int i = 0; i < Proofs::max_wrong_codes - 1; ++i) EXPECT_FALSE(by_code(other_than(letter.code)));
  EXPECT_TRUE(by_code(letter.code)) << "the fortieth may be right";
  letter = sent();
  std::vector<Task<std::optional<Proven>>> tries;
  for (int i = 0; i < 100; ++i)
    tries.push_back(proofs.use_code("ada@example.com", Purpose::recover, other_than(letter.code)));
  run_task(all_of(std::move(tries)));
  EXPECT_FALSE(by_code(letter.code));
  EXPECT_FALSE(run_task(proofs.use(letter.token)));
}

TEST_F(PeopleProving, OneMailAMinute) {
  sent();
  EXPECT_THROW(run_task(proofs.send(ada, Purpose::recover, "briefings")), Error);
  run_task(proofs.send(ada, Purpose::verify, "briefings"));
  run_task(proofs.pretend("nobody@example.com", Purpose::recover));
  EXPECT_THROW(run_task(proofs.pretend("nobody@example.com", Purpose::recover)), Error);
}

TEST_F(PeopleProving, TheDatabaseHoldsNoSecret) {
  const auto letter = sent();
  run_task(proofs.pretend("nobody@example.com", Purpose::recover));
  for (const auto& text : run_task(shared.db->query<std::string>(
           "SELECT token_hash || ' ' || code_hash || ' ' || mail FROM identity_proofs"))) {
    EXPECT_EQ(text.find(letter.token), std::string::npos);
    EXPECT_EQ(text.find(letter.code + " "), std::string::npos);
    EXPECT_EQ(text.find("nobody"), std::string::npos);
  }
}

TEST_F(PeopleProving, CodesDiffer) {
  std::set<std::string> codes;
  for (int i = 0; i < 20; ++i) codes.insert(sent().code);
  EXPECT_GT(codes.size(), 15U);
}

}  // namespace
}  // namespace odeon::identity

#include "engine/billing/app_store_chain.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/billing/app_store_signer_test.hpp"
#include "engine/billing/jws.hpp"
#include "engine/identity/jwt.hpp"
#include "testing/clock.hpp"

namespace odeon::billing {
namespace {

using json::object;

struct Signed : ::testing::Test {
  object payload(std::chrono::days later = {}) const {
    const auto at = std::chrono::floor<std::chrono::milliseconds>(clock.now() + later).time_since_epoch();
    return {{"signedDate", at.count()}, {"n", 1.5}};
  }
  static std::string refusal(const AppleRoots& roots, const std::string& jws) {
    try {
      roots.read(jws);
    } catch (const Error& error) {
      EXPECT_EQ(error.code, "INVALID_SIGNATURE");
      return error.detail;
    }
    return "";
  }

  testing::FakeClock clock;
  AppleChain apple{clock.now()};
  AppleRoots roots{apple.root_pem};
};

TEST_F(Signed, WhatAppleSignsIsTaken) {
  EXPECT_EQ(roots.read(apple.sign(payload())), payload());
  const AppleChain another(clock.now(), {.root_name = "Another"});
  EXPECT_EQ(AppleRoots(another.root_pem + apple.root_pem).read(apple.sign(payload())), payload());
}

TEST_F(Signed, AllElseIsNot) {
  const auto now = clock.now();
  auto by = [&](ChainOrder order) {
    const AppleChain chain(now, order);
    return refusal(AppleRoots(chain.root_pem), chain.sign(payload()));
  };
  EXPECT_EQ(by({.leaf_oid = nullptr}), "certificates for something else");
  EXPECT_EQ(by({.leaf_oid = "1.2.840.113635.100.6.11.2"}), "certificates for something else");
  EXPECT_EQ(by({.authority_oid = nullptr}), "certificates for something else");
  EXPECT_EQ(by({.is_authority = false}), "certificates of somebody else");
  EXPECT_EQ(by({.leaf_ends = std::chrono::days(-1)}), "certificates of somebody else");
  EXPECT_EQ(by({.leaf_begins = std::chrono::days(1)}), "certificates of somebody else");
  EXPECT_EQ(by({}), "");

  const AppleChain stranger(now);
  EXPECT_EQ(refusal(roots, stranger.sign(payload())), "certificates of somebody else") << "the root that is sent";
  for (const std::size_t count : {0U, 1U, 2U, 4U})
    EXPECT_EQ(refusal(roots, apple.sign(payload(), count)), "not three certificates") << count;
  for (const char* algorithm : {"none", "RS256", "HS256", "ES384", "es256", ""})
    EXPECT_EQ(refusal(roots, apple.sign(payload(), 3, algorithm)), "another algorithm") << algorithm;
  EXPECT_EQ(refusal(roots, apple.sign({{"n", 1}})), "without a date");
  EXPECT_EQ(refusal(roots, apple.sign(payload(std::chrono::days(401)))), "certificates of somebody else");
  EXPECT_EQ(refusal(roots, apple.sign(payload(-std::chrono::days(31)))), "certificates of somebody else");
  // Certificates of Apple's with a signature of somebody else's, and the other way round.
  const json::array chain{apple.x5c[0], apple.x5c[1], apple.x5c[2]};
  EXPECT_EQ(refusal(roots, stranger.sign_with({{"alg", "ES256"}, {"x5c", chain}}, payload())), "another signature");
  const json::array mixed{stranger.x5c[0], apple.x5c[1], apple.x5c[2]};
  EXPECT_EQ(refusal(roots, stranger.sign_with({{"alg", "ES256"}, {"x5c", mixed}}, payload())),
            "certificates of somebody else");
  const json::array straight{apple.x5c[1], apple.x5c[1], apple.x5c[2]};
  EXPECT_NE(refusal(roots, apple.sign_with({{"alg", "ES256"}, {"x5c", straight}}, payload())), "");
  const json::array broken{"AAAA", apple.x5c[1], apple.x5c[2]}, numbers{1, 2, 3};
  EXPECT_EQ(refusal(roots, apple.sign_with({{"alg", "ES256"}, {"x5c", broken}}, payload())), "no certificate");
  EXPECT_EQ(refusal(roots, apple.sign_with({{"alg", "ES256"}, {"x5c", numbers}}, payload())), "no certificate");
  EXPECT_EQ(refusal(roots, apple.sign_with({{"alg", "ES256"}, {"x5c", chain}, {"crit", json::array{"x"}}}, payload())),
            "no JWS");
  for (const char* text : {"", "..", "a.b.c", "{}", "e30.e30"}) EXPECT_EQ(refusal(roots, text), "no JWS") << text;
}

TEST_F(Signed, RootsAreCertificates) {
  EXPECT_NO_THROW(AppleRoots::standard());
  EXPECT_EQ(refusal(AppleRoots::standard(), apple.sign(payload())), "certificates of somebody else");
  std::string cut = apple.root_pem;
  cut.resize(cut.size() / 2);
  for (const std::string& pem :
       {std::string(), std::string("nothing"), cut, apple.root_pem + cut, identity::Key::make().private_pem()})
    EXPECT_THROW(AppleRoots{pem}, Error) << pem;
}

// What is changed anywhere is not taken.
RC_GTEST_FIXTURE_PROP(Signed, NoByteCanBeChanged, ()) {
  std::string jws = apple.sign(payload());
  const auto at = *rc::gen::inRange<std::size_t>(0, jws.size());
  const char old = jws[at];
  jws[at] = *rc::gen::suchThat(rc::gen::arbitrary<char>(), [&](char c) { return c != old; });
  RC_ASSERT(!refusal(roots, jws).empty());
}

RC_GTEST_PROP(Jws, WhatIsWrittenIsRead, ()) {
  const auto key = identity::Key::make();
  const auto value = *rc::gen::container<std::string>(rc::gen::inRange<char>(' ', '~'));
  const object claims{{"a", value}, {"b", json::array{1, "x"}}};
  const auto read = read_jws(identity::jwt::write(claims, key, "key-1"));
  RC_ASSERT(read.has_value());
  RC_ASSERT(read->payload == claims);
  RC_ASSERT(read->header.at("kid") == "key-1");
  RC_ASSERT(key.verify(read->signed_, read->signature));
}

}  // namespace
}  // namespace odeon::billing

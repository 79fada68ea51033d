#include "engine/identity/outside.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/crypto.hpp"
#include "engine/identity/fixture_test.hpp"

namespace odeon::identity {
namespace {

using std::chrono::seconds;

const std::string kProjectSecret = "a project's secret of at least 32 bytes";
const std::string kIssuer = "https://project.supabase.test/auth/v1";

struct Project : ::testing::Test {
  json::object claims(std::string subject = "5f1b0a52-3b0e-4b8e-9c58-0d2c3a1f7e11") {
    const auto now = std::chrono::duration_cast<seconds>(shared.clock.now().time_since_epoch()).count();
    return {{"iss", kIssuer}, {"aud", "authenticated"}, {"sub", subject},         {"exp", now + 3600},
            {"iat", now},     {"email", "zoe@x.test"},  {"role", "authenticated"}};
  }
  void serve(std::vector<Key> keys) { node.issuer.document = KeySet(std::move(keys)).jwks(); }
  std::string check(Node& with, const std::string& token) { return code_of(with.outside.check(jwt::read(token))); }
  std::string check(const std::string& token) { return check(node, token); }

  Shared shared;
  Node node{shared, {.supabase = {.url = "https://project.supabase.test/", .jwt_secret = kProjectSecret}}};
  Key key = Key::make();
};

TEST_F(Project, TokensByItsSecretAreTaken) {
  const auto token = jwt::write(claims(), Key::secret(kProjectSecret, "a legacy id"));
  const auto found = run_task(node.outside.check(jwt::read(token)));
  EXPECT_EQ(found.person.issuer, kIssuer);
  EXPECT_EQ(found.person.subject, "5f1b0a52-3b0e-4b8e-9c58-0d2c3a1f7e11");
  EXPECT_EQ(found.person.mail, "zoe@x.test");
  EXPECT_FALSE(found.person.mail_verified);
  EXPECT_TRUE(node.issuer.asked.empty());
  EXPECT_EQ(check(jwt::write(claims(), Key::secret("another secret of at least 32 bytes"))), "INVALID_TOKEN");
}

TEST_F(Project, TokensByItsKeysAreTaken) {
  serve({Key::make(), key});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(check(jwt::write(claims(), key)), "");
  EXPECT_EQ(node.issuer.asked, std::vector<std::string>{kIssuer + "/.well-known/jwks.json"});
  EXPECT_EQ(check(jwt::write(claims(), Key::secret(json::write(*key.public_jwk()), key.id()))), "INVALID_TOKEN");
}

TEST_F(Project, TokensOfOthersAreRefused) {
  serve({key});
  auto with = [&](std::string_view name, json::value value) {
    auto changed = claims();
    changed[name] = std::move(value);
    return changed;
  };
  for (const auto& wrong : {with("iss", "https://evil.test/auth/v1"), with("iss", "https://project.supabase.test"),
                            with("aud", "anon"), with("exp", 1), with("sub", "")}) {
    EXPECT_EQ(check(jwt::write(wrong, key)), "INVALID_TOKEN");
    EXPECT_EQ(check(jwt::write(wrong, Key::secret(kProjectSecret))), "INVALID_TOKEN");
  }
  // A project's public "anon" key is a token as well, of nobody.
  const json::object anon{{"iss", "supabase"}, {"ref", "project"}, {"role", "anon"}, {"exp", 2'000'000'000}};
  EXPECT_EQ(check(jwt::write(anon, Key::secret(kProjectSecret))), "INVALID_TOKEN");
}

TEST_F(Project, ANewKeyIsLookedUpAtMostOnceAMinute) {
  serve({key});
  EXPECT_EQ(check(jwt::write(claims(), key)), "");
  const Key next = Key::make();
  serve({key, next});
  for (int i = 0; i < 10; ++i) EXPECT_EQ(check(jwt::write(claims(), Key::make())), "INVALID_TOKEN");
  EXPECT_EQ(node.issuer.asked.size(), 1U);
  shared.clock.advance(seconds(60));
  EXPECT_EQ(check(jwt::write(claims(), next)), "");
  EXPECT_EQ(node.issuer.asked.size(), 2U);
}

TEST_F(Project, KnownKeysAreGoodWhileTheIssuerIsAway) {
  serve({key});
  EXPECT_EQ(check(jwt::write(claims(), key)), "");
  node.issuer.document.reset();
  shared.clock.advance(seconds(3600));
  EXPECT_EQ(check(jwt::write(claims(), key)), "");
  node.issuer.document = "<html>Sorry</html>";
  shared.clock.advance(seconds(60));
  EXPECT_EQ(check(jwt::write(claims(), key)), "");
  EXPECT_EQ(node.issuer.asked.size(), 3U);
}

TEST_F(Project, AWithdrawnKeyIsNoLongerGoodAfterAWhile) {
  serve({key});
  const auto token = [&] { return jwt::write(claims(), key); };
  EXPECT_EQ(check(token()), "");
  serve({Key::make()});
  shared.clock.advance(seconds(599));
  EXPECT_EQ(check(token()), "");
  shared.clock.advance(seconds(1));
  EXPECT_EQ(check(token()), "INVALID_TOKEN");
}

TEST_F(Project, BeforeItEverAnsweredNobodyIsTurnedAwayForGood) {
  EXPECT_EQ(check(jwt::write(claims(), key)), "ISSUER_UNREACHABLE");
  EXPECT_EQ(check(jwt::write(claims(), key)), "ISSUER_UNREACHABLE");
  EXPECT_EQ(node.issuer.asked.size(), 1U);
  serve({key});
  shared.clock.advance(seconds(5));
  EXPECT_EQ(check(jwt::write(claims(), key)), "");
}

TEST_F(Project, ManyAtOnceAskOnce) {
  serve({key});
  run_task([](Node& node, std::string token) -> Task<> {
    std::vector<Task<OutsideTokens::Claims>> all;
    for (int i = 0; i < 20; ++i) all.push_back(node.outside.check(jwt::read(token)));
    EXPECT_EQ((co_await all_of(std::move(all))).size(), 20U);
  }(node, jwt::write(claims(), key)));
  EXPECT_EQ(node.issuer.asked.size(), 1U);
}

TEST_F(Project, MailIsVerifiedOnlyWhereTheIssuerSaysSo) {
  auto verified = [&](json::object more) {
    auto all = claims();
    for (auto& [name, value] : more) all[name] = value;
    const auto token = jwt::write(all, Key::secret(kProjectSecret));
    return run_task(node.outside.check(jwt::read(token))).person.mail_verified;
  };
  EXPECT_TRUE(verified({{"email_verified", true}}));
  EXPECT_TRUE(verified({{"app_metadata", json::object{{"email_verified", true}}}}));
  EXPECT_FALSE(verified({{"email_verified", "true"}}));
  // Anyone can write this about themselves.
  EXPECT_FALSE(verified({{"user_metadata", json::object{{"email_verified", true}}}}));
}

TEST_F(Project, WithoutAnAddressTheSecretVouches) {
  Node secret_only(shared, {.supabase = {.jwt_secret = kProjectSecret}});
  EXPECT_EQ(check(secret_only, jwt::write(claims(), Key::secret(kProjectSecret))), "");
  auto anonymous = claims();
  anonymous.erase("iss");
  EXPECT_EQ(check(secret_only, jwt::write(anonymous, Key::secret(kProjectSecret))), "");
  EXPECT_EQ(check(secret_only, jwt::write(claims(), key)), "INVALID_TOKEN");
  Node nothing(shared);
  EXPECT_EQ(check(nothing, jwt::write(claims(), Key::secret(kProjectSecret))), "INVALID_TOKEN");
  EXPECT_EQ(check(nothing, jwt::write(claims(), key)), "INVALID_TOKEN");
}

}  // namespace
}  // namespace odeon::identity

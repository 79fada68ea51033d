// ID tokens of Firebase, Clerk and others, and what forgers would try.
#include "engine/identity/id_tokens.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/crypto.hpp"
#include "engine/identity/fixture_test.hpp"
#include "engine/identity/rsa_test.hpp"

namespace odeon::identity {
namespace {

using json::array, json::object;

constexpr const char* kClerk = "https://clerk.odeon.test";
constexpr const char* kOpen = "https://login.odeon.test/realm";
constexpr const char* kFirebase = "https://securetoken.google.com/odeon-1";

struct IdTokenTest : ::testing::Test {
  IdTokenTest() {
    const auto keys = KeySet({key, rsa}).jwks();
    pages["https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com"] = keys;
    pages[std::string(kClerk) + "/.well-known/jwks.json"] = keys;
    pages[std::string(kOpen) + "/.well-known/openid-configuration"] =
        json::write(object{{"issuer", kOpen},
                           {"authorization_endpoint", std::string(kOpen) + "/auth"},
                           {"token_endpoint", std::string(kOpen) + "/token"},
                           {"jwks_uri", "https://keys.odeon.test/jwks"}});
    pages["https://keys.odeon.test/jwks"] = keys;
  }
  Task<std::string> fetch(std::string url) {
    ++asked;
    const auto found = pages.find(url);
    if (found == pages.end()) throw Error(Fault::unavailable, "AWAY", "There is no one.");
    co_return found->second;
  }
  std::unique_ptr<IdTokens> taking(std::vector<IdIssuer> issuers) {
    return std::make_unique<IdTokens>(
        std::move(issuers), [this](this auto, std::string url) { return fetch(std::move(url)); }, *coordination, clock,
        log);
  }
  std::int64_t now() { return std::chrono::floor<std::chrono::seconds>(clock.now()).time_since_epoch().count(); }

  object firebase() {
    return {{"name", "Ada Lovelace"},
            {"picture", "https://example.com/ada.png"},
            {"iss", kFirebase},
            {"aud", "odeon-1"},
            {"auth_time", now() - 100},
            {"user_id", "ada-1815"},
            {"sub", "ada-1815"},
            {"iat", now()},
            {"exp", now() + 3600},
            {"email", "ada@example.com"},
            {"email_verified", true},
            {"firebase",
             object{{"identities", object{{"email", array{"ada@example.com"}}}}, {"sign_in_provider", "password"}}}};
  }
  object clerk() {
    return {{"azp", "https://app.odeon.test"},
            {"exp", now() + 60},
            {"fva", array{7, -1}},
            {"iat", now()},
            {"iss", kClerk},
            {"nbf", now() - 10},
            {"sid", "sess_1"},
            {"sts", "active"},
            {"sub", "user_1815"},
            {"v", 2}};
  }
  object open() { return {{"iss", kOpen}, {"aud", "odeon-id"}, {"sub", "ada"}, {"iat", now()}, {"exp", now() + 300}}; }
  std::string verdict(const std::string& token) { return code_of(tokens->check(token)); }
  std::string verdict(const object& claims) { return verdict(jwt::write(claims, rsa)); }
  template <class Value>
  static object with(object claims, std::string_view name, const Value& value) {
    claims[name] = value;
    return claims;
  }
  static object without(object claims, std::string_view name) {
    claims.erase(name);
    return claims;
  }

  testing::FakeClock clock;
  Log log{Log::Level::off};
  std::unique_ptr<coordination::Coordination> coordination = coordination::open_memory({}, clock);
  std::map<std::string, std::string> pages;
  int asked = 0;
  Key key = Key::make();
  static inline const Key rsa = Key::from_pem(make_rsa_pem());
  std::unique_ptr<IdTokens> tokens = taking(
      {IdIssuer::firebase("odeon-1"), IdIssuer::clerk(std::string(kClerk) + "/"), IdIssuer::openid(kOpen, "odeon-id")});
};

constexpr const char* kInvalid = "INVALID_TOKEN";

TEST_F(IdTokenTest, OfFirebase) {
  const auto claims = run_task(tokens->check(jwt::write(firebase(), rsa)));
  EXPECT_EQ(claims.person.issuer, kFirebase);
  EXPECT_EQ(claims.person.subject, "ada-1815");
  EXPECT_EQ(claims.person.mail, "ada@example.com");
  EXPECT_TRUE(claims.person.mail_verified);
  EXPECT_EQ(claims.name, "Ada Lovelace");
  EXPECT_EQ(claims.picture, "https://example.com/ada.png");
  EXPECT_EQ(claims.expires_at, Instant(std::chrono::seconds(now() + 3600)));
  EXPECT_FALSE(
      run_task(tokens->check(jwt::write(with(firebase(), "email_verified", false), rsa))).person.mail_verified);

  EXPECT_EQ(verdict(with(firebase(), "aud", "another-project")), kInvalid);
  EXPECT_EQ(verdict(with(firebase(), "iss", "https://securetoken.google.com/another-project")), kInvalid);
  EXPECT_EQ(verdict(with(firebase(), "auth_time", now() + 60)), kInvalid);
  EXPECT_EQ(verdict(with(firebase(), "auth_time", "yesterday")), kInvalid);
  EXPECT_EQ(verdict(with(firebase(), "auth_time", -1)), kInvalid);
  EXPECT_EQ(verdict(without(firebase(), "auth_time")), kInvalid);
  EXPECT_EQ(verdict(with(firebase(), "sub", std::string(128, 'a'))), "");
  EXPECT_EQ(verdict(with(firebase(), "sub", std::string(129, 'a'))), kInvalid);
}

TEST_F(IdTokenTest, OfClerk) {
  const auto claims = run_task(tokens->check(jwt::write(clerk(), rsa)));
  EXPECT_EQ(claims.person.issuer, kClerk);
  EXPECT_EQ(claims.person.subject, "user_1815");
  EXPECT_EQ(claims.person.mail, std::nullopt);
  EXPECT_EQ(claims.name, "");
  EXPECT_EQ(verdict(without(clerk(), "azp")), "");
  EXPECT_EQ(verdict(with(clerk(), "sts", "pending")), kInvalid);
  EXPECT_EQ(verdict(with(clerk(), "nbf", now() + 60)), kInvalid);
  // It signs tokens for other applications as well; they name those.
  for (const json::value& audience : {json::value("another-app"), json::value(""), json::value(array{}), json::value()})
    EXPECT_EQ(verdict(with(clerk(), "aud", audience)), kInvalid);

  auto named = IdIssuer::clerk(kClerk);
  named.audience = "odeon-id";
  named.parties = {"https://app.odeon.test"};
  tokens = taking({named});
  EXPECT_EQ(verdict(clerk()), "");
  EXPECT_EQ(verdict(with(clerk(), "aud", "odeon-id")), "");
  EXPECT_EQ(verdict(with(clerk(), "aud", "another-app")), kInvalid);
  EXPECT_EQ(verdict(with(clerk(), "azp", "https://evil.test")), kInvalid);
  EXPECT_EQ(verdict(without(clerk(), "azp")), "");
  const array several{"odeon-id", "another-app"};
  EXPECT_EQ(verdict(with(clerk(), "aud", several)), "");
  EXPECT_EQ(verdict(without(with(clerk(), "aud", several), "azp")), kInvalid);
}

TEST_F(IdTokenTest, OfAnyOpenIdProvider) {
  EXPECT_EQ(run_task(tokens->check(jwt::write(open(), key))).person.subject, "ada");
  EXPECT_EQ(verdict(open()), "");
  EXPECT_EQ(verdict(without(open(), "aud")), kInvalid);
  EXPECT_EQ(verdict(with(open(), "aud", "another-id")), kInvalid);
  EXPECT_EQ(verdict(with(open(), "aud", array{"odeon-id"})), "");
  EXPECT_EQ(verdict(with(open(), "aud", array{"odeon-id", "another-id"})), kInvalid);
  EXPECT_EQ(verdict(with(with(open(), "aud", array{"odeon-id", "another-id"}), "azp", "odeon-id")), "");
  EXPECT_EQ(verdict(with(with(open(), "aud", array{"odeon-id", "another-id"}), "azp", "another-id")), kInvalid);
  // A phone's app has an id of its own and asks for a token for its server.
  EXPECT_EQ(verdict(with(open(), "azp", "odeon-phone")), "");
  // Some write a slash at the end of their name and some do not; people are known by one.
  const auto slashed = with(open(), "iss", std::string(kOpen) + "/");
  EXPECT_EQ(run_task(tokens->check(jwt::write(slashed, rsa))).person.issuer, kOpen);
  EXPECT_THROW(taking({IdIssuer::openid(kOpen, "")}), Error);
  EXPECT_THROW(taking({IdIssuer::firebase("")}), Error);
}

TEST_F(IdTokenTest, NeverForged) {
  auto header = [&](const char* text, const object& claims) {
    const auto token = jwt::write(claims, rsa);
    return crypto::to_base64url(text) + token.substr(token.find('.'));
  };
  for (const auto& claims : {firebase(), clerk(), open()}) {
    const auto who = json::write(claims.at("iss"));
    EXPECT_EQ(verdict(claims), "") << who;
    EXPECT_EQ(verdict(jwt::write(claims, key)), "") << who;
    EXPECT_EQ(verdict(jwt::write(claims, Key::make())), kInvalid) << who;
    EXPECT_EQ(verdict(jwt::write(claims, Key::secret(json::write(*rsa.public_jwk()), rsa.id()))), kInvalid) << who;
    EXPECT_EQ(verdict(header(R"({"alg":"none"})", claims)), kInvalid) << who;
    EXPECT_EQ(verdict(header(R"({"alg":"HS256"})", claims)), kInvalid) << who;
    EXPECT_EQ(verdict(header(R"({"alg":"RS512"})", claims)), kInvalid) << who;
    // The other key's id with this one's algorithm.
    EXPECT_EQ(verdict(header(fmt::format(R"({{"alg":"RS256","kid":"{}"}})", key.id()).c_str(), claims)), kInvalid)
        << who;
    EXPECT_EQ(verdict(with(claims, "exp", now() - 60)), kInvalid) << who;
    EXPECT_EQ(verdict(without(claims, "exp")), kInvalid) << who;
    EXPECT_EQ(verdict(with(claims, "iat", now() + 60)), kInvalid) << who;
    EXPECT_EQ(verdict(with(claims, "sub", "")), kInvalid) << who;
    EXPECT_EQ(verdict(without(claims, "sub")), kInvalid) << who;
    EXPECT_EQ(verdict(with(claims, "iss", std::string(claims.at("iss").as_string()) + "/more")), kInvalid) << who;
    EXPECT_EQ(verdict(with(claims, "iss", "https://evil.test")), kInvalid) << who;
  }
  // One issuer's rules are not another's.
  EXPECT_EQ(verdict(with(clerk(), "iss", kOpen)), kInvalid);
  EXPECT_EQ(verdict(with(open(), "iss", kFirebase)), kInvalid);
}

TEST_F(IdTokenTest, TroublesNobodyWithTokensThatCannotBeTheirs) {
  for (auto claims : {firebase(), clerk(), open()}) {
    EXPECT_EQ(verdict(jwt::write(claims, Key::secret("a secret of theirs"))), kInvalid);
    claims["iss"] = "https://evil.test";
    EXPECT_EQ(verdict(claims), kInvalid);
  }
  EXPECT_EQ(asked, 0);
}

TEST_F(IdTokenTest, WhileTheIssuerIsAwayNobodyIsTurnedAwayForGood) {
  pages.clear();
  for (const auto& claims : {firebase(), clerk(), open()}) EXPECT_EQ(verdict(claims), "ISSUER_UNREACHABLE");
}

TEST_F(IdTokenTest, OfNobody) {
  tokens = taking({});
  EXPECT_FALSE(tokens->knows_any());
  for (const auto& claims : {firebase(), clerk(), open()}) EXPECT_EQ(verdict(claims), kInvalid);
}

RC_GTEST_FIXTURE_PROP(IdTokenTest, OfAnythingElse, ()) {
  auto token = jwt::write(open(), rsa);
  if (*rc::gen::arbitrary<bool>()) {
    token = *rc::gen::arbitrary<std::string>();
  } else {
    // One bit of what is signed, or of the signature.
    auto& letter = token[*rc::gen::inRange<std::size_t>(0, token.size())];
    letter = static_cast<char>(letter ^ (1 << *rc::gen::inRange(0, 8)));
  }
  RC_ASSERT(verdict(token) == kInvalid);
}

}  // namespace
}  // namespace odeon::identity

#include "engine/identity/jwt.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "base/crypto.hpp"
#include "engine/identity/rsa_test.hpp"
#include "engine/identity/strict_json.hpp"

namespace odeon::identity {
namespace {

constexpr Instant kNow{std::chrono::seconds(1'795'159'800)};
const jwt::Expected kExpected{.issuer = "https://issuer.test", .audience = "authenticated"};

json::object claims() {
  return {{"iss", "https://issuer.test"}, {"aud", "authenticated"}, {"sub", "ada"}, {"exp", 1'795'160'000}};
}

const Key& rsa() {
  static const Key key = Key::from_pem(make_rsa_pem());
  return key;
}
const Key& curve() {
  static const Key key = Key::make();
  return key;
}
const Key& secret() {
  static const Key key = Key::secret("a secret of at least thirty-two bytes");
  return key;
}
KeySet all_keys() {
  return KeySet({secret(), rsa(), curve()});
}

struct Member {
  std::string_view name;
  json::value value;
};

std::string encoded(const json::value& part) {
  return crypto::to_base64url(json::write(part));
}
// A token with whatever header and claims, signed by `key`.
std::string forged(const json::value& header, const json::value& payload, const Key& key) {
  const std::string signed_part = encoded(header) + "." + encoded(payload);
  return signed_part + "." + crypto::to_base64url(key.sign(signed_part));
}

bool passes(const std::string& token, const KeySet& keys, Instant now = kNow) {
  try {
    jwt::check(jwt::read(token), keys, kExpected, now);
    return true;
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, Fault::unauthenticated);
    EXPECT_EQ(error.code, "INVALID_TOKEN");
    EXPECT_EQ(error.message, "This token is not valid. Sign in again.");
    return false;
  }
}
bool passes(const json::object& payload, Instant now = kNow) {
  return passes(jwt::write(payload, secret()), all_keys(), now);
}
json::object with(std::string_view name, json::value value) {
  auto changed = claims();
  changed[name] = std::move(value);
  return changed;
}

TEST(Jwt, IsSignedAndVerifiedByEachAlgorithm) {
  for (const Key& key : {secret(), rsa(), curve()}) {
    const auto token = jwt::write(claims(), key);
    EXPECT_TRUE(passes(token, all_keys())) << token;
    EXPECT_TRUE(passes(token, KeySet({key})));
    EXPECT_EQ(jwt::read(token).claims, claims());
    EXPECT_EQ(jwt::expiry(jwt::read(token)), Instant(std::chrono::seconds(1'795'160'000)));
  }
  EXPECT_FALSE(passes(jwt::write(claims(), secret()), KeySet({Key::secret("another secret of 32 bytes or more")})));
  EXPECT_FALSE(passes(jwt::write(claims(), Key::make()), all_keys()));
}

TEST(Jwt, HoldsForItsTimeAndALittleMore) {
  const Instant end(std::chrono::seconds(1'795'160'000));
  EXPECT_TRUE(passes(claims(), end + std::chrono::seconds(9)));
  EXPECT_FALSE(passes(claims(), end + std::chrono::seconds(10)));
  EXPECT_TRUE(passes(with("nbf", 1'795'159'810)));
  EXPECT_FALSE(passes(with("nbf", 1'795'159'811)));
  EXPECT_FALSE(passes(with("iat", 1'795'160'000)));
  EXPECT_TRUE(passes(with("exp", 1'795'160'000.5)));
}

TEST(Jwt, RefusesClaimsThatAreNotForUs) {
  for (const auto& [name, value] : std::vector<Member>{{"iss", "https://issuer.test/"},
                                                       {"iss", nullptr},
                                                       {"iss", json::array{"https://issuer.test"}},
                                                       {"aud", "anon"},
                                                       {"aud", json::array{"anon"}},
                                                       {"aud", nullptr},
                                                       {"aud", json::array{}},
                                                       {"exp", "1795160000"},
                                                       {"exp", nullptr},
                                                       {"exp", -1},
                                                       {"exp", 1e300},
                                                       {"nbf", "0"},
                                                       {"nbf", true},
                                                       {"iat", json::array{}},
                                                       {"sub", ""},
                                                       {"sub", 7},
                                                       {"sub", boost::json::string(256, 'a')}})
    EXPECT_FALSE(passes(with(name, value))) << name << json::write(value);
  for (const auto* name : {"iss", "aud", "exp", "sub"}) {
    auto without = claims();
    without.erase(name);
    EXPECT_FALSE(passes(without)) << name;
  }
  EXPECT_TRUE(passes(with("aud", json::array{"other", "authenticated"})));
}

TEST(Jwt, RefusesHeadersThatTrick) {
  const auto header = [](json::object more) {
    json::object all{{"alg", "HS256"}, {"typ", "JWT"}};
    for (auto& [name, value] : more) all[name] = value;
    return all;
  };
  EXPECT_TRUE(passes(forged(header({}), claims(), secret()), all_keys()));
  EXPECT_TRUE(passes(forged(header({{"kid", "any"}, {"typ", "at+JWT"}}), claims(), secret()), all_keys()));
  for (const auto& more : std::initializer_list<json::object>{{{"alg", "none"}},
                                                              {{"alg", "None"}},
                                                              {{"alg", "hs256"}},
                                                              {{"alg", "HS512"}},
                                                              {{"alg", ""}},
                                                              {{"alg", nullptr}},
                                                              {{"alg", json::array{"HS256"}}},
                                                              {{"crit", json::array{"exp"}}},
                                                              {{"crit", json::array{}}},
                                                              {{"b64", false}},
                                                              {{"zip", "DEF"}},
                                                              {{"typ", "JWE"}},
                                                              {{"typ", 1}},
                                                              {{"kid", 1}},
                                                              {{"kid", boost::json::string(257, 'k')}}})
    EXPECT_FALSE(passes(forged(header(more), claims(), secret()), all_keys())) << json::write(more);
  const std::string unsigned_token = encoded(json::object{{"alg", "none"}}) + "." + encoded(claims()) + ".";
  EXPECT_FALSE(passes(unsigned_token, all_keys()));
  // A key that the token brings along is never looked at.
  const Key own = Key::make();
  EXPECT_FALSE(passes(forged({{"alg", "ES256"}, {"jwk", *own.public_jwk()}}, claims(), own), all_keys()));
}

// The public key is known to all, so it must never serve as the secret of HS256.
TEST(Jwt, CannotBeSignedWithAPublicKeyAsSecret) {
  for (const Key& key : {rsa(), curve()}) {
    const auto published = json::write(*key.public_jwk());
    for (const auto& bytes : {published, key.public_jwk()->begin()->value().as_string().c_str() + std::string()}) {
      const Key confused = Key::secret(bytes, key.id());
      EXPECT_FALSE(passes(jwt::write(claims(), confused), KeySet({key})));
    }
  }
  EXPECT_FALSE(passes(forged({{"alg", "ES256"}, {"kid", rsa().id()}}, claims(), curve()), KeySet({rsa()})));
}

TEST(Jwt, IsWrittenInOneWayOnly) {
  const auto token = jwt::write(claims(), secret());
  const auto parts = text::split(token, '.');
  ASSERT_EQ(parts.size(), 3U);
  const std::string head(parts[0]), body(parts[1]), signature(parts[2]);
  // 32 bytes leave two bits of the last character unused: others of them mean the same bytes.
  std::string stray = token;
  stray.back() = static_cast<char>(stray.back() + 1);
  for (const auto& odd :
       {token + "=", token + ".", "." + token, " " + token, token + "\n", head + "." + body, head + "." + body + ".",
        head + ".." + signature, std::string(), std::string(".."), std::string("..."), token + token,
        head + "\n." + body + "." + signature, stray, std::string(jwt::kMaxBytes + 1, 'A')})
    EXPECT_FALSE(passes(odd, all_keys())) << odd;
}

TEST(Jwt, RefusesAMemberTwice) {
  auto raw = [](std::string head, std::string payload) {
    const std::string part = crypto::to_base64url(head) + "." + crypto::to_base64url(payload);
    return part + "." + crypto::to_base64url(secret().sign(part));
  };
  const std::string head = R"({"alg":"HS256"})", rest = R"("aud":"authenticated","sub":"ada","exp":1795160000)";
  const std::string issuer = R"("iss":"https://issuer.test",)";
  EXPECT_TRUE(passes(raw(head, "{" + issuer + rest + "}"), all_keys()));
  EXPECT_FALSE(passes(raw(head, "{" + issuer + rest + R"(,"sub":"eve"})"), all_keys()));
  EXPECT_FALSE(passes(raw(head, "{" + issuer + rest + R"(,"s\u0075b":"eve"})"), all_keys()));
  EXPECT_FALSE(passes(raw(head, "{" + issuer + rest + R"(,"a":[{"b":1,"b":1}]})"), all_keys()));
  EXPECT_FALSE(passes(raw(R"({"alg":"none","alg":"HS256"})", "{" + issuer + rest + "}"), all_keys()));
  EXPECT_FALSE(passes(raw(head, "{" + issuer + rest +
                                    "} "
                                    "x"),
                      all_keys()));
  EXPECT_FALSE(passes(raw(head, "[]"), all_keys()));
  EXPECT_FALSE(passes(raw(head, std::string(40, '[')), all_keys()));
  EXPECT_FALSE(passes(raw(head, "{" + issuer + rest + ",\"x\":\"\xFF\"}"), all_keys()));
}

RC_GTEST_PROP(Jwt, AnyChangeBreaksIt, ()) {
  const Key& key = *rc::gen::elementOf(std::vector<Key>{secret(), rsa(), curve()});
  std::string token = jwt::write(claims(), key);
  const auto original = token;
  switch (*rc::gen::inRange(0, 4)) {
    case 0:  // another character
      token[*rc::gen::inRange<std::size_t>(0, token.size())] =
          *rc::gen::elementOf(std::string("ABCxyz019-_.=+/ \n\0%", 20));
      break;
    case 1:
      token.resize(*rc::gen::inRange<std::size_t>(0, token.size()));
      break;
    case 2:
      token.insert(*rc::gen::inRange<std::size_t>(0, token.size() + 1), 1, *rc::gen::elementOf(std::string("Az0_.")));
      break;
    case 3: {
      const auto from = *rc::gen::inRange<std::size_t>(0, token.size());
      token.erase(from, *rc::gen::inRange<std::size_t>(1, 9));
      break;
    }
  }
  RC_PRE(token != original);
  RC_ASSERT(!passes(token, all_keys()));
}

RC_GTEST_PROP(Jwt, GarbageIsRefusedQuietly, (std::string junk)) {
  RC_ASSERT(!passes(junk, all_keys()));
  RC_ASSERT(!passes(crypto::to_base64url(junk) + "." + crypto::to_base64url(junk) + ".AA", all_keys()));
}

RC_GTEST_PROP(StrictJson, TakesWhatWasWrittenOnce, (std::map<std::string, int> members)) {
  std::string text = "{";
  for (const auto& [name, value] : members) {
    if (text.size() > 1) text += ',';
    json::append_quoted(text, text::to_valid_utf8(name));
    text += ':' + std::to_string(value);
  }
  std::set<std::string> names;
  for (const auto& [name, value] : members) names.insert(text::to_valid_utf8(name));
  const auto parsed = parse_strictly(text + "}");
  RC_ASSERT(parsed.has_value() == (names.size() == members.size()));
  if (members.empty() || !parsed) return;
  text += ',';
  json::append_quoted(text, *names.begin());
  RC_ASSERT(!parse_strictly(text + ":0}"));
}

}  // namespace
}  // namespace odeon::identity

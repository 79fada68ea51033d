#include "engine/identity/keys.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/crypto.hpp"
#include "base/error.hpp"

namespace odeon::identity {
namespace {

json::object jwk_of(const Key& key) {
  return key.public_jwk().value();
}
json::object jwk_with(json::object jwk, std::string_view name, json::value value) {
  jwk[name] = std::move(value);
  return jwk;
}

struct KeyMember {
  std::string_view name;
  json::value value;
};

// The example of RFC 7517 §A.1.
const json::object kExample = {{"kty", "EC"},
                               {"crv", "P-256"},
                               {"x", "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"},
                               {"y", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"},
                               {"kid", "1"}};

TEST(Keys, ReadThePublicHalfThatTheyShow) {
  const Key key = Key::make();
  const auto shown = Key::from_jwk(jwk_of(key));
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->id(), key.id());
  EXPECT_EQ(shown->algorithm(), Algorithm::ES256);
  EXPECT_EQ(jwk_of(*shown), jwk_of(key));
  EXPECT_TRUE(shown->verify("text", key.sign("text")));
  EXPECT_FALSE(shown->verify("other", key.sign("text")));
  EXPECT_THROW(static_cast<void>(shown->sign("text")), std::logic_error);
  EXPECT_FALSE(json::write(jwk_of(key)).contains("\"d\""));
}

TEST(Keys, SurviveTheirPem) {
  const Key key = Key::make();
  const Key again = Key::from_pem(key.private_pem());
  EXPECT_EQ(again.id(), key.id());
  EXPECT_TRUE(key.verify("text", again.sign("text")));
  EXPECT_THROW(Key::from_pem("junk"), Error);
  EXPECT_THROW(Key::from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), Error);
}

TEST(Keys, OfUnknownShapeAreLeftOut) {
  EXPECT_TRUE(Key::from_jwk(kExample));
  EXPECT_TRUE(Key::from_jwk(jwk_with(kExample, "use", "sig")));
  EXPECT_TRUE(Key::from_jwk(jwk_with(kExample, "key_ops", json::array{"verify"})));
  EXPECT_TRUE(Key::from_jwk(jwk_with(kExample, "alg", "ES256")));
  for (const auto& [name, value] : std::vector<KeyMember>{{"kty", "oct"},
                                                          {"kty", 1},
                                                          {"kty", "OKP"},
                                                          {"kty", "RSA"},
                                                          {"crv", "P-384"},
                                                          {"crv", "secp256k1"},
                                                          {"x", "AAAA"},
                                                          {"x", 1},
                                                          {"x", "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4="},
                                                          {"y", "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"},
                                                          {"use", "enc"},
                                                          {"key_ops", json::array{"sign"}},
                                                          {"key_ops", "verify"},
                                                          {"alg", "RS256"},
                                                          {"alg", "none"},
                                                          {"kid", boost::json::string(300, 'k')}})
    EXPECT_FALSE(Key::from_jwk(jwk_with(kExample, name, value))) << name << json::write(value);
  // A symmetric key has no place in a public document.
  EXPECT_FALSE(Key::from_jwk({{"kty", "oct"}, {"k", crypto::to_base64url(std::string(32, 'k'))}, {"alg", "HS256"}}));
}

TEST(Keys, OfRsaAreNotWeak) {
  const auto n = [](std::size_t bytes) { return crypto::to_base64url("\xC1" + std::string(bytes - 1, '\x35')); };
  for (const auto& [modulus, exponent] :
       std::vector<std::pair<std::string, std::string>>{{n(128), "AQAB"},
                                                        {n(1025), "AQAB"},
                                                        {n(256), "AQ"},
                                                        {n(256), "AQAA"},
                                                        {n(256), ""},
                                                        {"", "AQAB"},
                                                        {n(256), crypto::to_base64url(std::string(9, '\x03'))}})
    EXPECT_FALSE(Key::from_jwk({{"kty", "RSA"}, {"n", modulus}, {"e", exponent}})) << modulus.size() << exponent;
}

TEST(KeySets, AreReadFromWhatIssuersServe) {
  const Key key = Key::make();
  json::object document{{"keys", json::array{json::object{{"kty", "oct"}, {"k", "AAAA"}}, 7, jwk_of(key), kExample}}};
  const auto set = KeySet::from_jwks(json::write(document));
  EXPECT_TRUE(set.knows(Algorithm::ES256, key.id()));
  EXPECT_TRUE(set.knows(Algorithm::ES256, "1"));
  EXPECT_FALSE(set.knows(Algorithm::ES256, "2"));
  EXPECT_FALSE(set.knows(Algorithm::RS256, ""));
  EXPECT_TRUE(set.verify(Algorithm::ES256, key.id(), "text", key.sign("text")));
  EXPECT_TRUE(set.verify(Algorithm::ES256, "", "text", key.sign("text")));
  EXPECT_FALSE(set.verify(Algorithm::ES256, "1", "text", key.sign("text")));
  EXPECT_EQ(json::parse(set.jwks()).at("keys").as_array().size(), 2U);
  EXPECT_EQ(json::parse(KeySet({Key::secret("never shown")}).jwks()).at("keys").as_array().size(), 0U);
}

TEST(KeySets, RefuseWhatIsNoDocument) {
  json::array many(65, kExample);
  for (const auto& text : {std::string(), std::string("{}"), std::string("[]"), std::string(R"({"keys":{}})"),
                           std::string("<html>"), json::write(json::object{{"keys", many}})})
    EXPECT_THROW(KeySet::from_jwks(text), Error) << text.substr(0, 20);
}

RC_GTEST_PROP(KeySets, TakeAnyBytesWithoutHarm, (std::string junk, std::map<std::string, std::string> members)) {
  try {
    static_cast<void>(KeySet::from_jwks(junk));
  } catch (const Error& error) {
    RC_ASSERT(error.fault == Fault::upstream);
  }
  json::object jwk = kExample;
  for (const auto& [name, value] : members) jwk[text::to_valid_utf8(name)] = text::to_valid_utf8(value);
  jwk[*rc::gen::elementOf(std::vector<std::string>{"x", "y", "crv", "kty"})] = text::to_valid_utf8(junk);
  RC_ASSERT(!Key::from_jwk(jwk));
}

RC_GTEST_PROP(Keys, VerifyWhatTheySignedAlone, (std::string bytes, std::string signature)) {
  static const Key key = Key::make();
  std::string good = key.sign(bytes);
  RC_ASSERT(good.size() == 64U);
  RC_ASSERT(key.verify(bytes, good));
  RC_ASSERT(!key.verify(bytes, signature));
  RC_ASSERT(!key.verify(bytes + "x", good));
  good[*rc::gen::inRange<std::size_t>(0, good.size())] ^= static_cast<char>(*rc::gen::inRange(1, 128));
  RC_ASSERT(!key.verify(bytes, good));
}

}  // namespace
}  // namespace odeon::identity

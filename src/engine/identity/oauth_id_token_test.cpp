// Providers with ID tokens, in their wire shapes and with their faults, and what forgers would try.
#include "engine/identity/oauth_fixture_test.hpp"
#include "engine/identity/rsa_test.hpp"

namespace odeon::identity {
namespace {

using json::array, json::object;

struct SignedInByIdToken : SignInsByOthers {
  SignedInByIdToken() { publish(server.url()); }
  void publish(const std::string& issuer) { server.publish(issuer, KeySet({key})); }
  std::int64_t now() { return std::chrono::floor<std::chrono::seconds>(shared.clock.now()).time_since_epoch().count(); }

  // As the provider makes them for whom it was sent.
  object claims(const Sent& sent) {
    return {{"iss", server.url()},
            {"aud", "odeon-id"},
            {"azp", "odeon-id"},
            {"sub", "ada-1815"},
            {"iat", now()},
            {"exp", now() + 3600},
            {"nonce", sent.parameters.at("nonce")},
            {"at_hash", half_hash("access-1")},
            {"email", "ada@example.com"},
            {"email_verified", true},
            {"name", "Ada Lovelace"},
            {"picture", "https://example.com/ada.png"}};
  }
  static std::string half_hash(std::string_view token) {
    return crypto::to_base64url(crypto::sha256(token).substr(0, 16));
  }
  void give(std::string id_token) {
    server.say("/token", 200,
               object{{"access_token", "access-1"},
                      {"token_type", "Bearer"},
                      {"expires_in", 3599},
                      {"refresh_token", "refresh-1"},
                      {"scope", "openid email profile"},
                      {"id_token", std::move(id_token)}});
  }
  void give(const object& claims) { give(jwt::write(claims, key)); }
  OAuth::Finished in_and_out(void (*change)(object& claims) = [](object&) {}) {
    const auto sent = send();
    auto all = claims(sent);
    change(all);
    give(all);
    return finish(sent);
  }

  Key key = Key::make();
};

TEST_F(SignedInByIdToken, Google) {
  know("google");
  const auto sent = send();
  EXPECT_TRUE(sent.started.url.starts_with(server.url() + "/authorize?")) << sent.started.url;
  EXPECT_FALSE(sent.started.comes_back_by_post);
  EXPECT_FALSE(sent.parameters.contains("access_type"));
  give(claims(sent));
  const auto finished = finish(sent);
  EXPECT_EQ(finished.person.issuer, server.url());
  EXPECT_EQ(finished.person.subject, "ada-1815");
  EXPECT_EQ(finished.person.mail, "ada@example.com");
  EXPECT_TRUE(finished.person.mail_verified);
  EXPECT_EQ(finished.name, "Ada Lovelace");
  EXPECT_EQ(finished.picture, "https://example.com/ada.png");
  EXPECT_EQ(finished.tokens.refresh, "refresh-1");
  EXPECT_EQ(finished.tokens.expires_at, shared.clock.now() + std::chrono::seconds(3599));

  // To connect a channel of theirs takes a token that lasts.
  const auto more = send({"https://www.googleapis.com/auth/youtube.readonly"});
  EXPECT_EQ(more.parameters.at("scope"), "openid email profile https://www.googleapis.com/auth/youtube.readonly");
  EXPECT_EQ(more.parameters.at("access_type"), "offline");
  EXPECT_EQ(more.parameters.at("prompt"), "consent");
}

TEST_F(SignedInByIdToken, Twitch) {
  know("twitch");
  const auto sent = send();
  EXPECT_EQ(
      json::parse(sent.parameters.at("claims")),
      json::parse(R"({"id_token":{"email":null,"email_verified":null,"picture":null,"preferred_username":null}})"));
  server.say("/token", 200,
             object{{"access_token", "access-1"},
                    {"expires_in", 14124},
                    {"id_token", jwt::write(object{{"aud", "odeon-id"},
                                                   {"exp", now() + 900},
                                                   {"iat", now()},
                                                   {"iss", server.url()},
                                                   {"sub", "713936733"},
                                                   {"azp", "odeon-id"},
                                                   {"nonce", sent.parameters.at("nonce")},
                                                   {"at_hash", half_hash("access-1")},
                                                   {"preferred_username", "ada_streams"},
                                                   {"email", "ada@example.com"},
                                                   {"email_verified", false}},
                                            key)},
                    {"refresh_token", "refresh-1"},
                    {"scope", array{"openid", "user:read:email"}},
                    {"token_type", "bearer"}});
  const auto finished = finish(sent);
  EXPECT_EQ(finished.person.subject, "713936733");
  EXPECT_FALSE(finished.person.mail_verified);
  EXPECT_EQ(finished.name, "ada_streams");
  EXPECT_EQ(finished.tokens.scopes, (std::vector<std::string>{"openid", "user:read:email"}));

  server.say("/token", 400, object{{"status", 400}, {"message", "Invalid authorization code"}});
  EXPECT_EQ(fault_of(send()), kStartAgain);
  server.say("/token", 403, object{{"status", 403}, {"message", "invalid client secret"}});
  EXPECT_EQ(fault_of(send()), kProviderFault);
}

TEST_F(SignedInByIdToken, Apple) {
  know("apple");
  const auto sent = send();
  EXPECT_TRUE(sent.started.comes_back_by_post);
  EXPECT_EQ(sent.parameters.at("response_mode"), "form_post");
  // Its tokens may have another name for it; people are known by one.
  auto all = claims(sent);
  all["iss"] = "https://account.apple.com";
  all["email_verified"] = "true";
  for (const char* name : {"azp", "name", "picture"}) all.erase(name);
  give(all);
  auto callback = sent.back("apple");
  callback.user = R"({"name":{"firstName":"Ada","lastName":"Lovelace"},"email":"forged@example.com"})";
  const auto finished = run_task(oauth->finish(callback));
  EXPECT_EQ(finished.person.issuer, server.url());
  EXPECT_EQ(finished.person.mail, "ada@example.com");
  EXPECT_TRUE(finished.person.mail_verified);
  EXPECT_EQ(finished.name, "Ada Lovelace");

  // The secret is a token that Apple can check by the key that it has.
  const auto form = server.asked("/token").at(0).form;
  const auto secret = jwt::read(form.at("client_secret"));
  auto known = apple_key.public_jwk().value();
  known["kid"] = "KEY1234567";
  jwt::check(secret, KeySet({Key::from_jwk(known).value()}), {.issuer = "TEAM123456", .audience = server.url()},
             shared.clock.now());
  EXPECT_EQ(secret.algorithm, Algorithm::ES256);
  EXPECT_EQ(jwt::text_claim(secret.claims, "sub"), "odeon-id");
  EXPECT_LE(jwt::expiry(secret), shared.clock.now() + std::chrono::minutes(10));
}

TEST_F(SignedInByIdToken, ApplesNoticeOfAnotherIssuerNameIsItsOwn) {
  publish("https://account.apple.com");
  know("apple");
  EXPECT_EQ(in_and_out().person.issuer, server.url());
}

TEST_F(SignedInByIdToken, BySomeoneWithoutAName) {
  know("apple");
  for (const char* user : {"", "null", "{}", "{\"name\":7}", "{\"name\":{\"firstName\":[]}}", "<script>"}) {
    const auto sent = send();
    auto all = claims(sent);
    all.erase("name");
    give(all);
    auto callback = sent.back("apple");
    callback.user = user;
    EXPECT_EQ(run_task(oauth->finish(callback)).name, "") << user;
  }
}

TEST_F(SignedInByIdToken, ByMailThatTheIssuerVouchesForOnly) {
  know("google");
  EXPECT_TRUE(in_and_out([](object& c) { c["email_verified"] = "true"; }).person.mail_verified);
  EXPECT_FALSE(in_and_out([](object& c) { c["email_verified"] = "false"; }).person.mail_verified);
  EXPECT_FALSE(in_and_out([](object& c) { c["email_verified"] = 1; }).person.mail_verified);
  EXPECT_FALSE(in_and_out([](object& c) { c.erase("email_verified"); }).person.mail_verified);
  const auto nobody = in_and_out([](object& c) { c.erase("email"); }).person;
  EXPECT_EQ(nobody.mail, std::nullopt);
  EXPECT_FALSE(nobody.mail_verified);
}

TEST_F(SignedInByIdToken, NotByATokenThatIsNotForUs) {
  struct Case {
    const char* what;
    std::string wanted;
    void (*change)(object& claims);
  };
  const std::vector<Case> cases{
      {"another issuer", kProviderFault, [](object& c) { c["iss"] = "https://evil.test"; }},
      {"no issuer", kProviderFault, [](object& c) { c.erase("iss"); }},
      {"another audience", kProviderFault, [](object& c) { c["aud"] = "another-id"; }},
      {"others' audiences", kProviderFault, [](object& c) { c["aud"] = array{"a", "b"}; }},
      {"no audience", kProviderFault, [](object& c) { c.erase("aud"); }},
      {"another party", kProviderFault, [](object& c) { c["azp"] = "another-id"; }},
      {"a party of another kind", kProviderFault, [](object& c) { c["azp"] = 7; }},
      {"several audiences and no party", kProviderFault,
       [](object& c) {
         c["aud"] = array{"odeon-id", "another-id"};
         c.erase("azp");
       }},
      {"several audiences", "", [](object& c) { c["aud"] = array{"odeon-id", "another-id"}; }},
      {"one audience in a list and no party", "",
       [](object& c) {
         c["aud"] = array{"odeon-id"};
         c.erase("azp");
       }},
      {"expired", kProviderFault, [](object& c) { c["exp"] = c.at("iat").as_int64() - 60; }},
      {"without end", kProviderFault, [](object& c) { c.erase("exp"); }},
      {"from the future", kProviderFault, [](object& c) { c["iat"] = c.at("iat").as_int64() + 600; }},
      {"of nobody", kProviderFault, [](object& c) { c["sub"] = ""; }},
      {"for another access token", kProviderFault, [](object& c) { c["at_hash"] = half_hash("access-2"); }},
      {"a hash of another kind", kProviderFault, [](object& c) { c["at_hash"] = true; }},
      {"without a hash", "", [](object& c) { c.erase("at_hash"); }},
      {"another nonce", kStartAgain, [](object& c) { c["nonce"] = std::string(43, 'A'); }},
      {"no nonce", kStartAgain, [](object& c) { c.erase("nonce"); }},
      {"a nonce of another kind", kStartAgain, [](object& c) { c["nonce"] = array{}; }},
  };
  know("google");
  for (const auto& one : cases) {
    const auto sent = send();
    auto all = claims(sent);
    one.change(all);
    give(all);
    EXPECT_EQ(fault_of(sent), one.wanted) << one.what;
  }
}

TEST_F(SignedInByIdToken, NotByOneThatIsForged) {
  const Key rsa = Key::from_pem(make_rsa_pem());
  server.publish(server.url(), KeySet({key, rsa}));
  know("google");
  auto unsigned_token = [](const object& claims) {
    return crypto::to_base64url(R"({"alg":"none","typ":"JWT"})") + "." + crypto::to_base64url(json::write(claims)) +
           ".";
  };
  auto tampered = [&](const object& claims) {
    auto other = claims;
    other["sub"] = "someone-else";
    const auto token = jwt::write(claims, key), forged = jwt::write(other, key);
    return forged.substr(0, forged.rfind('.')) + token.substr(token.rfind('.'));
  };
  const std::vector<std::pair<const char*, std::function<std::string(const object&)>>> cases{
      {"not signed", unsigned_token},
      {"another's key", [](const object& c) { return jwt::write(c, Key::make()); }},
      {"the public key as a secret",
       [&](const object& c) { return jwt::write(c, Key::secret(json::write(*rsa.public_jwk()), rsa.id())); }},
      {"the client secret, which a provider might use",
       [](const object& c) { return jwt::write(c, Key::secret("odeon-secret")); }},
      {"changed after it was signed", tampered},
      {"no token", [](const object&) { return "a.b.c"; }},
      {"nothing", [](const object&) { return ""; }},
  };
  for (const auto& [what, forge] : cases) {
    const auto sent = send();
    give(forge(claims(sent)));
    EXPECT_EQ(fault_of(sent), kProviderFault) << what;
  }
  const auto sent = send();
  give(jwt::write(claims(sent), rsa));
  EXPECT_EQ(fault_of(sent), "");
}

TEST_F(SignedInByIdToken, ByAnIssuerThatIsItself) {
  know("google");
  auto begun = [&] { return code_of(oauth->start({.provider = "google", .product = "studio"})); };
  publish("https://evil.test");
  EXPECT_EQ(begun(), "OAUTH_PROVIDER_FAULT");
  server.say("/.well-known/openid-configuration", 200, object{{"issuer", server.url()}});
  shared.clock.advance(std::chrono::seconds(6));
  EXPECT_EQ(begun(), "OAUTH_PROVIDER_FAULT");
  server.say_text("/.well-known/openid-configuration", 200, "<html>Sorry</html>");
  shared.clock.advance(std::chrono::seconds(6));
  EXPECT_EQ(begun(), "OAUTH_PROVIDER_FAULT");
  server.say("/.well-known/openid-configuration", 200,
             object{{"issuer", server.url()},
                    {"authorization_endpoint", "javascript:alert(1)"},
                    {"token_endpoint", server.url() + "/token"},
                    {"jwks_uri", server.url() + "/keys"}});
  shared.clock.advance(std::chrono::seconds(6));
  EXPECT_EQ(begun(), "OAUTH_PROVIDER_FAULT");
  server.say_text("/.well-known/openid-configuration", 500, "");
  shared.clock.advance(std::chrono::seconds(6));
  EXPECT_EQ(begun(), "ISSUER_UNREACHABLE");
  publish(server.url());
  EXPECT_EQ(begun(), "");
}

TEST_F(SignedInByIdToken, WhileTheIssuerIsAway) {
  constexpr const char* discovery = "/.well-known/openid-configuration";
  know("google");
  EXPECT_EQ(in_and_out().person.subject, "ada-1815");
  EXPECT_EQ(in_and_out().person.subject, "ada-1815");
  EXPECT_EQ(server.asked(discovery).size(), 1U);
  // What it said holds, and it is asked again once a minute.
  server.say_text(discovery, 500, "");
  shared.clock.advance(std::chrono::hours(1));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(in_and_out().person.subject, "ada-1815");
  EXPECT_EQ(server.asked(discovery).size(), 2U);
  server.publish(server.url(), KeySet({key}));
  shared.clock.advance(std::chrono::minutes(1));
  in_and_out();
  in_and_out();
  EXPECT_EQ(server.asked(discovery).size(), 3U);
  // Without its keys nobody can be let in, but nobody is turned away for good.
  know("google");
  server.say_text("/keys", 500, "");
  shared.clock.advance(std::chrono::seconds(6));
  const auto sent = send();
  give(claims(sent));
  EXPECT_EQ(fault_of(sent), fault(Fault::unavailable, "ISSUER_UNREACHABLE"));
}

}  // namespace
}  // namespace odeon::identity

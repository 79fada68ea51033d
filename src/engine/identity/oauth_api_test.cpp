// Providers without ID tokens, in their wire shapes and with their faults.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/identity/oauth_fixture_test.hpp"

namespace odeon::identity {
namespace {

using json::array, json::object;

struct SignedInByApi : SignInsByOthers {
  // Everything well, as each of them says it.
  void all_well(const std::string& name) {
    if (name == "github") {
      server.say("/login/oauth/access_token", 200,
                 object{{"access_token", "access-1"}, {"scope", "read:user,user:email"}, {"token_type", "bearer"}});
      server.say("/api/v3/user", 200,
                 object{{"login", "ada"},
                        {"id", 1815},
                        {"node_id", "MDQ6VXNlcjE="},
                        {"avatar_url", "https://avatars.githubusercontent.com/u/1815?v=4"},
                        {"type", "User"},
                        {"name", "Ada  Lovelace"},
                        {"email", "public@example.com"}});
      server.say(
          "/api/v3/user/emails", 200,
          array{
              object{{"email", "old@example.com"}, {"primary", false}, {"verified", true}},
              object{{"email", "Ada@Example.com"}, {"primary", true}, {"verified", true}, {"visibility", "private"}}});
    } else if (name == "discord") {
      server.say("/api/oauth2/token", 200,
                 object{{"access_token", "access-1"},
                        {"token_type", "Bearer"},
                        {"expires_in", 604800},
                        {"refresh_token", "refresh-1"},
                        {"scope", "identify email"}});
      server.say("/api/v10/users/@me", 200,
                 object{{"id", "80351110224678912"},
                        {"username", "ada"},
                        {"discriminator", "0"},
                        {"global_name", "Ada Lovelace"},
                        {"avatar", "8342729096ea3675442027381ff50dfe"},
                        {"verified", true},
                        {"email", "ada@example.com"}});
    } else {
      server.say("/v23.0/oauth/access_token", 200,
                 object{{"access_token", "access-1"}, {"token_type", "bearer"}, {"expires_in", 5183944}});
      server.say("/v23.0/me", 200,
                 object{{"id", "10157"},
                        {"name", "Ada Lovelace"},
                        {"email", "ada@example.com"},
                        {"picture", object{{"data", object{{"height", 50},
                                                           {"is_silhouette", false},
                                                           {"url", "https://platform-lookaside.fbsbx.com/ada.jpg"},
                                                           {"width", 50}}}}}});
    }
    know(name);
  }
};

struct Places {
  const char* name;
  const char* token;
  const char* profile;
};
constexpr Places kPlaces[] = {{"github", "/login/oauth/access_token", "/api/v3/user"},
                              {"discord", "/api/oauth2/token", "/api/v10/users/@me"},
                              {"facebook", "/v23.0/oauth/access_token", "/v23.0/me"}};

TEST_F(SignedInByApi, Github) {
  all_well("github");
  const auto finished = finish(send());
  EXPECT_EQ(finished.person.subject, "1815");
  EXPECT_EQ(finished.person.mail, "Ada@Example.com");
  EXPECT_TRUE(finished.person.mail_verified);
  EXPECT_EQ(finished.name, "Ada Lovelace");
  EXPECT_EQ(finished.picture, "https://avatars.githubusercontent.com/u/1815?v=4");
  EXPECT_EQ(finished.tokens.access, "access-1");
  EXPECT_EQ(finished.tokens.refresh, "");
  EXPECT_FALSE(finished.tokens.expires_at);
  EXPECT_EQ(finished.tokens.scopes, (std::vector<std::string>{"read:user", "user:email"}));
  EXPECT_EQ(server.asked("/login/oauth/access_token").at(0).headers.get("Accept"), "application/json");
  for (const char* path : {"/api/v3/user", "/api/v3/user/emails"}) {
    const auto asked = server.asked(path).at(0);
    EXPECT_EQ(asked.headers.get("Authorization"), "Bearer access-1");
    EXPECT_FALSE(asked.headers.get("User-Agent").empty());
  }
}

TEST_F(SignedInByApi, GithubVouchesForOneMailAtMost) {
  all_well("github");
  auto mail_of = [&](unsigned status, const json::value& mails) {
    server.say("/api/v3/user/emails", status, mails);
    const auto person = finish(send()).person;
    EXPECT_EQ(person.mail_verified, person.mail.has_value());
    return person.mail.value_or("none");
  };
  auto mail = [](json::value address, bool primary, bool verified) {
    return array{object{{"email", address}, {"primary", primary}, {"verified", verified}}};
  };
  EXPECT_EQ(mail_of(200, mail("a@x.test", true, true)), "a@x.test");
  EXPECT_EQ(mail_of(200, mail("a@x.test", true, false)), "none");
  EXPECT_EQ(mail_of(200, mail("a@x.test", false, true)), "none");
  EXPECT_EQ(mail_of(200, mail("", true, true)), "none");
  EXPECT_EQ(mail_of(200, mail(7, true, true)), "none");
  EXPECT_EQ(mail_of(200, array{"a@x.test", nullptr}), "none");
  // They did not grant it.
  EXPECT_EQ(mail_of(404, object{{"message", "Not Found"}}), "none");
  EXPECT_EQ(mail_of(403, object{{"message", "Resource not accessible by integration"}}), "none");
  server.say("/api/v3/user/emails", 500, object{});
  EXPECT_EQ(fault_of(send()), kProviderAway);
  server.say("/api/v3/user/emails", 200, object{});
  EXPECT_EQ(fault_of(send()), kProviderFault);
}

TEST_F(SignedInByApi, Discord) {
  all_well("discord");
  const auto finished = finish(send());
  EXPECT_EQ(finished.person.subject, "80351110224678912");
  EXPECT_EQ(finished.person.mail, "ada@example.com");
  EXPECT_TRUE(finished.person.mail_verified);
  EXPECT_EQ(finished.name, "Ada Lovelace");
  EXPECT_EQ(finished.picture,
            "https://cdn.discordapp.com/avatars/80351110224678912/8342729096ea3675442027381ff50dfe.png");
  EXPECT_EQ(finished.tokens.refresh, "refresh-1");
  EXPECT_EQ(finished.tokens.expires_at, shared.clock.now() + std::chrono::hours(7 * 24));

  server.say("/api/v10/users/@me", 200,
             object{{"id", "1"},
                    {"username", "ada"},
                    {"global_name", nullptr},
                    {"avatar", nullptr},
                    {"verified", false},
                    {"email", "ada@example.com"}});
  const auto plain = finish(send());
  EXPECT_EQ(plain.name, "ada");
  EXPECT_EQ(plain.picture, "");
  EXPECT_EQ(plain.person.mail, "ada@example.com");
  EXPECT_FALSE(plain.person.mail_verified);

  server.say("/api/v10/users/@me", 200, object{{"id", "1"}, {"username", "ada"}, {"email", nullptr}});
  EXPECT_EQ(finish(send()).person.mail, std::nullopt);
}

TEST_F(SignedInByApi, FacebookVouchesForNoMail) {
  all_well("facebook");
  const auto finished = finish(send());
  EXPECT_EQ(finished.person.subject, "10157");
  EXPECT_EQ(finished.person.mail, "ada@example.com");
  EXPECT_FALSE(finished.person.mail_verified);
  EXPECT_EQ(finished.picture, "https://platform-lookaside.fbsbx.com/ada.jpg");
  const auto asked = server.asked("/v23.0/me").at(0);
  EXPECT_EQ(asked.query.at("fields"), "id,name,email,picture");
  EXPECT_EQ(asked.query.at("appsecret_proof"), crypto::to_hex(crypto::hmac_sha256("odeon-secret", "access-1")));
  EXPECT_EQ(asked.headers.get("Authorization"), "Bearer access-1");
  EXPECT_FALSE(asked.query.contains("access_token"));

  server.say("/v23.0/me", 200, object{{"id", "10157"}, {"name", "Ada"}});
  EXPECT_EQ(finish(send()).person.mail, std::nullopt);
}

// Each in its own words, the same to whoever signs in.
TEST_F(SignedInByApi, ByACodeThatIsNoLongerGood) {
  const std::map<std::string, std::pair<unsigned, object>> refusals{
      {"github",
       {200,
        {{"error", "bad_verification_code"}, {"error_description", "The code the-code is incorrect or expired."}}}},
      {"discord", {400, {{"error", "invalid_grant"}, {"error_description", "Invalid \"code\" in request."}}}},
      {"facebook",
       {400,
        {{"error", object{{"message", "This authorization code has been used."},
                          {"type", "OAuthException"},
                          {"code", 100},
                          {"error_subcode", 36009},
                          {"fbtrace_id", "A1"}}}}}}};
  for (const auto& at : kPlaces) {
    all_well(at.name);
    const auto& [status, body] = refusals.at(at.name);
    server.say(at.token, status, body);
    EXPECT_EQ(fault_of(send()), kStartAgain) << at.name;
    EXPECT_TRUE(server.asked(at.profile).empty());
  }
}

TEST_F(SignedInByApi, NotWhileTheProviderHasAFault) {
  struct Case {
    const char* what;
    unsigned status;
    const char* body;
    std::string wanted;
  };
  const std::vector<Case> at_token{
      {"away", 500, "", kProviderAway},
      {"a page of what stands before it", 502, "<html>the-code</html>", kProviderAway},
      {"busy", 429, R"({"message":"You are being rate limited.","retry_after":64.57})", kProviderAway},
      {"a page", 200, "<html>Sorry</html>", kProviderFault},
      {"nothing", 200, "", kProviderFault},
      {"not an object", 200, "[]", kProviderFault},
      {"no token", 200, R"({"token_type":"bearer"})", kProviderFault},
      {"an empty token", 200, R"({"access_token":"","token_type":"bearer"})", kProviderFault},
      {"a number", 200, R"({"access_token":7,"token_type":"bearer"})", kProviderFault},
      {"another type", 200, R"({"access_token":"access-1","token_type":"mac"})", kProviderFault},
      {"our own fault", 401, R"({"error":"invalid_client"})", kProviderFault},
      {"our own fault at GitHub", 200, R"({"error":"incorrect_client_credentials"})", kProviderFault},
      {"our own fault at Facebook", 400, R"({"error":{"message":"the-code","code":191}})", kProviderFault},
      {"a fault that repeats what was sent", 400, R"({"error":"the-code access-1"})", kProviderFault},
      {"elsewhere", 302, "", kProviderFault},
  };
  for (const auto& at : kPlaces) {
    for (const auto& one : at_token) {
      all_well(at.name);
      server.say_text(at.token, one.status, one.body);
      EXPECT_EQ(fault_of(send()), one.wanted) << at.name << ": " << one.what;
    }
    const std::vector<Case> at_profile{
        {"away", 503, "{}", kProviderAway},
        {"refused", 401, R"({"message":"Bad credentials","status":"401"})", kProviderFault},
        {"refused as by Facebook", 400, R"({"error":{"message":"Invalid access-1","code":100}})", kProviderFault},
        {"a page", 200, "<html>Hello</html>", kProviderFault},
        {"nobody", 200, "{}", kProviderFault},
        {"an empty id", 200, R"({"id":""})", kProviderFault},
        {"no id at all", 200, R"({"id":0})", kProviderFault},
        {"an id of another kind", 200, R"({"id":{"id":1}})", kProviderFault},
        {"a list", 200, R"([{"id":"1"}])", kProviderFault},
    };
    for (const auto& one : at_profile) {
      all_well(at.name);
      server.say_text(at.profile, one.status, one.body);
      EXPECT_EQ(fault_of(send()), one.wanted) << at.name << ": " << one.what;
    }
  }
}

TEST_F(SignedInByApi, NotByOneThatDoesNotAnswer) {
  time = std::chrono::milliseconds(50);
  all_well("discord");
  const auto sent = send();
  server.say_text("/api/oauth2/token", 0, "");
  EXPECT_EQ(fault_of(sent), kProviderAway);
  auto gone = settings("discord");
  gone.issuer = "http://127.0.0.1:1";
  oauth = make({gone});
  EXPECT_EQ(fault_of(send()), kProviderAway);
  all_well("discord");
  server.say_text("/api/oauth2/token", 200, std::string(300 * 1024, ' '));
  EXPECT_EQ(fault_of(send()), kProviderFault);
}

TEST_F(SignedInByApi, AProviderThatIsBusySaysWhenToComeBack) {
  all_well("discord");
  for (const auto& [header, seconds] : std::map<std::string, int>{{"30", 30}, {"", 5}, {"1", 5}, {"86400", 60}}) {
    server.say_text("/api/oauth2/token", 429, "{}", header);
    try {
      finish(send());
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_EQ(error.retry_after, std::chrono::seconds(seconds));
    }
  }
}

TEST(OAuthWire, ShowsPeopleAsTheyMayBeShown) {
  EXPECT_EQ(shown_name("  Ada\n\tLovelace "), "Ada Lovelace");
  EXPECT_EQ(shown_name(std::string("A\0d\x7f\x1b"
                                   "a",
                                   6)),
            "Ada");
  EXPECT_EQ(text::length(shown_name(std::string(300, 'x'))), 100U);
  EXPECT_EQ(shown_picture("https://x.test/a.png"), "https://x.test/a.png");
  for (const char* address : {"http://x.test/a.png", "javascript:alert(1)", "data:image/png;base64,AA", ""})
    EXPECT_EQ(shown_picture(address), "");
  EXPECT_EQ(shown_picture("https://x.test/" + std::string(3000, 'a')), "");
}

TEST(OAuthWire, ReadsScopesHoweverTheyAreWritten) {
  auto scopes = [](json::value scope) {
    const object answer{{"access_token", "a"}, {"token_type", "bearer"}, {"scope", std::move(scope)}};
    return text::join(oauth::tokens_of(answer, Instant()).scopes, "|");
  };
  EXPECT_EQ(scopes("openid email"), "openid|email");
  EXPECT_EQ(scopes("repo,gist"), "repo|gist");
  EXPECT_EQ(scopes(array{"openid", "user:read:email"}), "openid|user:read:email");
  EXPECT_EQ(scopes(""), "");
  EXPECT_EQ(scopes(nullptr), "");
  EXPECT_EQ(scopes(array{7, "a"}), "a");
}

TEST(OAuthWire, BelievesNoEndlessLife) {
  auto life = [](json::value seconds) {
    const object answer{{"access_token", "a"}, {"token_type", "bearer"}, {"expires_in", std::move(seconds)}};
    return oauth::tokens_of(answer, Instant()).expires_at;
  };
  EXPECT_EQ(life(60), Instant(std::chrono::seconds(60)));
  EXPECT_LT(*life(std::numeric_limits<std::int64_t>::max()), Instant(std::chrono::hours(24 * 366 * 10)));
  for (const json::value& none : {json::value(0), json::value(-1), json::value("soon"), json::value(nullptr)})
    EXPECT_EQ(life(none), std::nullopt);
}

RC_GTEST_PROP(OAuthWire, FormsComeBackAsTheyWere, (const std::map<std::string, std::string>& fields)) {
  const auto encoded = oauth::encode_form({fields.begin(), fields.end()});
  const auto read = http::parse_query(encoded).value();
  RC_ASSERT((std::map<std::string, std::string>(read.begin(), read.end()) == fields));
}

RC_GTEST_PROP(OAuthWire, ApplesFormMayHoldAnything, (const std::string& user)) {
  RC_ASSERT(text::length(text::to_valid_utf8(oauth::name_of_form(user))) <= 100);
  const object form{{"name", object{{"firstName", text::to_valid_utf8(user)}, {"lastName", "L"}}}};
  const auto name = oauth::name_of_form(json::write(form));
  RC_ASSERT(text::is_utf8(name) && !name.contains('\n'));
}

}  // namespace
}  // namespace odeon::identity

// What keeps a sign-in with the browser, the product and the provider that it began with.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/identity/oauth_fixture_test.hpp"

namespace odeon::identity {
namespace {

using std::chrono::minutes;

// Of GitHub's shape, since it needs no keys.
struct SignedInByOthers : SignInsByOthers {
  SignedInByOthers() {
    server.say("/login/oauth/access_token", 200,
               json::object{{"access_token", "access-1"}, {"scope", "read:user,user:email"}, {"token_type", "bearer"}});
    server.say("/api/v3/user", 200, json::object{{"id", 1815}, {"login", "ada"}, {"name", nullptr}});
    server.say("/api/v3/user/emails", 200, json::array{});
    know("github");
  }
};

TEST_F(SignedInByOthers, OnceAndByAnyNode) {
  const auto sent = send();
  const auto elsewhere = make({settings("github")});
  const auto finished = run_task(elsewhere->finish(sent.back("github")));
  EXPECT_EQ(finished.person.subject, "1815");
  EXPECT_EQ(finished.person.issuer, server.url());
  EXPECT_EQ(finished.return_to, "/brand-kits");
  EXPECT_EQ(fault_of(sent), kStartAgain);
}

TEST_F(SignedInByOthers, WithProofOfTheKeyAndTheSameRedirect) {
  const auto sent = send();
  EXPECT_TRUE(sent.started.url.starts_with(server.url() + "/login/oauth/authorize?")) << sent.started.url;
  EXPECT_EQ(sent.parameters.at("response_type"), "code");
  EXPECT_EQ(sent.parameters.at("client_id"), "odeon-id");
  EXPECT_EQ(sent.parameters.at("redirect_uri"), kRedirect);
  EXPECT_EQ(sent.parameters.at("code_challenge_method"), "S256");
  EXPECT_FALSE(sent.parameters.contains("nonce"));
  finish(sent);
  const auto form = server.asked("/login/oauth/access_token").at(0).form;
  EXPECT_EQ(form.at("grant_type"), "authorization_code");
  EXPECT_EQ(form.at("code"), "the-code");
  EXPECT_EQ(form.at("redirect_uri"), kRedirect);
  EXPECT_EQ(form.at("client_secret"), "odeon-secret");
  EXPECT_EQ(crypto::to_base64url(crypto::sha256(form.at("code_verifier"))), sent.parameters.at("code_challenge"));
}

TEST_F(SignedInByOthers, NeverTwiceByTheSameSecrets) {
  const auto one = send(), other = send();
  EXPECT_NE(one.started.binding, other.started.binding);
  for (const char* name : {"state", "code_challenge"}) EXPECT_NE(one.parameters.at(name), other.parameters.at(name));
  // Each browser has one of its own.
  auto mixed = one.back("github");
  mixed.binding = other.started.binding;
  EXPECT_EQ(fault_of(mixed), kStartAgain);
}

TEST_F(SignedInByOthers, OnlyAsTheyBegan) {
  oauth = make({settings("github"), settings("discord")});
  struct Case {
    const char* what;
    void (*change)(OAuth::Callback& callback);
  };
  const std::vector<Case> cases{
      {"no state", [](auto& c) { c.state.clear(); }},
      {"another state", [](auto& c) { c.state.back() = c.state.back() == 'A' ? 'B' : 'A'; }},
      {"more of a state", [](auto& c) { c.state += "A"; }},
      {"an endless state", [](auto& c) { c.state = std::string(100'000, 'A'); }},
      {"no cookie", [](auto& c) { c.binding.clear(); }},
      {"another browser's cookie", [](auto& c) { c.binding = std::string(43, 'A'); }},
      {"an endless cookie", [](auto& c) { c.binding = std::string(100'000, 'A'); }},
      {"another product", [](auto& c) { c.product = "chat"; }},
      {"another provider", [](auto& c) { c.provider = "discord"; }},
      {"an endless code", [](auto& c) { c.code = std::string(100'000, 'A'); }},
  };
  const auto sent = send();
  for (const auto& one : cases) {
    auto callback = sent.back("github");
    one.change(callback);
    EXPECT_EQ(fault_of(callback), kStartAgain) << one.what;
  }
  EXPECT_TRUE(server.asked("/login/oauth/access_token").empty());
  // Nobody else has used it up.
  EXPECT_EQ(fault_of(sent), "");
}

TEST_F(SignedInByOthers, ByNoInventedValues) {
  const auto sent = send();
  EXPECT_TRUE(rc::check([&] {
    auto callback = sent.back("github");
    auto& changed = *rc::gen::arbitrary<bool>() ? callback.state : callback.binding;
    const auto invented = *rc::gen::arbitrary<std::string>();
    RC_PRE(invented != changed);
    changed = invented;
    RC_ASSERT(fault_of(callback) == kStartAgain);
  }));
}

TEST_F(SignedInByOthers, OrNotAtAll) {
  auto come_back = [&](const char* error, const char* issuer = "", const char* code = "the-code") {
    auto callback = send().back("github");
    callback.error = error;
    callback.issuer = issuer;
    callback.code = code;
    return fault_of(callback);
  };
  EXPECT_EQ(come_back("access_denied"), fault(Fault::forbidden, "OAUTH_DENIED"));
  EXPECT_EQ(come_back("user_cancelled_authorize"), fault(Fault::forbidden, "OAUTH_DENIED"));
  EXPECT_EQ(come_back("temporarily_unavailable"), kProviderAway);
  EXPECT_EQ(come_back("redirect_uri_mismatch"), kProviderFault);
  EXPECT_EQ(come_back("<script>the-code</script>"), kProviderFault);
  EXPECT_EQ(come_back("", "https://evil.test"), kStartAgain);
  EXPECT_EQ(come_back("", "", ""), kStartAgain);
  EXPECT_EQ(come_back("", server.url().c_str()), "");
  // Who says no with a state that is not theirs has said nothing.
  auto callback = send().back("github");
  callback.error = "access_denied";
  callback.binding = "another";
  EXPECT_EQ(fault_of(callback), kStartAgain);
  // And having said no, it is over.
  callback = send().back("github");
  callback.error = "access_denied";
  fault_of(callback);
  callback.error = "";
  EXPECT_EQ(fault_of(callback), kStartAgain);
}

TEST_F(SignedInByOthers, WithinTenMinutes) {
  auto pruned = [&] { return run_task(oauth->prune()); };
  const auto early = send(), late = send();
  shared.clock.advance(minutes(10) - Micros(1));
  EXPECT_EQ(fault_of(early), "");
  EXPECT_EQ(pruned(), 0);
  shared.clock.advance(Micros(1));
  EXPECT_EQ(fault_of(late), kStartAgain);
  EXPECT_EQ(pruned(), 1);
  EXPECT_EQ(pruned(), 0);
}

TEST_F(SignedInByOthers, ByWhatTheDatabaseDoesNotTell) {
  const auto sent = send();
  const auto row = run_task(shared.db->find<std::string>(
                                database::Sql("SELECT state_hash || ' ' || binding_hash || ' ' || verifier || ' ' || "
                                              "nonce FROM identity_oauth_states")))
                       .value();
  EXPECT_FALSE(row.contains(sent.parameters.at("state")));
  EXPECT_FALSE(row.contains(sent.started.binding));
}

TEST_F(SignedInByOthers, AskingForMore) {
  EXPECT_EQ(send().parameters.at("scope"), "read:user user:email");
  EXPECT_EQ(send({"repo", "read:user"}).parameters.at("scope"), "read:user user:email repo");
}

TEST_F(SignedInByOthers, ByProvidersThatThereAre) {
  EXPECT_EQ(make({settings("github"), settings("discord"), settings("apple")})->names(),
            (std::vector<std::string>{"apple", "discord", "github"}));
  EXPECT_TRUE(oauth->knows("github"));
  EXPECT_FALSE(oauth->knows("google"));
  EXPECT_EQ(code_of(oauth->start({.provider = "google", .product = "studio"})), "OAUTH_PROVIDER_UNKNOWN");
  EXPECT_EQ(code_of(oauth->finish({.provider = "google", .product = "studio"})), "OAUTH_PROVIDER_UNKNOWN");
  EXPECT_EQ(code_of(oauth->start({.provider = "github", .return_to = std::string(3000, '/')})), "INVALID_RETURN");

  auto refusal = [&](const char* name, void (*change)(OAuthProvider& provider)) -> std::string {
    auto wrong = settings(name);
    change(wrong);
    try {
      make({wrong});
    } catch (const Error& error) {
      return error.code;
    }
    return "";
  };
  EXPECT_EQ(refusal("github", [](auto& p) { p.name = "myspace"; }), "OAUTH_SETTINGS");
  EXPECT_EQ(refusal("github", [](auto& p) { p.client_id.clear(); }), "OAUTH_SETTINGS");
  EXPECT_EQ(refusal("github", [](auto& p) { p.client_secret.clear(); }), "OAUTH_SETTINGS");
  EXPECT_EQ(refusal("apple", [](auto& p) { p.team_id.clear(); }), "OAUTH_SETTINGS");
  EXPECT_EQ(refusal("apple", [](auto& p) { p.private_key_pem = "no key"; }), "INVALID_KEY");
  EXPECT_EQ(refusal("apple", [](auto& p) { p.private_key_pem = text::replace_all(p.private_key_pem, "\n", "\\n"); }),
            "");
}

TEST_F(SignedInByOthers, AtTheProvidersOwnAddresses) {
  for (const auto& [name, address] :
       std::map<std::string, std::string>{{"github", "https://github.com/login/oauth/authorize?"},
                                          {"discord", "https://discord.com/oauth2/authorize?"},
                                          {"facebook", "https://www.facebook.com/v23.0/dialog/oauth?"}}) {
    auto own = settings(name);
    for (const std::string issuer : {"", std::string(oauth_kind(name)->issuer).append("/").c_str()}) {
      own.issuer = issuer;
      const auto by = make({own});
      const auto sent = send(*by, {.provider = name, .product = "studio", .redirect_uri = kRedirect});
      EXPECT_TRUE(sent.started.url.starts_with(address)) << sent.started.url;
    }
  }
  EXPECT_EQ(oauth_kind("github")->profile.address(""), "https://api.github.com/user");
  EXPECT_EQ(oauth_kind("github")->mails.address("https://git.test"), "https://git.test/api/v3/user/emails");
  EXPECT_EQ(oauth_kind("facebook")->token.address(""), "https://graph.facebook.com/v23.0/oauth/access_token");
}

}  // namespace
}  // namespace odeon::identity

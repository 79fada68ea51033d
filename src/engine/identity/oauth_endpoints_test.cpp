#include "engine/identity/oauth_endpoints.hpp"

#include "engine/identity/oauth_fixture_test.hpp"
#include "testing/http.hpp"

namespace odeon::identity {
namespace {

using json::object;

// People of a product, who come by GitHub in a browser.
struct BrowserOf {
  BrowserOf(SignInsByOthers& world, std::string product, TokenPolicy tokens)
      : name(std::move(product)),
        node(world.shared, {.policies = TokenPolicies({{name, tokens}})}),
        oauth(world.make({world.settings("github")})) {
    world.server.say("/login/oauth/access_token", 200,
                     object{{"access_token", "access-1"}, {"scope", "user:email"}, {"token_type", "bearer"}});
    world.server.say("/api/v3/user", 200, object{{"login", "ada"}, {"id", 1815}, {"name", "Ada Lovelace"}});
    world.server.say("/api/v3/user/emails", 200,
                     json::array{object{{"email", "ada@example.com"}, {"primary", true}, {"verified", true}}});
    auto api = std::make_unique<http::Api>(name, "Product", std::make_unique<http::FlatFormat>());
    endpoints.mount(*api);
    server.add(std::move(api));
  }
  testing::HttpReply start(json::object body = {}) {
    return server.post("/" + name + "/api/auth/oauth/github", json::write(body));
  }
  // Comes back from the provider with what `started` gave, and this cookie.
  testing::HttpReply back(const testing::HttpReply& started, const std::string& cookie) {
    const std::string url(started.json().at("authorization_url").as_string());
    const auto state = fields_of(url.substr(url.find('?') + 1)).at("state");
    return server.get(fmt::format("/{}/api/auth/oauth/github/callback?code=the-code&state={}", name, state),
                      {{"Cookie", cookie}});
  }
  static std::string cookie_of(const testing::HttpReply& reply) {
    const auto field = std::string(reply.headers.get("Set-Cookie"));
    return field.substr(0, field.find(';'));
  }

  std::string name;
  Node node;
  std::unique_ptr<OAuth> oauth;
  Door door{node.accounts, node.sessions, node.proofs, {.product = name}};
  OAuthEndpoints endpoints{*oauth,
                           door,
                           node.sessions,
                           node.cookies,
                           node.shared.clock,
                           {.app_url = "https://app.test", .origins = {"https://other.test"}}};
  testing::HttpServer server{node.identity};
};

using OAuthEndpointsTest = SignInsByOthers;

TEST_F(OAuthEndpointsTest, LeadToTheAppWithTokensThatNoServerSees) {
  BrowserOf browser(*this, "chat", {.access = std::chrono::days(7)});
  int admitted = 0;
  browser.endpoints.on_admitted([&](this auto, Account account) -> Task<void> {
    admitted += account.mail == "ada@example.com" ? 1 : 0;
    co_return;
  });
  const auto started = browser.start();
  ASSERT_EQ(started.status, 200) << started.body;
  const auto back = browser.back(started, BrowserOf::cookie_of(started));
  EXPECT_EQ(back.status, 303);
  const std::string location(back.headers.get("Location"));
  ASSERT_TRUE(location.starts_with("https://app.test#access_token=")) << location;
  const auto fields = fields_of(location.substr(location.find('#') + 1));
  EXPECT_EQ(fields.at("expires_in"), "604800");
  EXPECT_FALSE(browser.node.bearer(fields.at("access_token"), "chat").anonymous());
  EXPECT_EQ(back.headers.get("Cache-Control"), "no-store");
  EXPECT_EQ(admitted, 1);
}

TEST_F(OAuthEndpointsTest, GivePagesCookies) {
  BrowserOf browser(*this, "studio", {.by_cookie = true});
  const auto started = browser.start({{"return_to", "https://other.test/welcome"}});
  const auto back = browser.back(started, BrowserOf::cookie_of(started));
  EXPECT_EQ(back.headers.get("Location"), "https://other.test/welcome");
  std::size_t cookies = 0;
  for (const auto& [name, value] : back.headers) cookies += name == "Set-Cookie" ? 1 : 0;
  EXPECT_EQ(cookies, 4U) << "the session's three, and the binding's end";
}

TEST_F(OAuthEndpointsTest, AreForTheBrowserThatBegan) {
  BrowserOf browser(*this, "chat", {});
  const auto started = browser.start();
  EXPECT_EQ(browser.back(started, "").status, 400);
  EXPECT_EQ(browser.back(started, "oauth_binding=guessed").status, 400);
}

TEST_F(OAuthEndpointsTest, TellTheAppWhoDidNotWantTo) {
  BrowserOf browser(*this, "chat", {});
  const auto started = browser.start();
  const std::string url(started.json().at("authorization_url").as_string());
  const auto state = fields_of(url.substr(url.find('?') + 1)).at("state");
  const auto back = browser.server.get("/chat/api/auth/oauth/github/callback?error=access_denied&state=" + state,
                                       {{"Cookie", BrowserOf::cookie_of(started)}});
  EXPECT_EQ(back.status, 303) << back.body;
  EXPECT_TRUE(back.headers.get("Location").starts_with("https://app.test#error=OAUTH_DENIED"));
}

TEST_F(OAuthEndpointsTest, LeadNowhereElse) {
  BrowserOf browser(*this, "chat", {});
  for (const auto* elsewhere : {"https://evil.test", "https://app.test.evil.test/x", "//evil.test",
                                "javascript:alert(1)", "https://evil.test/https://app.test"})
    EXPECT_EQ(browser.start({{"return_to", elsewhere}}).status, 400) << elsewhere;
  EXPECT_EQ(browser.start({{"return_to", "https://app.test/after?x=1"}}).status, 200);
  EXPECT_EQ(browser.server.post("/chat/api/auth/oauth/nobody", "{}").status, 404);
  EXPECT_EQ(browser.server.get("/chat/api/auth/oauth").json().at("providers"), (json::array{"github"}));
}

}  // namespace
}  // namespace odeon::identity

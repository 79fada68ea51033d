#include "engine/identity/session_cookies.hpp"

#include <gtest/gtest.h>

#include "engine/identity/fixture_test.hpp"

namespace odeon::identity {
namespace {

using http::Method;

constexpr std::string_view kUrl = "https://example.com/studio";

struct PeopleWithCookies : ::testing::Test {
  // What a browser keeps of Set-Cookie fields.
  std::map<std::string, std::string> kept(const SessionTokens& session, std::string_view url = kUrl) {
    http::Headers headers;
    node.cookies.give(headers, session, url, shared.clock.now());
    std::map<std::string, std::string> jar;
    for (const auto& [name, value] : headers) {
      const auto pair = value.substr(0, value.find(';'));
      jar[std::string(pair.substr(0, pair.find('=')))] = pair.substr(pair.find('=') + 1);
    }
    return jar;
  }
  http::Request request(Method method, const std::map<std::string, std::string>& jar,
                        std::map<std::string, std::string> fields = {}) {
    http::Request request{.method = method};
    std::string cookies;
    for (const auto& [name, value] : jar) cookies += name + "=" + value + "; ";
    request.headers.add("Cookie", cookies);
    request.headers.add("Host", "example.com");
    for (auto& [name, value] : fields) request.headers.add(name, value);
    return request;
  }
  // Who comes: "ada", "nobody", or the code of what is refused.
  std::string who(http::Request request, const std::string& product = "studio") {
    try {
      const auto caller = node.caller(std::move(request), product);
      return caller.anonymous() ? "nobody" : caller.user_id == ada.id ? "ada" : "somebody";
    } catch (const Error& error) {
      return error.code;
    }
  }

  Shared shared;
  Node node{shared,
            {.policies = TokenPolicies({{"studio", {.access = std::chrono::hours(24), .by_cookie = true}},
                                        {"podcasts", {.access = std::chrono::minutes(30)}}})}};
  Account ada = node.join("ada@example.com");
  SessionTokens session = node.sign_in(ada, "studio");
  std::map<std::string, std::string> jar = kept(session);
};

TEST_F(PeopleWithCookies, HaveThemWhereThePageIs) {
  http::Headers headers;
  node.cookies.give(headers, session, kUrl, shared.clock.now());
  std::vector<std::string> fields;
  for (const auto& [name, value] : headers) fields.emplace_back(value.substr(value.find(';')));
  EXPECT_EQ(fields, (std::vector<std::string>{"; Path=/studio; Max-Age=86400; HttpOnly; Secure; SameSite=Lax",
                                              "; Path=/studio; Max-Age=2592000; HttpOnly; Secure; SameSite=Lax",
                                              "; Path=/studio; Max-Age=2592000; Secure; SameSite=Lax"}));
  http::Headers none;
  node.cookies.take_back(none, "http://studio.localhost:8080");
  EXPECT_EQ(none.size(), 3U);
  for (const auto& [name, value] : none) EXPECT_NE(value.find("=; Path=/; Max-Age=0"), std::string::npos) << value;
}

TEST_F(PeopleWithCookies, ReadWithThem) {
  EXPECT_EQ(who(request(Method::get, jar)), "ada");
  EXPECT_EQ(who(request(Method::get, {})), "nobody");
  EXPECT_EQ(who(request(Method::get, {{"session", "nonsense"}})), "nobody");
  shared.clock.advance(std::chrono::hours(25));
  EXPECT_EQ(who(request(Method::get, jar)), "nobody");
}

TEST_F(PeopleWithCookies, ChangeNothingWithoutTheTokenOfTheirPage) {
  const std::string csrf = jar.at("csrf_token");
  for (const auto method : {Method::post, Method::put, Method::patch, Method::delete_}) {
    EXPECT_EQ(who(request(method, jar)), "CSRF_TOKEN_INVALID");
    EXPECT_EQ(who(request(method, jar, {{"X-CSRF-Token", "guessed"}})), "CSRF_TOKEN_INVALID");
    EXPECT_EQ(who(request(method, jar, {{"X-CSRF-Token", csrf}})), "ada");
  }
}

TEST_F(PeopleWithCookies, AreNotTakenInByATokenOfSomebodyElse) {
  const auto other = kept(node.sign_in(node.join("eve@example.com"), "studio"));
  jar["csrf_token"] = other.at("csrf_token");
  EXPECT_EQ(who(request(Method::post, jar, {{"X-CSRF-Token", other.at("csrf_token")}})), "CSRF_TOKEN_INVALID");
}

TEST_F(PeopleWithCookies, NeedNoneBesideABearerToken) {
  EXPECT_EQ(who(request(Method::post, jar, {{"Authorization", "Bearer " + session.access_token}})), "ada");
}

TEST_F(PeopleWithCookies, OpenSocketsFromTheirOwnPages) {
  const auto from = [&](const std::string& origin) {
    return who(request(Method::get, jar, {{"Upgrade", "websocket"}, {"Origin", origin}}));
  };
  EXPECT_EQ(from("https://example.com"), "ada");
  EXPECT_EQ(from("https://evil.example"), "CSRF_TOKEN_INVALID");
  EXPECT_EQ(who(request(Method::get, jar, {{"Upgrade", "websocket"}})), "CSRF_TOKEN_INVALID");
}

TEST_F(PeopleWithCookies, AreStrangersToOtherProducts) {
  EXPECT_EQ(who(request(Method::get, jar), "podcasts"), "nobody");
  jar["session"] = node.sign_in(ada, "podcasts").access_token;
  EXPECT_EQ(who(request(Method::get, jar)), "nobody");
}

TEST_F(PeopleWithCookies, AreOutWithTheirSession) {
  run_task(node.sessions.sign_out(session.session_id, SignOut::local));
  EXPECT_EQ(who(request(Method::get, jar)), "nobody");
}

}  // namespace
}  // namespace odeon::identity

#include "engine/identity/supabase.hpp"

#include <gtest/gtest.h>

#include "engine/identity/fixture_test.hpp"
#include "testing/http.hpp"

namespace odeon::identity {
namespace {

using http::Method;
using std::chrono::seconds;

const std::string kAda = R"({"email":"Ada@example.com","password":"correct horse","data":{"name":"Ada"}})";

struct AuthApi : ::testing::Test {
  AuthApi() { server.add(api.api()); }

  testing::HttpReply post(std::string path, std::string body, std::string token = "") {
    return call(Method::post, std::move(path), std::move(body), std::move(token));
  }
  testing::HttpReply call(Method method, std::string path, std::string body, std::string token) {
    testing::HttpServer::HeaderList headers{{"apikey", "anything"}, {"Content-Type", "application/json;charset=UTF-8"}};
    if (!token.empty()) headers.emplace_back("Authorization", "Bearer " + token);
    return server.call(method, "/auth/v1" + path, std::move(body), std::move(headers));
  }
  testing::HttpReply user(std::string token) { return call(Method::get, "/user", "", std::move(token)); }
  json::value sign_up() { return post("/signup", kAda).json(); }
  static std::string text(const json::value& from, std::string_view name) {
    return std::string(from.at(name).as_string());
  }
  static std::string error(const testing::HttpReply& reply) {
    const auto body = reply.json();
    EXPECT_EQ(body.at("code"), reply.status);
    EXPECT_FALSE(body.at("msg").as_string().empty());
    return fmt::format("{} {}", reply.status, text(body, "error_code"));
  }
  testing::HttpReply refresh(const std::string& token) {
    return post("/token?grant_type=refresh_token", json::write(json::object{{"refresh_token", token}}));
  }

  Shared shared;
  Node node{shared};
  SupabaseApi api{node.accounts, node.sessions, node.access, {}};
  testing::HttpServer server{node.identity};  // dies first: it uses the others
};

TEST_F(AuthApi, SignUpGivesASession) {
  const auto reply = post("/signup", kAda);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.headers.get("Cache-Control"), "no-store");
  const auto session = reply.json();
  EXPECT_EQ(session.at("token_type"), "bearer");
  EXPECT_EQ(session.at("expires_in"), 3600);
  EXPECT_EQ(session.at("expires_at"), 1'795'159'800 + 3600);
  const auto& person = session.at("user");
  EXPECT_EQ(person.at("email"), "ada@example.com");
  EXPECT_EQ(person.at("aud"), "authenticated");
  EXPECT_EQ(person.at("user_metadata"), (json::object{{"name", "Ada"}}));
  EXPECT_EQ(person.at("email_confirmed_at"), "2026-11-20T07:30:00Z");
  EXPECT_EQ(person.at("identities").at(0).at("provider"), "email");
  EXPECT_EQ(user(text(session, "access_token")).json(), person);
}

TEST_F(AuthApi, SignUpSaysWhatIsWrong) {
  sign_up();
  EXPECT_EQ(error(post("/signup", R"({"email":"ADA@example.com","password":"another"})")), "409 user_already_exists");
  EXPECT_EQ(error(post("/signup", R"({"email":"ada","password":"correct horse"})")), "400 validation_failed");
  EXPECT_EQ(error(post("/signup", R"({"email":7,"password":"correct horse"})")), "400 validation_failed");
  EXPECT_EQ(error(post("/signup", R"({"phone":"+4912345","password":"correct horse"})")),
            "400 phone_provider_disabled");
  EXPECT_EQ(error(post("/signup", "{}")), "422 anonymous_provider_disabled");
  EXPECT_EQ(error(post("/signup", "{")), "400 bad_json");
  const auto weak = post("/signup", R"({"email":"b@example.com","password":"12345"})");
  EXPECT_EQ(error(weak), "422 weak_password");
  EXPECT_EQ(weak.json().at("weak_password").at("reasons").at(0), "length");
}

TEST_F(AuthApi, SignInByPassword) {
  const auto id = sign_up().at("user").at("id");
  const auto reply = post("/token?grant_type=password", R"({"email":"ada@example.com","password":"correct horse"})");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.json().at("user").at("id"), id);
  EXPECT_EQ(error(post("/token?grant_type=password", R"({"email":"ada@example.com","password":"wrong"})")),
            "400 invalid_credentials");
  EXPECT_EQ(error(post("/token?grant_type=password", R"({"email":"eve@example.com","password":"wrong"})")),
            "400 invalid_credentials");
  EXPECT_EQ(error(post("/token?grant_type=password", "{}")), "400 invalid_credentials");
  EXPECT_EQ(error(post("/token?grant_type=magic", "{}")), "400 validation_failed");
  EXPECT_EQ(error(post("/token", R"({"grant_type":"password"})")), "400 validation_failed");
  run_task(node.accounts.suspend(std::string(id.as_string())));
  EXPECT_EQ(error(post("/token?grant_type=password", R"({"email":"ada@example.com","password":"correct horse"})")),
            "400 user_banned");
}

TEST_F(AuthApi, TooManyGuessesAreRefusedWithATime) {
  sign_up();
  testing::HttpReply reply;
  for (int i = 0; i < 11; ++i)
    reply = post("/token?grant_type=password", R"({"email":"ada@example.com","password":"guess"})");
  EXPECT_EQ(error(reply), "429 over_request_rate_limit");
  EXPECT_FALSE(reply.headers.get("Retry-After").empty());
}

TEST_F(AuthApi, RefreshRotatesAndNoticesReuse) {
  const auto first = text(sign_up(), "refresh_token");
  const auto second = refresh(first).json();
  EXPECT_EQ(refresh(first).json().at("refresh_token"), second.at("refresh_token"));
  shared.clock.advance(seconds(31));
  EXPECT_EQ(error(refresh(first)), "400 refresh_token_already_used");
  EXPECT_EQ(error(refresh(text(second, "refresh_token"))), "400 session_expired");
  EXPECT_EQ(error(refresh("nonsense")), "400 refresh_token_not_found");
  EXPECT_EQ(error(user(text(second, "access_token"))), "401 session_not_found");
}

TEST_F(AuthApi, OnlySessionsComeIn) {
  EXPECT_EQ(error(user("")), "401 no_authorization");
  EXPECT_EQ(error(user("garbage")), "401 bad_jwt");
  const auto id = text(sign_up().at("user"), "id");
  const auto key = run_task(node.keys.create({id, "briefings", "cli", {"x"}, {}})).secret;
  EXPECT_EQ(error(user(key)), "401 bad_jwt");
  EXPECT_EQ(error(call(Method::put, "/user", R"({"password":"a new one"})", key)), "401 bad_jwt");
  EXPECT_EQ(error(post("/nothing", "{}")), "404 not_found");
  EXPECT_EQ(error(call(Method::delete_, "/user", "", "")), "405 method_not_allowed");
}

TEST_F(AuthApi, PeopleChangeTheirData) {
  const auto session = sign_up();
  const auto token = text(session, "access_token");
  auto change = [&](std::string body) { return call(Method::put, "/user", std::move(body), token); };
  EXPECT_EQ(change(R"({"data":{"name":"Ada L.","theme":"dark"}})").json().at("user_metadata"),
            (json::object{{"name", "Ada L."}, {"theme", "dark"}}));
  EXPECT_EQ(change(R"({"email":"Ada@new.example"})").json().at("email"), "ada@new.example");
  EXPECT_EQ(user(token).json().at("email"), "ada@new.example");
  EXPECT_EQ(error(change(R"({"password":"correct horse"})")), "422 same_password");
  EXPECT_EQ(error(change(R"({"password":"short"})")), "422 weak_password");
  EXPECT_EQ(error(change(json::write(json::object{{"data", {{"x", boost::json::string(9000, 'x')}}}}))),
            "400 validation_failed");

  const auto other = post("/token?grant_type=password", R"({"email":"ada@new.example","password":"correct horse"})");
  EXPECT_EQ(change(R"({"password":"a new one"})").status, 200);
  EXPECT_EQ(user(token).status, 200);
  EXPECT_EQ(error(user(text(other.json(), "access_token"))), "401 session_not_found");
}

TEST_F(AuthApi, LogoutEndsWhatIsAsked) {
  sign_up();
  auto session = [&] {
    return text(post("/token?grant_type=password", R"({"email":"ada@example.com","password":"correct horse"})").json(),
                "access_token");
  };
  const auto one = session(), two = session(), three = session();
  EXPECT_EQ(post("/logout?scope=local", "", one).status, 204);
  EXPECT_EQ(user(one).status, 401);
  EXPECT_EQ(user(two).status, 200);
  EXPECT_EQ(error(post("/logout?scope=everything", "", two)), "400 validation_failed");
  EXPECT_EQ(post("/logout?scope=others", "", two).status, 204);
  EXPECT_EQ(user(three).status, 401);
  EXPECT_EQ(user(two).status, 200);
  EXPECT_EQ(post("/logout", "", two).status, 204);
  EXPECT_EQ(user(two).status, 401);
  EXPECT_EQ(error(post("/logout", "", two)), "401 session_not_found");
}

TEST_F(AuthApi, TellsWhatItIs) {
  EXPECT_EQ(call(Method::get, "/settings", "", "").json().at("mailer_autoconfirm"), true);
  EXPECT_EQ(call(Method::get, "/health", "", "").json().at("name"), "Odeon");
  const auto keys = call(Method::get, "/.well-known/jwks.json", "", "");
  EXPECT_EQ(keys.headers.get("Content-Type"), "application/json");
  EXPECT_TRUE(KeySet::from_jwks(keys.body).knows(Algorithm::ES256, ""));
  EXPECT_FALSE(keys.body.contains("\"d\""));
  const auto document = server.api("auth/v1").openapi("/auth/v1");
  EXPECT_TRUE(document.at("paths").as_object().contains("/token"));
}

}  // namespace
}  // namespace odeon::identity

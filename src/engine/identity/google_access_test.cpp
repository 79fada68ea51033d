#include "engine/identity/google_access.hpp"

#include <gmock/gmock.h>

#include "base/crypto.hpp"
#include "engine/identity/rsa_test.hpp"
#include "testing/clock.hpp"
#include "testing/raw_server.hpp"

namespace odeon::identity {
namespace {

using json::object;
using odeon::testing::json_answer;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string& key_pem() {
  static const std::string pem = make_rsa_pem();
  return pem;
}

TEST(ServiceAccount, IsReadFromItsKeyFile) {
  const object good{
      {"type", "service_account"}, {"client_email", "a@b"}, {"private_key", key_pem()}, {"private_key_id", "k"}};
  const auto account = ServiceAccount::from_json(json::write(good));
  EXPECT_EQ(account.email, "a@b");
  EXPECT_EQ(account.token_url, "https://oauth2.googleapis.com/token");
  for (const auto& [member, value] :
       std::vector<std::pair<const char*, json::value>>{{"type", "authorized_user"},
                                                        {"client_email", nullptr},
                                                        {"private_key", "no"},
                                                        {"private_key", json::value(Key::make().private_pem())}}) {
    auto bad = good;
    bad[member] = value;
    EXPECT_THROW(ServiceAccount::from_json(json::write(bad)), Error) << member;
  }
  EXPECT_THROW(ServiceAccount::from_json("[]"), Error);
}

std::string token(const char* name, const char* expiry = "3599") {
  return json_answer("200 OK",
                     fmt::format(R"({{"access_token":"{}","expires_in":{},"token_type":"Bearer"}})", name, expiry));
}

// An account whose token server gives these answers.
class GoogleAccessTest : public ::testing::Test {
 protected:
  using Use = Task<void> (*)(GoogleAccess& access, testing::FakeClock& clock);

  void play(std::vector<std::string> answers, Use use) {
    run_task([](GoogleAccessTest& self, std::vector<std::string> answers, Use use) -> Task<void> {
      testing::RawServer server(co_await asio::this_coro::executor);
      testing::RawScript script;
      for (auto& answer : answers) {
        script.insert(script.end(), {testing::read_head(), testing::read_bytes(600)});
        script.push_back(testing::send(std::move(answer)));
      }
      script.push_back(testing::hold());
      server.on_connection(std::move(script));
      http::Client client({});
      const auto account = ServiceAccount{"ai@project.iam", "key-1", Key::from_pem(key_pem()), server.url("/token")};
      GoogleAccess access(client, self.clock, account, "scope/one", std::chrono::milliseconds(20'000),
                          Error(Fault::unavailable, "AWAY", "Google is away."));
      const auto outcome = co_await settle(use(access, self.clock));
      self.heads = server.heads();
      self.bodies = server.bodies();
      co_await server.stop();
      if (!outcome) std::rethrow_exception(outcome.error());
    }(*this, std::move(answers), use));
  }

  testing::FakeClock clock;
  std::vector<std::string> heads, bodies;
};

TEST_F(GoogleAccessTest, IsASignedAssertionForAToken) {
  play({token("one")},
       [](GoogleAccess& access, testing::FakeClock&) -> Task<void> { EXPECT_EQ(co_await access.token(), "one"); });
  EXPECT_THAT(heads.at(0), HasSubstr("POST /token HTTP/1.1\r\n"));
  EXPECT_THAT(heads.at(0), HasSubstr("Content-Type: application/x-www-form-urlencoded\r\n"));
  EXPECT_THAT(bodies.at(0),
              ::testing::StartsWith("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="));
  const std::size_t assertion = bodies.at(0).find("assertion=") + 10;
  const std::string claims = bodies.at(0).substr(bodies.at(0).find('.', assertion) + 1);
  EXPECT_THAT(crypto::from_base64(claims.substr(0, claims.find('.'))).value_or(""),
              HasSubstr(R"("iss":"ai@project.iam","scope":"scope/one")"));
}

TEST_F(GoogleAccessTest, LastsUntilShortlyBeforeItsEnd) {
  play({token("one"), token("two"), token("three", "null"), token("four")},
       [](GoogleAccess& access, testing::FakeClock& clock) -> Task<void> {
         EXPECT_EQ(co_await access.token(), "one");
         clock.advance(std::chrono::seconds(3298));
         EXPECT_EQ(co_await access.token(), "one");
         clock.advance(std::chrono::seconds(1));
         EXPECT_EQ(co_await access.token(), "two");
         access.drop("one");
         EXPECT_EQ(co_await access.token(), "two") << "another one was refused";
         access.drop("two");
         EXPECT_EQ(co_await access.token(), "three");
         EXPECT_EQ(co_await access.token(), "four") << "whose end is not told is not kept";
       });
  EXPECT_EQ(heads.size(), 4U);
}

TEST_F(GoogleAccessTest, WhatIsNotGivenIsMissed) {
  for (const auto& answer :
       {json_answer("400 Bad Request", R"({"error":"invalid_grant","error_description":"secret"})"),
        json_answer("200 OK", "{}"), json_answer("200 OK", "[1]"), json_answer("503 Busy", "<html>")}) {
    try {
      play({answer}, [](GoogleAccess& access, testing::FakeClock&) -> Task<void> { co_await access.token(); });
      ADD_FAILURE() << answer;
    } catch (const Error& error) {
      EXPECT_EQ(error.code, "AWAY");
      EXPECT_THAT(error.detail, Not(HasSubstr("secret")));
    }
  }
}

}  // namespace
}  // namespace odeon::identity

#include "engine/identity/mail_endpoints.hpp"

#include <gtest/gtest.h>

#include "engine/identity/fixture_test.hpp"
#include "testing/http.hpp"

namespace odeon::identity {
namespace {

struct PeopleWithMail : ::testing::Test {
  PeopleWithMail() {
    node.proofs.sent_by([this](this auto, database::Transaction&, ProofLetter letter) -> Task<void> {
      letters.push_back(std::move(letter));
      co_return;
    });
    auto api = std::make_unique<http::Api>("podcasts", "Podcasts", std::make_unique<http::FlatFormat>());
    endpoints.mount(*api);
    server.add(std::move(api));
  }
  unsigned post(const std::string& path, const json::object& body) {
    return server.post("/podcasts" + path, json::write(body)).status;
  }

  Shared shared;
  Node node{shared};
  Door door{node.accounts, node.sessions, node.proofs, {.product = "podcasts"}};
  MailEndpoints endpoints{door};
  std::vector<ProofLetter> letters;
  Account ada = node.join("ada@example.com");
  testing::HttpServer server{node.identity};  // dies first: it uses the others
};

TEST_F(PeopleWithMail, ProveTheirAddressByLink) {
  EXPECT_EQ(post("/api/auth/resend-verification", {{"email", "ada@example.com"}}), 200);
  ASSERT_EQ(letters.size(), 1U);
  const json::object proof{{"token", letters.front().token}};
  EXPECT_EQ(server.get("/podcasts/auth/confirm?purpose=verify&token=" + letters.front().token).status, 200);
  EXPECT_FALSE(run_task(node.accounts.find(ada.id))->mail_verified_at) << "following the link does nothing";
  EXPECT_EQ(post("/auth/verify-email", proof), 200);
  EXPECT_TRUE(run_task(node.accounts.find(ada.id))->mail_verified_at);
  EXPECT_EQ(post("/auth/verify-email", proof), 400);
}

TEST_F(PeopleWithMail, SetANewPasswordByCode) {
  EXPECT_EQ(post("/api/auth/forgot-password", {{"email", "ada@example.com"}}), 200);
  const auto& letter = letters.back();
  const json::object wrong{{"email", "ada@example.com"}, {"code", "not it"}, {"password", "battery staple"}};
  EXPECT_EQ(post("/api/auth/reset-password", wrong), 400);
  const json::object right{{"email", "ada@example.com"}, {"code", letter.code}, {"password", "battery staple"}};
  EXPECT_EQ(post("/api/auth/reset-password", right), 200);
  EXPECT_TRUE(run_task(node.accounts.has_password(ada.id, "battery staple")));
}

TEST_F(PeopleWithMail, HearTheSameWhoeverAsks) {
  const auto known = server.post("/podcasts/api/auth/forgot-password", R"({"email":"ada@example.com"})");
  const auto unknown = server.post("/podcasts/api/auth/forgot-password", R"({"email":"nobody@example.com"})");
  EXPECT_EQ(known.status, unknown.status);
  EXPECT_EQ(known.body, unknown.body);
}

TEST_F(PeopleWithMail, SeeAPageThatKeepsItsAddressToItself) {
  const auto page = server.get("/podcasts/auth/confirm");
  EXPECT_EQ(page.headers.get("Cache-Control"), "no-store");
  EXPECT_NE(page.body.find("no-referrer"), std::string::npos);
  EXPECT_EQ(server.get("/podcasts/auth/confirm.js").status, 200);
  EXPECT_EQ(server.get("/podcasts/auth/confirm.css").status, 200);
}

}  // namespace
}  // namespace odeon::identity

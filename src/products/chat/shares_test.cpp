#include "products/chat/shares.hpp"

#include <gmock/gmock.h>

#include "products/chat/house_test.hpp"

namespace odeon::chat {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct SharesTest : ChatHouse {
  SharesTest() {
    model("openai/gpt-4o-mini", {says("Yes."), ends()});
    token = join();
    first = ask(token, {{"text", "Is it?"}});
    id = text(first.at("conversation_id"));
  }
  std::string share(json::object what = {}) {
    const auto reply = post("/api/conversations/" + id + "/share", std::move(what), token);
    EXPECT_EQ(reply.status, 201) << reply.body;
    EXPECT_EQ(text(reply.at("url")), "http://test/chat/api/shared/" + text(reply.at("token")));
    return text(reply.at("token"));
  }
  std::string token, id;
  Reply first;
};

TEST_F(SharesTest, ShowWhatStoodThereAndNothingOfWhoSaidIt) {
  const auto link = share();
  ask(token, {{"text", "Later, in private."}, {"conversation_id", id}});
  const auto shown = get("/api/shared/" + link);
  ASSERT_EQ(shown.status, 200) << shown.body;
  EXPECT_EQ(shown.body,
            R"({"title":"Is it?","messages":[)"
            R"({"role":"user","text":"Is it?","created_at":"2026-11-20T07:30:00Z"},)"
            R"({"role":"assistant","text":"Yes.","model":"gpt-4o-mini","created_at":"2026-11-20T07:30:00Z"}]})");
  EXPECT_EQ(shown.headers.get("Cache-Control"), "no-store");
}

TEST_F(SharesTest, OrOneAnswerAlone) {
  const auto link = share({{"message_id", first.at("message_id")}});
  const auto shown = get("/api/shared/" + link);
  EXPECT_EQ(shown.at("messages").as_array().size(), 1U);
  EXPECT_EQ(shown.at("messages").at(0).at("text"), "Yes.");
  EXPECT_EQ(shown.at("title"), "") << "it tells of the question";
  const auto other = ask(token, {{"text", "Elsewhere."}});
  EXPECT_EQ(post("/api/conversations/" + id + "/share", {{"message_id", other.at("message_id")}}, token).status, 404);
}

TEST_F(SharesTest, AreRevokedByTheirOwner) {
  const auto one = share(), two = share(), three = share();
  const auto bob = join("bob@example.com");
  EXPECT_EQ(call(http::Method::delete_, "/api/shared/" + one, nullptr, bob).status, 404);
  EXPECT_EQ(get("/api/shared/" + one).status, 200);
  EXPECT_EQ(call(http::Method::delete_, "/api/shared/" + one, nullptr, token).status, 204);
  EXPECT_EQ(get("/api/shared/" + one).status, 404);
  EXPECT_EQ(get("/api/shared/" + two).status, 200);
  EXPECT_EQ(call(http::Method::delete_, "/api/conversations/" + id + "/share", nullptr, bob).status, 404);
  EXPECT_EQ(call(http::Method::delete_, "/api/conversations/" + id + "/share", nullptr, token).status, 204);
  EXPECT_EQ(get("/api/shared/" + two).status, 404);
  EXPECT_EQ(get("/api/shared/" + three).status, 404);
  const auto last = share();
  EXPECT_EQ(call(http::Method::delete_, "/api/conversations/" + id, nullptr, token).status, 204);
  EXPECT_EQ(get("/api/shared/" + last).status, 404) << "what is deleted is shared no more";
  EXPECT_EQ(get("/api/shared/nonsense").status, 404);
}

}  // namespace
}  // namespace odeon::chat

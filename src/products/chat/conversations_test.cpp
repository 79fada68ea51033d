#include "products/chat/conversations.hpp"

#include <gmock/gmock.h>

#include "products/chat/house_test.hpp"
#include "products/chat/personal_data.hpp"

namespace odeon::chat {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

struct ConversationsTest : ChatHouse {
  ConversationsTest() { model("openai/gpt-4o-mini", {says("An answer about Ångström."), ends()}); }

  std::string start(const std::string& token, const std::string& question) {
    const auto reply = ask(token, {{"text", question}});
    EXPECT_EQ(reply.status, 200) << reply.body;
    clock.advance(std::chrono::seconds(1));
    return text(reply.at("conversation_id"));
  }
  std::vector<std::string> found(const std::string& token, const std::string& words) {
    std::vector<std::string> titles;
    const auto reply = get("/api/conversations/search?q=" + text::percent_encode(words), token);
    EXPECT_EQ(reply.status, 200) << reply.body;
    for (const auto& hit : reply.at("results").as_array()) titles.push_back(text(hit.at("title")));
    return titles;
  }
};

TEST_F(ConversationsTest, AreListedNewestFirstPageByPage) {
  const auto token = join();
  for (const char* question : {"one", "two", "three", "four", "five"}) start(token, question);
  std::vector<std::string> titles;
  std::string cursor;
  for (int pages = 0; pages < 3; ++pages) {
    const auto page = get("/api/conversations?limit=2&cursor=" + cursor, token);
    for (const auto& each : page.at("conversations").as_array()) titles.push_back(text(each.at("title")));
    const auto next = page.at("next_cursor");
    EXPECT_EQ(next.is_null(), pages == 2);
    cursor = next.is_null() ? "" : text(next);
  }
  EXPECT_THAT(titles, ElementsAre("five", "four", "three", "two", "one"));
  EXPECT_EQ(get("/api/conversations?cursor=nonsense", token).status, 400);
  EXPECT_EQ(get("/api/conversations?limit=1000", token).status, 200);
  EXPECT_EQ(get("/api/conversations").status, 401);
}

TEST_F(ConversationsTest, AreTheirOwnersAlone) {
  const auto token = join(), other = join("bob@example.com");
  const auto id = start(token, "Secret.");
  const std::string path = "/api/conversations/" + id;
  EXPECT_EQ(get(path, other).status, 404);
  EXPECT_EQ(get(path + "/export", other).status, 404);
  EXPECT_EQ(call(http::Method::patch, path, {{"title", "Mine"}}, other).status, 404);
  EXPECT_EQ(call(http::Method::patch, path, json::object(), other).status, 404);
  EXPECT_EQ(call(http::Method::delete_, path, nullptr, other).status, 404);
  EXPECT_EQ(post(path + "/share", json::object(), other).status, 404);
  EXPECT_THAT(found(other, "secret"), ElementsAre());
  EXPECT_EQ(listed(other), 0U);
  EXPECT_EQ(get(path, token).status, 200);
}

TEST_F(ConversationsTest, AreRenamedAndDeleted) {
  const auto token = join();
  const std::string path = "/api/conversations/" +
                           start(token, "What a long question this is, it goes on and on, and then some more of it.");
  EXPECT_EQ(get(path, token).at("conversation").at("title"),
            "What a long question this is, it goes on and on, and then…");
  EXPECT_EQ(call(http::Method::patch, path, {{"title", " Short\n one "}}, token).at("title"), "Short one");
  EXPECT_EQ(get(path, token).at("conversation").at("title"), "Short one");
  EXPECT_EQ(call(http::Method::patch, path, {{"title", " "}}, token).status, 400);
  EXPECT_EQ(call(http::Method::patch, path, {{"branch", "nothing"}}, token).status, 400);
  EXPECT_EQ(get(path + "?branch=nothing", token).status, 400);
  EXPECT_EQ(call(http::Method::delete_, path, nullptr, token).status, 204);
  EXPECT_EQ(get(path, token).status, 404);
  EXPECT_EQ(call(http::Method::delete_, path, nullptr, token).status, 404);
}

TEST_F(ConversationsTest, GiveTheirPlaceBackWhenDeletedUnanswered) {
  const auto token = join();
  const auto put = [&] { return run_task(asking.put(ids.at("ada@example.com"), "Hello?", std::nullopt)); };
  const auto remove = [&](const Asked& asked) {
    return call(http::Method::delete_, "/api/conversations/" + asked.conversation_id, nullptr, token).status;
  };
  const auto of = [&] { return run_task(allowances.of(ids.at("ada@example.com"), product, kConversations)); };
  EXPECT_EQ(remove(put()), 204);
  EXPECT_EQ(of().reserved, 0) << "a server died under it";
  const auto answering = put();
  EXPECT_EQ(remove(answering), 204);
  run_task(asking.answered(answering));
  EXPECT_EQ(of().used, 1) << "who deletes it while it is answered has had an answer";
  EXPECT_EQ(of().reserved, 0);
}

TEST_F(ConversationsTest, AreFoundByAllTheirWordsInAnyOrder) {
  const auto token = join();
  start(token, "How tall is the Eiffel tower?");
  start(token, "The tower of Pisa leans 100% of the time_");
  EXPECT_THAT(found(token, "TOWER"),
              ElementsAre("The tower of Pisa leans 100% of the time_", "How tall is the Eiffel tower?"));
  EXPECT_THAT(found(token, "tower  eiffel"), ElementsAre("How tall is the Eiffel tower?"));
  EXPECT_THAT(found(token, "ångström pisa"), ElementsAre("The tower of Pisa leans 100% of the time_"));
  EXPECT_THAT(found(token, "100%"), ElementsAre("The tower of Pisa leans 100% of the time_"));
  for (const char* none : {"1%0", "t_wer", "e!iffel", "' OR 1=1 --", "tower tower tower tower berlin"})
    EXPECT_THAT(found(token, none), ElementsAre()) << none;
  EXPECT_EQ(get("/api/conversations/search?q=%20", token).status, 400);
  const auto hit = get("/api/conversations/search?q=eiffel", token).at("results").at(0);
  EXPECT_THAT(text(hit.at("excerpt")), HasSubstr("Eiffel"));
}

TEST_F(ConversationsTest, AreTakenAway) {
  const auto token = join();
  const auto id = start(token, "Keep this.");
  const auto markdown = get("/api/conversations/" + id + "/export?format=markdown", token);
  EXPECT_EQ(markdown.body,
            "# Keep this.\n\n## You · 2026-11-20T07:30:00Z\n\nKeep this.\n\n## gpt-4o-mini · 2026-11-20T07:30:00Z\n\n"
            "An answer about Ångström.\n");
  EXPECT_THAT(std::string(markdown.headers.get("Content-Disposition")), HasSubstr("Keep%20this"));
  const auto document = get("/api/conversations/" + id + "/export", token);
  EXPECT_EQ(text(document.at("conversation").at("id")), id);
  ASSERT_EQ(document.at("messages").as_array().size(), 2U);
  EXPECT_EQ(document.at("leaf_id"), document.at("messages").at(1).at("id"));
  const auto shown = get("/api/conversations/" + id, token).at("messages").at(1);
  EXPECT_GT(shown.at("cost_usd").to_number<double>(), 0);
  EXPECT_EQ(document.at("messages").at(1).at("cost_usd"), shown.at("cost_usd"));
  EXPECT_EQ(get("/api/conversations/" + id + "/export?format=pdf", token).status, 400);
}

TEST_F(ConversationsTest, AreToldWholeAndForgotten) {
  const auto token = join(), other = join("bob@example.com");
  const auto id = start(token, "About me.");
  start(other, "About Bob.");
  EXPECT_EQ(post("/api/conversations/" + id + "/share", json::object(), token).status, 201);
  call(http::Method::patch, "/api/user/settings", {{"retention_days", 7}}, token);
  call(http::Method::put, "/api/memory/policy", {{"policy", "off"}, {"conversation_id", id}}, token);
  ChatData data(*database, storage);
  testing::KeptArchive archive;
  run_task(data.tell(ids.at("ada@example.com"), "", archive));
  ASSERT_EQ(archive.documents.size(), 2U);
  EXPECT_EQ(archive.documents.at("chat/settings.json"), R"({"retention_days":7})");
  const auto told = json::parse(archive.documents.at("chat/conversations/" + id + ".json"));
  EXPECT_EQ(told.at("messages").at(0).at("parts").at(0).at("text"), "About me.");
  EXPECT_EQ(told.at("memory"), "off");
  EXPECT_EQ(told.at("leaf_id"), told.at("messages").at(1).at("id"));
  ASSERT_EQ(told.at("shares").as_array().size(), 1U);
  EXPECT_EQ(told.at("shares").at(0).at("message_id"), told.at("leaf_id"));
  EXPECT_EQ(told.at("shares").at(0).at("alone"), false);
  EXPECT_EQ(run_task(data.forget(ids.at("ada@example.com"), "stories")).rows, 0);
  EXPECT_EQ(run_task(data.forget(ids.at("ada@example.com"), "")).rows, 5)
      << "a conversation, two messages, a link, settings";
  EXPECT_EQ(run_task(data.forget(ids.at("ada@example.com"), "")).rows, 0);
  EXPECT_EQ(listed(token), 0U);
  EXPECT_EQ(listed(other), 1U);
}

}  // namespace
}  // namespace odeon::chat

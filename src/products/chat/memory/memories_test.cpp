#include "products/chat/memory/memories.hpp"

#include <gmock/gmock.h>

#include "products/chat/memory/memory_test.hpp"
#include "products/chat/personal_data.hpp"

namespace odeon::chat {
namespace {

using ::testing::HasSubstr;

struct MemoriesTest : MemoryHouse {
  MemoriesTest() { model("openai/gpt-4o-mini", {says("I see."), ends()}); }
  std::string write(const std::string& token, const std::string& what, bool pinned = false) {
    const auto reply = post("/api/memories", {{"text", what}, {"pinned", pinned}}, token);
    EXPECT_EQ(reply.status, 201) << reply.body;
    clock.advance(std::chrono::seconds(1));
    return text(reply.at("id"));
  }
  Reply change(const std::string& token, const std::string& id, json::object what) {
    return call(http::Method::patch, "/api/memories/" + id, std::move(what), token);
  }
};

TEST_F(MemoriesTest, AreSeenPageByPageAndFound) {
  const auto token = join("ada@example.com", "ultra");
  for (const char* what : {"Likes Ångström", "Likes 100% wool", "Lives in Oslo"}) write(token, what);
  std::string all, cursor;
  for (int pages = 0; pages < 2; ++pages) {
    const auto page = get("/api/memories?limit=2&cursor=" + cursor, token);
    for (const auto& each : page.at("memories").as_array()) all += text(each.at("text")) + " | ";
    const auto next = page.at("next_cursor");
    EXPECT_EQ(next.is_null(), pages == 1);
    cursor = next.is_null() ? "" : text(next);
  }
  EXPECT_EQ(all, "Lives in Oslo | Likes 100% wool | Likes Ångström | ");
  EXPECT_EQ(facts(token, "?q=" + text::percent_encode("ÅNGSTR")), "Likes Ångström");
  EXPECT_EQ(facts(token, "?q=100%25"), "Likes 100% wool");
  EXPECT_EQ(facts(token, "?q=1%250"), "");
  EXPECT_EQ(get("/api/memories?cursor=nonsense", token).status, 400);
  EXPECT_EQ(get("/api/memories").status, 401);
}

TEST_F(MemoriesTest, AreWrittenAndChangedByTheirOwner) {
  const auto token = join("ada@example.com", "ultra");
  const auto id = write(token, "  Lives in\n Oslo ");
  auto memory = known(token)[0];
  EXPECT_EQ(memory.at("text"), "Lives in Oslo");
  EXPECT_EQ(memory.at("confidence").to_number<double>(), 1);
  EXPECT_TRUE(memory.at("conversation_id").is_null());
  memory = change(token, id, {{"text", "Lives in Rome"}, {"pinned", true}}).json();
  EXPECT_EQ(memory.at("text"), "Lives in Rome");
  EXPECT_EQ(memory.at("pinned"), true);
  EXPECT_EQ(change(token, id, {{"pinned", false}}).at("text"), "Lives in Rome");
  EXPECT_EQ(facts(token, "?q=rome"), "Lives in Rome");
  for (const auto& [what, why] : {std::pair{json::object{{"text", " "}}, "nothing"},
                                  {json::object{{"text", "My password is x"}}, "a secret"},
                                  {json::object{{"text", std::string(301, 'x')}}, "too long"},
                                  {json::object{{"pinned", "yes"}}, "no truth value"}}) {
    EXPECT_EQ(change(token, id, what).status, 400) << why;
    EXPECT_EQ(post("/api/memories", what, token).status, 400) << why;
  }
  EXPECT_EQ(change(token, "nobody", {{"pinned", true}}).status, 404);
  EXPECT_EQ(facts(token), "Lives in Rome");
}

TEST_F(MemoriesTest, OfEachPlan) {
  const auto pro = join("pro@example.com", "pro"), none = join("none@example.com", "pro"),
             ultra = join("ultra@example.com", "ultra");
  for (const auto& token : {pro, none, ultra}) {
    const auto conversation = say(token, "I live in Oslo.");
    say(token, "I like tea.");
    const bool inspects = token == ultra;
    if (token == none) run_task(subscriptions.set_plan(ids.at("none@example.com"), product, "none"));
    const auto id = text(known(token)[0].at("id"));
    const auto message = text(get("/api/conversations/" + conversation, token).at("messages").at(1).at("id"));
    for (const auto& reply :
         {post("/api/memories", {{"text", "Likes coffee"}}, token), change(token, id, {{"pinned", true}}),
          get("/api/messages/" + message + "/memories", token)}) {
      EXPECT_EQ(reply.status < 300, inspects);
      if (!inspects) EXPECT_EQ(reply.at("code"), "UPGRADE_REQUIRED");
      if (!inspects) EXPECT_EQ(reply.at("upgrade_url"), "/pricing");
    }
    EXPECT_EQ(call(http::Method::delete_, "/api/memories/" + id, nullptr, token).status, 204);
    EXPECT_EQ(choose(token, {{"policy", "off"}}), 200) << "what is anybody's right";
    EXPECT_EQ(call(http::Method::delete_, "/api/memories", nullptr, token).status, 204);
    EXPECT_EQ(facts(token), "");
  }
}

TEST_F(MemoriesTest, OfAnAnswer) {
  const auto token = join("ada@example.com", "ultra");
  const auto id = write(token, "Lives in Oslo", true), other = write(token, "Likes tea", true);
  const auto reply = ask(token, {{"text", "Why?"}});
  EXPECT_EQ(reply.at("memories"), (json::array{other, id}));
  const std::string path = "/api/messages/" + text(reply.at("message_id")) + "/memories";
  EXPECT_EQ(get(path, token).at("memories").as_array().size(), 2U);
  EXPECT_EQ(get("/api/messages/" + text(reply.at("user_message_id")) + "/memories", token).at("memories"),
            json::array());
  EXPECT_EQ(get("/api/messages/nothing/memories", token).status, 404);
  EXPECT_EQ(call(http::Method::delete_, "/api/memories/" + id, nullptr, token).status, 204);
  EXPECT_EQ(call(http::Method::delete_, "/api/memories/" + id, nullptr, token).status, 404);
  const auto left = get(path, token).at("memories").as_array();
  ASSERT_EQ(left.size(), 1U) << "what is forgotten is nowhere";
  EXPECT_EQ(left[0].at("text"), "Likes tea");
  EXPECT_FALSE(left[0].at("last_used_at").is_null());
}

TEST_F(MemoriesTest, OutliveTheirConversationUnlessTheyAreBoundOrUnwanted) {
  const auto token = join();
  const auto first = say(token, "I live in Oslo."), second = say(token, "I like tea.");
  choose(token, {{"policy", "conversation"}});
  const auto bound = say(token, "I like coffee.");
  ASSERT_EQ(facts(token), "Likes coffee | Likes tea | Lives in Oslo");
  EXPECT_EQ(known(token, "?q=coffee")[0].at("scope"), "conversation");
  const auto remove = [&](const std::string& id) {
    return call(http::Method::delete_, "/api/conversations/" + id, nullptr, token).status;
  };
  EXPECT_EQ(remove(bound), 204);
  EXPECT_EQ(facts(token), "Likes tea | Lives in Oslo");
  EXPECT_EQ(remove(first), 204);
  EXPECT_EQ(facts(token), "Likes tea | Lives in Oslo");
  EXPECT_TRUE(known(token, "?q=oslo")[0].at("conversation_id").is_null());
  EXPECT_EQ(remove(second + "?forget=true"), 204);
  EXPECT_EQ(facts(token), "Lives in Oslo");
}

TEST_F(MemoriesTest, ChoicesAreToldAndTakenBack) {
  const auto token = join();
  const auto id = say(token, "Hello.");
  const std::string here = "/api/memory/policy?conversation_id=" + id;
  EXPECT_EQ(get("/api/memory/policy", token).json(),
            (json::value{{"policy", "everything"}, {"is_default", true}, {"effective", "everything"}}));
  EXPECT_EQ(choose(token, {{"policy", "conversation"}}), 200);
  EXPECT_EQ(
      get(here, token).json(),
      (json::value{
          {"policy", "conversation"}, {"is_default", true}, {"conversation_id", id}, {"effective", "conversation"}}));
  EXPECT_EQ(choose(token, {{"policy", "off"}, {"conversation_id", id}}), 200);
  EXPECT_EQ(get(here, token).at("policy"), "off");
  EXPECT_EQ(get(here, token).at("is_default"), false);
  EXPECT_EQ(choose(token, {{"policy", nullptr}, {"conversation_id", id}}), 200);
  EXPECT_EQ(get(here, token).at("is_default"), true);
  EXPECT_EQ(get("/api/memory/policy?conversation_id=nothing", token).status, 404);
  EXPECT_EQ(get("/api/memory/policy").status, 401);
}

TEST_F(MemoriesTest, AreToldWholeAndErased) {
  const auto token = join(), other = join("bob@example.com");
  say(token, "My name is Ada.");
  say(other, "My name is Bob.");
  ask(token, {{"text", "Who am I?"}});
  choose(token, {{"policy", "conversation"}});
  ChatData data(*database, storage);
  testing::KeptArchive archive;
  run_task(data.tell(ids.at("ada@example.com"), "", archive));
  const auto told = json::parse(archive.documents.at("chat/memories.json"));
  EXPECT_EQ(told.at("policy"), "conversation");
  EXPECT_EQ(told.at("memories").at(0).at("text"), "Name: Ada");
  ASSERT_EQ(told.at("uses").as_array().size(), 1U);
  EXPECT_EQ(told.at("uses").at(0).at("memory_id"), told.at("memories").at(0).at("id"));
  run_task(data.forget(ids.at("ada@example.com"), ""));
  EXPECT_EQ(facts(token), "");
  EXPECT_EQ(get("/api/memory/policy", token).at("is_default"), true);
  EXPECT_EQ(facts(other), "Name: Bob");
  EXPECT_TRUE(run_task(database->query<std::string>("SELECT memory_id FROM chat_memory_uses")).empty());
}

}  // namespace
}  // namespace odeon::chat

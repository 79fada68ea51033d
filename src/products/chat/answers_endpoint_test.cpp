// Chatting over HTTP: what is told, what is kept of it, and what each tier may ask.
#include <gmock/gmock.h>

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "products/chat/house_test.hpp"

namespace odeon::chat {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace asio::experimental::awaitable_operators;

constexpr std::int64_t kDollar = 1'000'000'000;

struct AnswersTest : ChatHouse {
  std::string path_of(const std::string& token, const std::string& conversation) {
    std::string path;
    for (const auto& message : get("/api/conversations/" + conversation, token).at("messages").as_array())
      path += (path.empty() ? "" : " | ") + text(message.at("text"));
    return path;
  }
  // The first of two tasks to end cuts the other off, as a connection that closes does.
  static Task<void> until_gone(http::Response response, Reader& reader) {
    auto leave = [](Reader& reader) -> Task<void> {
      while (!reader.gone()) co_await sleep_on_loop(std::chrono::seconds(0));
    };
    static_cast<void>(co_await (settle(std::get<http::StreamBody>(response.body)(reader)) || leave(reader)));
  }
  Task<http::Response> asked(json::object question) {
    http::Caller caller{.user_id = ids.at("ada@example.com")};
    co_return co_await answers.chat(caller, json::from<ChatRequest>(json::write(question)));
  }
};

TEST_F(AnswersTest, AreToldAsTheyComeAndKept) {
  model("openai/gpt-4o-mini", {says("Good "), says("morning."), ends()});
  const auto token = join();
  const auto events = hear(token, {{"text", "Hello, how are you today?"}});
  ASSERT_EQ(names_of(events), "meta delta delta usage done");
  const auto& meta = events[0].data;
  EXPECT_EQ(meta.at("model"), "gpt-4o-mini");
  EXPECT_EQ(meta.at("route_reason"), "simple");
  EXPECT_EQ(events[1].data.at("text"), "Good ");
  EXPECT_EQ(events[3].data.at("input_tokens"), 1'000);
  EXPECT_EQ(events[3].data.at("output_tokens"), 100);
  // 1000 tokens at $0.15 a million and 100 at $0.60.
  EXPECT_DOUBLE_EQ(events[3].data.at("cost_usd").to_number<double>(), 0.00021);
  EXPECT_DOUBLE_EQ(events[3].data.at("budget_left_usd").to_number<double>(), 10 - 0.00021);
  EXPECT_EQ(events[4].data.at("finish"), "stop");
  EXPECT_EQ(used("conversations"), 1);

  const auto read = get("/api/conversations/" + text(meta.at("conversation_id")), token);
  EXPECT_EQ(read.at("conversation").at("title"), "Hello, how are you today?");
  const auto messages = read.at("messages").as_array();
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].at("id"), meta.at("user_message_id"));
  EXPECT_EQ(messages[1].at("id"), meta.at("message_id"));
  EXPECT_EQ(messages[1].at("text"), "Good morning.");
  EXPECT_EQ(messages[1].at("finish"), "stop");
  EXPECT_DOUBLE_EQ(messages[1].at("cost_usd").to_number<double>(), 0.00021);
}

TEST_F(AnswersTest, GoOnInAConversationWithAllThatWasSaid) {
  const auto play = model("openai/gpt-4o-mini", {says("Yes."), ends()});
  const auto token = join();
  const auto first = ask(token, {{"text", "One?"}});
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(first.at("text"), "Yes.");
  EXPECT_EQ(first.at("finish"), "stop");
  const auto next = ask(token, {{"text", "Two?"}, {"conversation_id", first.at("conversation_id")}});
  EXPECT_EQ(next.at("conversation_id"), first.at("conversation_id"));
  ASSERT_EQ(play->asked.size(), 2U);
  std::string said;
  for (const auto& message : play->asked[1].messages)
    if (message.role != ai::MessageRole::system) said += message.text() + " ";
  EXPECT_EQ(said, "One? Yes. Two? ");
  EXPECT_EQ(play->asked[1].payer.tier, "pro");
  EXPECT_EQ(used("conversations"), 1);
  EXPECT_EQ(path_of(token, text(first.at("conversation_id"))), "One? | Yes. | Two? | Yes.");
}

TEST_F(AnswersTest, AreGivenAgainAtTemperatureZeroUnlessMemoryHasAPart) {
  const auto play = model("openai/gpt-4o-mini", {says("Yes."), ends()});
  const auto token = join("ada@example.com", "ultra"), other = join("bob@example.com", "ultra");
  const json::object question{{"text", "Is it?"}, {"temperature", 0}};
  const auto first = ask(token, question);
  EXPECT_EQ(first.at("cached"), false);
  const auto spent = used("spend");
  const auto again = hear(token, question);
  EXPECT_EQ(again[0].data.at("cached"), true);
  EXPECT_EQ(again[1].data.at("text"), "Yes.");
  EXPECT_EQ(again[2].data.at("cost_usd").to_number<double>(), 0);
  EXPECT_EQ(used("spend"), spent);
  EXPECT_EQ(play->asked.size(), 1U);
  EXPECT_EQ(ask(other, question).at("cached"), false) << "it is hers";
  EXPECT_EQ(ask(token, {{"text", "Is it?"}}).at("cached"), false) << "at another temperature";
  const json::object anew{{"message_id", first.at("message_id")}, {"temperature", 0}};
  EXPECT_EQ(ask(token, anew, "/api/chat/regenerate").at("cached"), false) << "who asks for another gets another";
  EXPECT_EQ(post("/api/memories", {{"text", "Likes tea"}, {"pinned", true}}, token).status, 201);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(ask(token, question).at("cached"), false);
}

TEST_F(AnswersTest, ComeWithoutAnyModelAndSaySo) {
  const auto token = join();
  const auto events = hear(token, {{"text", "What is 3.5 percent of 1,200?"}});
  ASSERT_EQ(names_of(events), "meta delta usage done");
  EXPECT_EQ(events[0].data.at("model"), "odeon-offline");
  EXPECT_EQ(events[0].data.at("route_reason"), "offline");
  EXPECT_THAT(text(events[1].data.at("text")), HasSubstr("No AI model"));
  EXPECT_THAT(text(events[1].data.at("text")), HasSubstr("1,200; 3.5"));
  EXPECT_EQ(events[2].data.at("cost_usd").to_number<double>(), 0);
  const auto named = ask(token, {{"text", "And now?"}, {"model", "gpt-4o"}});
  EXPECT_EQ(named.at("model"), "odeon-offline");
}

TEST_F(AnswersTest, StayAsFarAsTheyCame) {
  model("openai/gpt-4o-mini", {says("It was a dark "), says("and sto")})->fault =
      Error(Fault::upstream, "STREAM_CUT", "Broken.");
  const auto token = join();
  const auto events = hear(token, {{"text", "A story."}});
  ASSERT_EQ(names_of(events), "meta delta delta error");
  EXPECT_EQ(events[3].data.at("code"), "AI_UNAVAILABLE");
  EXPECT_EQ(events[3].data.at("retry_after"), 30);
  const auto read = get("/api/conversations/" + text(events[0].data.at("conversation_id")), token);
  EXPECT_EQ(read.at("messages").at(1).at("text"), "It was a dark and sto");
  EXPECT_EQ(read.at("messages").at(1).at("finish"), "cut");
  const auto whole = ask(token, {{"text", "Another."}});
  EXPECT_EQ(whole.status, 503);
  EXPECT_EQ(whole.at("code"), "AI_UNAVAILABLE");
}

TEST_F(AnswersTest, AreContinuedByAnotherModelWhereThatIsAskedFor) {
  model("openai/gpt-4o-mini", {says("It was a dark")})->fault = Error(Fault::upstream, "STREAM_CUT", "Broken.");
  model("openai/gpt-4o", {says(" and stormy night."), ends()});
  const auto token = join();
  EXPECT_EQ(names_of(hear(token, {{"text", "A story."}})), "meta delta error");
  const auto events = hear(token, {{"text", "A story."}, {"continue", true}});
  ASSERT_EQ(names_of(events), "meta delta continued delta usage done");
  EXPECT_EQ(events[0].data.at("model"), "gpt-4o-mini");
  EXPECT_EQ(events[2].data.at("model"), "gpt-4o");
  const auto read = get("/api/conversations/" + text(events[0].data.at("conversation_id")), token);
  EXPECT_EQ(read.at("messages").at(1).at("text"), "It was a dark and stormy night.");
  EXPECT_EQ(read.at("messages").at(1).at("finish"), "stop");
}

TEST_F(AnswersTest, WhoGoesAwayFindsWhatThereWas) {
  const auto play = model("openai/gpt-4o-mini", {says("First words"), says(" and more")});
  play->hangs = true;
  const auto token = join();
  Reader reader("First words");
  run_task([](AnswersTest& test, Reader& reader) -> Task<void> {
    auto response = co_await test.asked({{"text", "Tell me."}});
    co_await until_gone(std::move(response), reader);
    co_await test.gateway.stop();  // what is written down afterwards, is now
  }(*this, reader));
  EXPECT_EQ(play->open, 0) << "the call is closed";
  const auto id = text(get("/api/conversations", token).at("conversations").at(0).at("id"));
  EXPECT_THAT(path_of(token, id), HasSubstr("Tell me. | First words"));
  EXPECT_EQ(get("/api/conversations/" + id, token).at("messages").at(1).at("finish"), "cut");
  EXPECT_GT(used("spend"), 0) << "and paid for";
  EXPECT_LT(used("spend"), kDollar / 1'000) << "but not what was only held";
}

TEST_F(AnswersTest, WhoGoesAwayBeforeAnybodyBeganTakesTheirQuestionBack) {
  const auto play = model("openai/gpt-4o-mini", {});
  play->hangs = true;
  const auto token = join();
  run_task([](AnswersTest& test, const Play& play) -> Task<void> {
    auto leave = [](const Play& play) -> Task<void> {
      while (play.open == 0) co_await sleep_on_loop(std::chrono::seconds(0));
    };
    static_cast<void>(co_await (settle(test.asked({{"text", "Anybody?"}})) || leave(play)));
    co_await test.gateway.stop();
  }(*this, *play));
  EXPECT_EQ(listed(token), 0U);
  EXPECT_EQ(used("conversations"), 0);
}

TEST_F(AnswersTest, ThatFailTakeNothingOfWhoWentOnMeanwhile) {
  const auto token = join();
  const auto id = ids.at("ada@example.com");
  const auto first = run_task(asking.put(id, "One?", std::nullopt, {}));
  const auto second = run_task(asking.put(id, "Two?", first.conversation_id, {}));
  run_task(asking.take_back(first));
  EXPECT_EQ(path_of(token, first.conversation_id), "One? | Two?");
  EXPECT_EQ(used("conversations"), 1);
  run_task(asking.take_back(second));
  EXPECT_EQ(path_of(token, first.conversation_id), "One?");
}

TEST_F(AnswersTest, AreWrittenOnceForEachRead) {
  model("openai/gpt-4o-mini",
        {{ai::TextDelta{"a"}, ai::TextDelta{"b"}}, {ai::TextDelta{"c"}, ai::TextDelta{"d"}, ends().front()}});
  join();
  Reader reader;
  run_task([](AnswersTest& test, Reader& reader) -> Task<void> {
    auto response = co_await test.asked({{"text", "Letters."}});
    co_await std::get<http::StreamBody>(response.body)(reader);
  }(*this, reader));
  EXPECT_EQ(names_of(told_in(reader.text)), "meta delta delta usage done");
  EXPECT_EQ(reader.writes, 3);
}

TEST_F(AnswersTest, NobodyThereLeavesNoTrace) {
  const auto play = model("openai/gpt-4o-mini", {says("Yes."), ends()});
  const auto token = join();
  const auto there = ask(token, {{"text", "Somebody?"}});
  const auto id = text(there.at("conversation_id"));
  const auto spent = used("spend");
  play->refusal = Error(Fault::unavailable, "PROVIDER_BUSY", "Later.").with_retry_after(std::chrono::seconds(7));
  const auto refused = post("/api/chat", {{"text", "Anybody?"}}, token);
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.at("code"), "AI_UNAVAILABLE");
  EXPECT_GT(refused.at("retry_after").as_int64(), 0);
  EXPECT_EQ(ask(token, {{"text", "Still?"}, {"conversation_id", id}}).status, 503);
  EXPECT_EQ(ask(token, {{"message_id", there.at("message_id")}}, "/api/chat/regenerate").status, 503);
  EXPECT_EQ(listed(token), 1U);
  EXPECT_EQ(used("conversations"), 1);
  EXPECT_EQ(used("spend"), spent);
  EXPECT_EQ(path_of(token, id), "Somebody? | Yes.");
}

TEST_F(AnswersTest, OfWhomNothingCameLeaveNoTraceEither) {
  const ai::TextEvents thinks{ai::ReasoningDelta{.text = "Hm."}};
  const auto play = model("openai/gpt-4o-mini", {thinks, ends(ai::Finish::length)});
  const auto token = join();
  for (const bool breaks : {false, true}) {
    if (breaks) {
      play->reads = {thinks};
      play->fault = Error(Fault::upstream, "STREAM_CUT", "Broken.");
    }
    const auto events = hear(token, {{"text", "Anybody?"}});
    EXPECT_EQ(names_of(events), "meta error");
    EXPECT_EQ(events[1].data.at("code"), "AI_UNAVAILABLE");
    EXPECT_EQ(ask(token, {{"text", "Anybody?"}}).status, 503);
  }
  EXPECT_EQ(listed(token), 0U);
  EXPECT_EQ(used("conversations"), 0);
  model("openai/gpt-4o", {says("I am."), ends()});
  const auto reply = ask(token, {{"text", "Anybody?"}, {"continue", true}});
  EXPECT_EQ(reply.at("text"), "I am.");
  EXPECT_EQ(reply.at("continued"), json::value(json::array{"gpt-4o"}));
  EXPECT_EQ(used("conversations"), 1);
}

TEST_F(AnswersTest, AreNotMadeUpWhereAModelOfOnesOwnFails) {
  const auto play = model("openai/my-own", {says("Mine."), ends()});
  const auto token = join();
  const auto mine = ask(token, {{"text", "Who?"}});
  EXPECT_EQ(mine.at("text"), "Mine.");
  EXPECT_EQ(mine.at("route_reason"), "other");
  play->refusal = Error(Fault::unavailable, "PROVIDER_BUSY", "Later.");
  EXPECT_EQ(ask(token, {{"text", "Who?"}}).status, 503);
  EXPECT_EQ(ask(token, {{"text", "Who?"}, {"model", "gpt-4o"}}).at("code"), "MODEL_UNAVAILABLE");
}

TEST_F(AnswersTest, ComeFromTheSellerWhoIsNamed) {
  model("openai/gpt-4o-mini", {says("Direct."), ends()});
  model("openrouter/openai/gpt-4o-mini", {says("Resold."), ends()});
  const auto token = join();
  const auto ask_of = [&](const char* name) { return ask(token, {{"text", "Who?"}, {"model", name}}); };
  EXPECT_EQ(ask_of("gpt-4o-mini").at("text"), "Direct.");
  EXPECT_EQ(ask_of("openrouter/openai/gpt-4o-mini").at("text"), "Resold.");
  EXPECT_EQ(ask_of("openrouter/openai/gpt-4o").at("code"), "MODEL_UNAVAILABLE");
}

TEST_F(AnswersTest, ComeFromWhomeverTheTextIsNotTooLongFor) {
  const Error too_long(Fault::invalid, ai::kTooLong, "The text is too long for this model.");
  model("openai/gpt-4o-mini", {})->refusal = too_long;
  const auto token = join();
  const auto refused = ask(token, {{"text", "Very long."}});
  EXPECT_EQ(refused.status, 400) << refused.body;
  EXPECT_EQ(refused.at("code"), "TEXT_TOO_LONG");
  EXPECT_TRUE(refused.at("details").as_object().contains("text"));
  EXPECT_EQ(listed(token), 0U);
  model("openai/gpt-4o", {says("Large."), ends()});
  EXPECT_EQ(ask(token, {{"text", "Very long."}}).at("text"), "Large.");
}

TEST_F(AnswersTest, ComeFromAModelAgainOnceItHasRested) {
  const auto play = model("openai/gpt-4o-mini", {says("Mini."), ends()});
  model("openai/gpt-4o", {says("Large."), ends()});
  const auto token = join();
  const auto answer = [&] { return text(ask(token, {{"text", "Is it?"}}).at("text")); };
  play->refusal = Error(Fault::rate_limited, "PROVIDER_BUSY", "Later.").with_retry_after(std::chrono::seconds(7));
  EXPECT_EQ(answer(), "Large.");
  play->refusal.reset();
  EXPECT_EQ(answer(), "Large.") << "it rests";
  clock.advance(std::chrono::seconds(7));
  EXPECT_EQ(answer(), "Mini.");
  EXPECT_EQ(answer(), "Mini.");
}

TEST_F(AnswersTest, AreAskedAgainAsABranch) {
  model("openai/gpt-4o-mini", {says("Small."), ends()});
  model("openai/gpt-4o", {says("Large."), ends()});
  const auto token = join();
  const auto first = ask(token, {{"text", "How?"}});
  const auto id = text(first.at("conversation_id"));
  ask(token, {{"text", "Go on."}, {"conversation_id", id}});
  const auto again = hear(token, {{"message_id", first.at("message_id")}, {"model", "gpt-4o"}}, "/api/chat/regenerate");
  ASSERT_EQ(names_of(again), "meta delta usage done");
  EXPECT_EQ(again[0].data.at("user_message_id"), first.at("user_message_id"));
  EXPECT_EQ(again[0].data.at("route_reason"), "named");
  EXPECT_EQ(path_of(token, id), "How? | Large.");
  const auto branches = get("/api/conversations/" + id, token).at("messages").at(1).at("branches");
  EXPECT_EQ(branches, (json::array{first.at("message_id"), again[0].data.at("message_id")}));
  const auto old = get("/api/conversations/" + id + "?branch=" + text(first.at("message_id")), token);
  EXPECT_EQ(old.at("messages").as_array().size(), 4U);
  EXPECT_EQ(call(http::Method::patch, "/api/conversations/" + id, {{"branch", first.at("message_id")}}, token).status,
            200);
  EXPECT_EQ(path_of(token, id), "How? | Small. | Go on. | Small.");
  EXPECT_EQ(used("conversations"), 1);
}

TEST_F(AnswersTest, OfEachTier) {
  for (const char* name : {"openai/gpt-4o-mini", "openai/gpt-4o", "openai/gpt-5.1", "anthropic/claude-sonnet-5-5",
                           "deepseek/deepseek-flash"})
    model(name, {says("Yes."), ends()});
  const auto pro = join("pro@example.com", "pro"), ultra = join("ultra@example.com", "ultra"),
             none = join("none@example.com", "none");
  struct Case {
    const std::string& token;
    const char* model;
    unsigned status;
    const char* says;  // the reason of the choice, or the code of the fault
  };
  for (const auto& [token, name, status, expected] : {Case{pro, "auto", 200, "simple"},
                                                      {pro, "gpt-4o", 200, "named"},
                                                      {pro, "gpt-4o-mini", 200, "named"},
                                                      {pro, "gpt-5", 403, "UPGRADE_REQUIRED"},
                                                      {pro, "claude-3-5-sonnet", 403, "UPGRADE_REQUIRED"},
                                                      {pro, "no-such-model", 400, "UNKNOWN_MODEL"},
                                                      {pro, "tts-1", 400, "UNKNOWN_MODEL"},
                                                      {ultra, "gpt-5", 200, "named"},
                                                      {ultra, "claude-3-5-sonnet", 200, "named"},
                                                      {ultra, "gemini-2.5-flash", 503, "MODEL_UNAVAILABLE"},
                                                      {none, "auto", 403, "UPGRADE_REQUIRED"}}) {
    const auto reply = ask(token, {{"text", "Is it?"}, {"model", name}});
    EXPECT_EQ(reply.status, status) << name << reply.body;
    EXPECT_EQ(reply.at(status == 200 ? "route_reason" : "code"), expected) << name;
    if (status == 403) EXPECT_EQ(reply.at("upgrade_url"), "/pricing");
    if (status == 400) EXPECT_TRUE(reply.at("details").as_object().contains("model"));
  }
}

TEST_F(AnswersTest, FollowTheBudgetThatIsLeft) {
  model("openai/gpt-4o-mini", {says("Mini."), ends()});
  model("deepseek/deepseek-flash", {says("Cheap."), ends()});
  const auto token = join();
  const auto id = ids.at("ada@example.com");
  EXPECT_TRUE(use(id, "spend", 9'600'000'000));
  const auto thrifty = ask(token, {{"text", "Is it?"}});
  EXPECT_EQ(thrifty.at("route_reason"), "budget_low");
  EXPECT_EQ(thrifty.at("text"), "Cheap.");
  const auto left = run_task(asking.budget_left(id));
  EXPECT_TRUE(use(id, "spend", left));
  const auto gone = ask(token, {{"text", "Is it?"}});
  EXPECT_EQ(gone.status, 402);
  EXPECT_EQ(gone.at("code"), "daily_budget_exceeded");
  EXPECT_EQ(listed(token), 1U);
  clock.advance(std::chrono::days(1));
  EXPECT_EQ(ask(token, {{"text", "Is it?"}}).status, 200);
}

TEST_F(AnswersTest, FiftyConversationsAMonthHoweverManyAskAtOnce) {
  model("openai/gpt-4o-mini", {says("Yes."), ends()});
  const auto token = join();
  int begun = 0, refused = 0;
  run_task([](AnswersTest& test, int& begun, int& refused) -> Task<void> {
    auto one = [](AnswersTest& test, int& begun, int& refused) -> Task<void> {
      http::Caller caller{.user_id = test.ids.at("ada@example.com"), .accept = "application/json"};
      const auto reply = co_await settle(test.answers.chat(caller, ChatRequest{.text = {"Me?"}}));
      ++(reply ? begun : refused);
    };
    std::vector<Task<void>> all;
    for (int i = 0; i < 100; ++i) all.push_back(one(test, begun, refused));
    co_await all_of(std::move(all));
  }(*this, begun, refused));
  EXPECT_EQ(begun, 50);
  EXPECT_EQ(refused, 50);
  EXPECT_EQ(listed(token), 50U);
  const auto more = ask(token, {{"text", "Me?"}});
  EXPECT_EQ(more.status, 403);
  EXPECT_EQ(more.at("code"), "MONTHLY_LIMIT_REACHED");
  EXPECT_EQ(more.at("upgrade_url"), "/pricing");
  const auto id = get("/api/conversations", token).at("conversations").at(0).at("id");
  EXPECT_EQ(ask(token, {{"text", "Go on?"}, {"conversation_id", id}}).status, 200);
}

TEST_F(AnswersTest, OnlyToWhoAgreedToTheTerms) {
  const auto play = model("openai/gpt-4o-mini", {says("Hello."), ends()});
  const auto token = join("ada@example.com", "ultra");
  const auto first = ask(token, {{"text", "Hello?"}});
  ASSERT_EQ(first.status, 200) << first.body;
  agree("ada@example.com", false);
  for (const auto& [path, question] : std::initializer_list<std::pair<const char*, json::object>>{
           {"/api/chat", {{"text", "Hello?"}}},
           {"/api/chat/regenerate", {{"message_id", first.at("message_id")}}},
           {"/api/chat/multi-model", {{"text", "Hello?"}, {"models", json::array{"gpt-4o-mini", "gpt-4o"}}}},
           {"/api/images", {{"prompt", "A cat."}}},
           {"/api/memories", {{"text", "I have a cat."}}}}) {
    const auto refused = ask(token, question, path);
    EXPECT_EQ(refused.status, 403) << path << refused.body;
    EXPECT_EQ(refused.at("code"), "CONSENT_REQUIRED") << path;
  }
  EXPECT_EQ(upload(token, "a.txt", "text/plain", "Hello.").at("code"), "CONSENT_REQUIRED");
  EXPECT_EQ(play->asked.size(), 1U);
  agree("ada@example.com");
  EXPECT_EQ(ask(token, {{"text", "Hello again?"}}).status, 200);
}

TEST_F(AnswersTest, OnlyToWhatMakesSense) {
  const auto token = join(), other = join("bob@example.com");
  const auto id = text(ask(token, {{"text", "Mine."}}).at("conversation_id"));
  struct Case {
    json::object question;
    unsigned status;
    const char* code;
  };
  const json::value mine(id);
  for (const auto& [question, status, code] :
       {Case{{{"text", "  "}}, 400, "VALIDATION_ERROR"}, Case{{{"text", ""}}, 400, "VALIDATION_ERROR"},
        Case{{{"text", "x"}, {"temperature", 2.5}}, 400, "VALIDATION_ERROR"},
        Case{{{"text", "x"}, {"conversation_id", mine}}, 404, "CONVERSATION_NOT_FOUND"},
        Case{{{"text", "x"}, {"conversation_id", "nonsense"}}, 404, "CONVERSATION_NOT_FOUND"}}) {
    const auto reply = ask(other, question);
    EXPECT_EQ(reply.status, status) << reply.body;
    EXPECT_EQ(reply.at("code"), code);
  }
  EXPECT_EQ(ask("", {{"text", "x"}}).status, 401);
  EXPECT_EQ(ask(other, {{"message_id", mine}}, "/api/chat/regenerate").at("code"), "MESSAGE_NOT_FOUND");
  EXPECT_EQ(used("conversations", "bob@example.com"), 0);
}

TEST_F(AnswersTest, AreNotKeptInWhatWasDeletedMeanwhile) {
  model("openai/gpt-4o-mini", {says("Too "), says("late."), ends()});
  const auto token = join();
  run_task([](AnswersTest& test) -> Task<void> {
    auto response = co_await test.asked({{"text", "Quick!"}});
    const auto rows =
        co_await store::conversations(*test.database, test.ids.at("ada@example.com"), Instant::max(), "", 10);
    auto tx = co_await test.database->begin();
    EXPECT_TRUE(co_await store::remove(*tx, rows.at(0).user_id, rows.at(0).id));
    co_await tx->commit();
    Reader reader;
    co_await std::get<http::StreamBody>(response.body)(reader);
    EXPECT_THAT(reader.text, HasSubstr("event: done"));
    EXPECT_TRUE((co_await store::messages(*test.database, rows.at(0).id)).empty());
  }(*this));
  EXPECT_EQ(listed(token), 0U);
}

}  // namespace
}  // namespace odeon::chat

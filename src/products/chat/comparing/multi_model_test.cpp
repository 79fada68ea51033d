#include "products/chat/comparing/multi_model.hpp"

#include <gmock/gmock.h>

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "products/chat/house_test.hpp"

namespace odeon::chat {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using namespace asio::experimental::awaitable_operators;

const std::string kPath = "/api/chat/multi-model";

struct MultiModelTest : ChatHouse {
  MultiModelTest() { token = join("ada@example.com", "ultra"); }

  // The events of one leg, in order.
  static std::string of(const std::vector<Told>& events, std::string_view model) {
    std::string names;
    for (const auto& each : events)
      if (const auto* about = each.data.as_object().if_contains("model");
          about != nullptr && about->as_string() == model)
        names += each.event + " ";
    return names;
  }
  std::vector<Told> all(json::array models, const std::string& question = "Which is best?") {
    return hear(token, {{"text", question}, {"models", std::move(models)}}, kPath);
  }
  json::array messages_of(const json::value& conversation) {
    return get("/api/conversations/" + text(conversation), token).at("messages").as_array();
  }
  std::string token;
};

TEST_F(MultiModelTest, AnswerSideBySideAndAreCompared) {
  model("openai/gpt-4o", {says("Paris is the capital. "), says("It has 2.1 million people."), ends()});
  model("anthropic/claude-sonnet-5-5", {says("The capital is Paris. It lies on the Seine."), ends()});
  const auto events = all({"gpt-4o", "claude-3-5-sonnet"});
  EXPECT_EQ(of(events, "gpt-4o"), "meta delta delta usage done ");
  EXPECT_EQ(of(events, "claude-sonnet-5-5"), "meta delta usage done ");
  ASSERT_GE(events.size(), 2U);
  const auto& comparison = events[events.size() - 2];
  ASSERT_EQ(comparison.event, "comparison");
  EXPECT_EQ(comparison.data.at("agreement").at("sentences"), (json::array{"Paris is the capital."}));
  EXPECT_EQ(comparison.data.at("differences").at(0).at("figures"), (json::array{"2.1"}));
  EXPECT_EQ(comparison.data.at("differences").at(1).at("sentences"), (json::array{"It lies on the Seine."}));
  EXPECT_EQ(events.back().event, "done");

  const auto messages = messages_of(events[0].data.at("conversation_id"));
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[1].at("branches").as_array().size(), 2U);
  // Which of them came first is up to the loop.
  EXPECT_THAT(text(messages[1].at("text")), AnyOf(HasSubstr("2.1 million people."), HasSubstr("lies on the Seine.")));
  EXPECT_EQ(used("conversations"), 1);
}

TEST_F(MultiModelTest, OneThatHangsDelaysNoOther) {
  model("openai/gpt-4o", {says("Hm")})->hangs = true;
  model("openai/gpt-4o-mini", {says("Quick."), ends()});
  Reader reader(R"("finish":"stop","model":"gpt-4o-mini")");
  run_task([](MultiModelTest& test, Reader& reader) -> Task<void> {
    http::Caller caller{.user_id = test.ids.at("ada@example.com")};
    auto response =
        co_await test.multi_model.ask(caller, {.text = {"Who?"}, .models = ModelNames{{"gpt-4o"}, {"gpt-4o-mini"}}});
    auto leave = [](Reader& reader) -> Task<void> {
      while (!reader.gone()) co_await sleep_on_loop(std::chrono::seconds(0));
    };
    static_cast<void>(co_await (settle(std::get<http::StreamBody>(response.body)(reader)) || leave(reader)));
  }(*this, reader));
  const auto events = told_in(reader.text);
  EXPECT_EQ(of(events, "gpt-4o-mini"), "meta delta usage done ");
  const auto messages = messages_of(events[0].data.at("conversation_id"));
  EXPECT_EQ(messages[1].at("branches").as_array().size(), 2U) << "what there was of the other is kept";
  EXPECT_EQ(used("conversations"), 1);
}

TEST_F(MultiModelTest, EachFailsAlone) {
  model("openai/gpt-4o", {})->refusal = Error(Fault::upstream, "PROVIDER_ERROR", "No.");
  model("openai/gpt-5.1", {says("Half a")})->fault = Error(Fault::upstream, "STREAM_CUT", "Cut.");
  model("openai/gpt-4o-mini", {says("Whole."), ends()});
  const auto events = all({"gpt-4o", "gpt-5", "gpt-4o-mini"});
  EXPECT_EQ(of(events, "gpt-4o"), "error ");
  EXPECT_EQ(of(events, "gpt-5.1"), "meta delta error ");
  EXPECT_EQ(of(events, "gpt-4o-mini"), "meta delta usage done ");
  EXPECT_EQ(events.back().event, "done");
  for (const auto& each : events) EXPECT_NE(each.event, "comparison") << "one answer is nothing to compare";

  const auto whole = ask(token, {{"text", "Again?"}, {"compare_models", json::array{"gpt-4o", "gpt-4o-mini"}}}, kPath);
  ASSERT_EQ(whole.status, 200) << whole.body;
  EXPECT_EQ(whole.at("replies").at(0).at("error").at("code"), "AI_UNAVAILABLE");
  EXPECT_EQ(whole.at("replies").at(1).at("text"), "Whole.");
  EXPECT_EQ(whole.at("replies").at(1).at("answered_by"), "gpt-4o-mini");
}

TEST_F(MultiModelTest, NobodyAtAllLeavesNoTrace) {
  for (const char* name : {"openai/gpt-4o", "openai/gpt-4o-mini"})
    model(name, {})->refusal = Error(Fault::unavailable, "PROVIDER_BUSY", "Later.");
  const auto events = all({"gpt-4o", "gpt-4o-mini"});
  EXPECT_EQ(names_of(events), "error error error");
  EXPECT_EQ(events.back().data.at("code"), "AI_UNAVAILABLE");
  EXPECT_EQ(ask(token, {{"text", "Which?"}, {"models", json::array{"gpt-4o", "gpt-4o-mini"}}}, kPath).status, 503);
  EXPECT_EQ(listed(token), 0U);
  EXPECT_EQ(used("conversations"), 0);
  EXPECT_EQ(used("spend"), 0);
}

TEST_F(MultiModelTest, SayWhatAllOfThemSay) {
  for (const char* name : {"openai/gpt-4o", "openai/gpt-4o-mini"})
    model(name, {})->refusal = Error(Fault::invalid, ai::kTooLong, "The text is too long for this model.");
  const auto whole = ask(token, {{"text", "Which?"}, {"models", json::array{"gpt-4o", "gpt-4o-mini"}}}, kPath);
  EXPECT_EQ(whole.status, 400) << whole.body;
  EXPECT_EQ(whole.at("code"), "TEXT_TOO_LONG");
  EXPECT_EQ(all({"gpt-4o", "gpt-4o-mini"}).back().data.at("code"), "TEXT_TOO_LONG");
  EXPECT_EQ(listed(token), 0U);
}

TEST_F(MultiModelTest, WithoutAnyModelSaySo) {
  const auto whole = ask(token, {{"text", "Which?"}, {"models", json::array{"gpt-4o", "gpt-5"}}}, kPath);
  EXPECT_EQ(whole.at("replies").at(0).at("answered_by"), "odeon-offline");
  EXPECT_EQ(whole.at("replies").at(1).at("model"), "gpt-5.1");
  EXPECT_EQ(whole.at("comparison").at("differences").at(0).at("sentences"), json::array());
}

TEST_F(MultiModelTest, AskWhatMakesSense) {
  model("openai/gpt-4o", {says("Yes."), ends()});
  const auto pro = join("bob@example.com", "pro");
  struct Case {
    const std::string& who;
    json::array models;
    unsigned status;
    const char* code;
  };
  for (const auto& [who, models, status, code] :
       {Case{pro, {"gpt-4o", "gpt-4o-mini"}, 403, "UPGRADE_REQUIRED"}, Case{token, {"gpt-4o"}, 400, "VALIDATION_ERROR"},
        Case{token, {"gpt-4o", "gpt-5", "gpt-4o-mini", "deepseek", "grok"}, 400, "VALIDATION_ERROR"},
        Case{token, {"gpt-4o", "chatgpt"}, 400, "VALIDATION_ERROR"},
        Case{token, {"gpt-4o", "no-such-model"}, 400, "UNKNOWN_MODEL"}}) {
    const auto reply = ask(who, {{"text", "Which?"}, {"models", models}}, kPath);
    EXPECT_EQ(reply.status, status) << reply.body;
    EXPECT_EQ(reply.at("code"), code);
  }
  for (const char* field : {"models", "compare_models"}) {
    const auto reply = ask(token, {{"text", "Which?"}, {field, json::array{"gpt-4o", "no-such-model"}}}, kPath);
    EXPECT_TRUE(reply.at("details").as_object().contains(fmt::format("{}[1]", field))) << reply.body;
  }
  EXPECT_EQ(ask(token, {{"text", "Which?"}}, kPath).status, 400);
  EXPECT_EQ(used("conversations"), 0);
}

}  // namespace
}  // namespace odeon::chat

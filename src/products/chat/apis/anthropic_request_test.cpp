#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/crypto.hpp"
#include "products/chat/apis/anthropic_api.hpp"

namespace odeon::chat {
namespace {

using ::testing::ElementsAre;

Question read(const std::string& document, AnthropicVersion version = AnthropicVersion::v2023_06_01,
              AnthropicPurpose purpose = AnthropicPurpose::answer) {
  return anthropic_question(json::from<AnthropicRequest>(document), version, purpose);
}
Question asked_of_claude(const std::string& members, AnthropicVersion version = AnthropicVersion::v2023_06_01) {
  return read(R"({"model":"small","max_tokens":9,"messages":[{"role":"user","content":"Hi"}])" +
                  (members.empty() ? "" : "," + members) + "}",
              version);
}
Question claude_conversation(const std::string& messages) {
  return read(R"({"model":"small","max_tokens":9,"messages":[)" + messages + "]}");
}

template <class Ask>
std::vector<std::string> claude_faults_of(Ask ask) {
  try {
    ask();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, Fault::invalid);
    std::vector<std::string> paths;
    for (const auto& field : error.fields) paths.push_back(field.path);
    return paths;
  }
  return {};
}

TEST(AnthropicRequest, SaysHowToAnswer) {
  const auto question = asked_of_claude(R"("system":"Be kind.","stream":true,"temperature":0.2,"top_p":0.9,"top_k":5,
    "stop_sequences":["a"],"metadata":{"user_id":"u"},"service_tier":"auto","cache_control":{"type":"ephemeral"},
    "tools":[{"name":"look","description":"Looks","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}},
             {"type":"custom","name":"see","input_schema":{},"strict":true}],
    "tool_choice":{"type":"tool","name":"see","disable_parallel_tool_use":true})");
  const auto& request = question.request;
  EXPECT_TRUE(question.streamed && question.limited);
  EXPECT_EQ(request.max_tokens, 9);
  EXPECT_EQ(request.temperature, 0.2);
  EXPECT_EQ(request.top_p, 0.9);
  EXPECT_THAT(request.stop, ElementsAre("a"));
  EXPECT_THAT(request.messages,
              ElementsAre(ai::Message(ai::MessageRole::system, "Be kind."), ai::Message(ai::MessageRole::user, "Hi")));
  ASSERT_EQ(request.tools.size(), 2U);
  EXPECT_EQ(request.tools[0].parameters, R"({"type":"object"})");
  EXPECT_TRUE(request.tools[1].strict);
  EXPECT_EQ(request.tool_choice.mode, ai::ToolChoice::Mode::named);
  EXPECT_EQ(request.tool_choice.name, "see");
  EXPECT_TRUE(request.tool_choice.one_at_a_time);
  EXPECT_FALSE(asked_of_claude("").request.temperature) << "the model's own";
}

TEST(AnthropicRequest, SaysHowLongToThink) {
  const std::pair<const char*, ai::Effort> cases[] = {
      {"", ai::Effort::unset},
      {R"("thinking":{"type":"disabled"})", ai::Effort::none},
      {R"("thinking":{"type":"enabled","budget_tokens":1024})", ai::Effort::low},
      {R"("thinking":{"type":"enabled","budget_tokens":10000})", ai::Effort::medium},
      {R"("thinking":{"type":"enabled","budget_tokens":32000})", ai::Effort::high},
      {R"("thinking":{"type":"adaptive"})", ai::Effort::high},
      {R"("thinking":{"type":"adaptive"},"output_config":{"effort":"low"})", ai::Effort::low},
      {R"("output_config":{"effort":"max"})", ai::Effort::high},
      {R"("thinking":{"type":"disabled"},"output_config":{"effort":"max"})", ai::Effort::none},
  };
  for (const auto& [members, effort] : cases) EXPECT_EQ(asked_of_claude(members).request.effort, effort) << members;
}

TEST(AnthropicRequest, HasAForm) {
  const auto question =
      asked_of_claude(R"("output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}})");
  EXPECT_EQ(question.request.form.kind, ai::AnswerForm::Kind::schema);
  EXPECT_EQ(question.request.form.schema, R"({"type":"object"})");
  EXPECT_EQ(question.form_at, "output_config.format");
}

TEST(AnthropicRequest, IsAConversation) {
  const std::string picture = R"({"type":"image","source":{"type":"base64","media_type":"image/png","data":")" +
                              crypto::to_base64("\x89PNG") + R"("}})";
  const auto question = claude_conversation(
      R"({"role":"user","content":[{"type":"text","text":"Look","cache_control":{"type":"ephemeral"}},)" + picture +
      R"(,{"type":"image","source":{"type":"url","url":"https://example.com/a.png"}}]},
      {"role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"s"},
        {"type":"redacted_thinking","data":"d"},{"type":"text","text":"I do."},
        {"type":"tool_use","id":"t1","name":"look","input":{"a":1}},{"type":"tool_use","id":"t2","name":"see","input":{}}]},
      {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"one"},
        {"type":"tool_result","tool_use_id":"t2","is_error":true,"content":[{"type":"text","text":"two"},)" +
      picture + R"(]},{"type":"text","text":"Well?"}]},
      {"role":"system","content":"Now be brief."})");
  using ai::MessageRole;
  const ai::Picture seen{"image/png", "\x89PNG", ""};
  const std::vector<ai::Message> expected{
      {MessageRole::user, {ai::TextPart{"Look"}, seen, ai::Picture{"", "", "https://example.com/a.png"}}},
      {MessageRole::assistant,
       {ai::Reasoning{.text = "Hm.", .signature = "s"}, ai::Reasoning{.signature = "d", .redacted = true},
        ai::TextPart{"I do."}, ai::ToolCall{"t1", "look", R"({"a":1})", ""}, ai::ToolCall{"t2", "see", "{}", ""}}},
      {MessageRole::tool, {ai::ToolResult{"t1", "look", "one"}, ai::ToolResult{"t2", "see", "two", true}}},
      {MessageRole::user, {seen, ai::TextPart{"Well?"}}},
      {MessageRole::system, "Now be brief."}};
  EXPECT_EQ(question.request.messages, expected);
  EXPECT_EQ(question.picture_at, "messages[0].content[1].source");
}

TEST(AnthropicRequest, DependsOnItsVersion) {
  EXPECT_EQ(anthropic_version(""), AnthropicVersion::v2023_06_01);
  EXPECT_EQ(anthropic_version("2023-06-01"), AnthropicVersion::v2023_06_01);
  EXPECT_EQ(anthropic_version("2026-10-21"), AnthropicVersion::v2026_10_21);
  EXPECT_THAT(claude_faults_of([] { anthropic_version("2021-01-01"); }), ElementsAre("anthropic-version"));
  EXPECT_THAT(claude_faults_of(
                  [] { asked_of_claude(R"("temperature":1,"top_p":1,"top_k":1)", AnthropicVersion::v2026_10_21); }),
              ElementsAre("temperature", "top_p", "top_k"));
  const std::string cited = R"({"model":"small","max_tokens":9,"messages":[
    {"role":"user","content":[{"type":"text","text":"Hi","citations":null}]},
    {"role":"assistant","content":[{"type":"text","text":"Hello","citations":[]}]},
    {"role":"user","content":[{"type":"text","text":"So","citations":[]}]}]})";
  EXPECT_THAT(claude_faults_of([&] { read(cited, AnthropicVersion::v2026_10_21); }),
              ElementsAre("messages[2].content[0].citations"));
  EXPECT_TRUE(claude_faults_of([&] { read(cited); }).empty());
}

TEST(AnthropicRequest, NeedsALimitUnlessItOnlyCounts) {
  const std::string document = R"({"model":"small","messages":[{"role":"user","content":"Hi"}]})";
  EXPECT_THAT(claude_faults_of([&] { read(document); }), ElementsAre("max_tokens"));
  EXPECT_TRUE(
      claude_faults_of([&] { read(document, AnthropicVersion::v2023_06_01, AnthropicPurpose::count); }).empty());
}

TEST(AnthropicRequest, SaysWhatIsWrongWithIt) {
  const std::pair<const char*, const char*> members[] = {
      {R"("temperature":1.1)", "temperature"},
      {R"("stop_sequences":["1","2","3","4","5"])", "stop_sequences"},
      {R"("system":7)", "system"},
      {R"("system":[{"type":"image"}])", "system[0].type"},
      {R"("tools":[{"type":"web_search_20250305","name":"web_search"}])", "tools[0].type"},
      {R"("tools":[{"name":"a"}])", "tools[0].input_schema"},
      {R"("tools":[{"name":"a b","input_schema":{}}])", "tools[0].name"},
      {R"("tool_choice":{"type":"any"})", "tool_choice"},
      {R"("tool_choice":{"type":"some"})", "tool_choice.type"},
      {R"("thinking":{"type":"deep"})", "thinking.type"},
      {R"("output_config":{"format":{"type":"xml","schema":{}}})", "output_config.format.type"},
      {R"("max_tokens":0)", "max_tokens"},
  };
  for (const auto& [member, path] : members) {
    const auto faults = claude_faults_of([&] { asked_of_claude(member); });
    EXPECT_TRUE(std::ranges::find(faults, path) != faults.end()) << member;
  }
  const std::pair<const char*, const char*> messages[] = {
      {R"({"role":"robot","content":"x"})", "messages[0].role"},
      {R"({"role":"user","content":null})", "messages[0].content"},
      {R"({"role":"user","content":""})", "messages"},
      {R"({"role":"user","content":[{"type":"document"}]})", "messages[0].content[0].type"},
      {R"({"role":"user","content":[{"type":"text"}]})", "messages[0].content[0].text"},
      {R"({"role":"user","content":[{"type":"image","source":{"type":"file","file_id":"f"}}]})",
       "messages[0].content[0].source"},
      {R"({"role":"user","content":[{"type":"image","source":{"type":"url","url":"data:image/png;base64,AAAA"}}]})",
       "messages[0].content[0].source"},
      {R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"t"}]})", "messages[0].content[0].tool_use_id"},
      {R"({"role":"assistant","content":[{"type":"tool_use","id":"t","name":"a","input":"x"}]})",
       "messages[0].content[0].input"},
      {R"({"role":"assistant","content":[{"type":"server_tool_use"}]})", "messages[0].content[0].type"},
      {R"({"role":"assistant","content":[{"type":"redacted_thinking"}]})", "messages[0].content[0].data"},
  };
  for (const auto& [message, path] : messages) {
    const auto faults = claude_faults_of([&] { claude_conversation(message); });
    EXPECT_TRUE(std::ranges::find(faults, path) != faults.end()) << message;
  }
}

}  // namespace
}  // namespace odeon::chat

// What is said to Anthropic, and what Claude's models are told wherever they are sold.
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "engine/ai/providers/anthropic.hpp"
#include "engine/ai/providers/block_fixture_test.hpp"
#include "engine/ai/providers/claude.hpp"
#include "engine/ai/providers/claude_dialects_test.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;

const ModelTraits kModel{.id = "claude-sonnet-4-5-20250929", .thinks = true, .max_output = 64'000};

TextRequest hello() {
  return {.messages = {{MessageRole::user, "Hello"}}, .max_tokens = 100};
}

bj::object sent(const TextRequest& request, const ModelTraits& model = kModel) {
  return bj::parse(kAnthropic.write(request, model, false).body).as_object();
}

TEST(AnthropicRequest, IsOneOfMessages) {
  TextRequest request = hello();
  request.temperature = std::nullopt;
  const WireRequest wire = kAnthropic.write(request, kModel, true);
  EXPECT_EQ(wire.path, "/v1/messages");
  EXPECT_EQ(wire.headers.get("anthropic-version"), "2026-10-21");
  EXPECT_EQ(bj::parse(wire.body), bj::parse(R"({"model":"claude-sonnet-4-5-20250929","max_tokens":100,"stream":true,
    "messages":[{"role":"user","content":[{"type":"text","text":"Hello"}]}]})"));
}

TEST(AnthropicRequest, IsOfTheVersionThatHasAPlaceForWhatItSays) {
  const auto version = [](const TextRequest& request, const ModelTraits& model) {
    const WireRequest wire = kAnthropic.write(request, model, false);
    const auto body = bj::parse(wire.body).as_object();
    EXPECT_EQ(body.contains("temperature") || body.contains("top_p"),
              wire.headers.get("anthropic-version") == Anthropic::kFirstVersion);
    return std::string(wire.headers.get("anthropic-version"));
  };
  TextRequest request = hello();
  request.temperature = 0.2;
  EXPECT_EQ(version(request, kModel), "2023-06-01");
  EXPECT_EQ(version(request, {.id = "claude-sonnet-5-5", .thinks = true}), "2026-10-21") << "it takes none";
  request.effort = Effort::high;
  EXPECT_EQ(version(request, kModel), "2026-10-21") << "nor does one that is to think";
  request = hello();
  request.temperature = std::nullopt;
  EXPECT_EQ(version(request, kModel), "2026-10-21");
  request.top_p = 0.5;
  EXPECT_EQ(version(request, kModel), "2023-06-01");
}

TEST(AnthropicRequest, GivesEachSpeakerTheirTurn) {
  const TextRequest request{
      .messages = {{MessageRole::system, "Be brief."},
                   {MessageRole::user, std::vector<Part>{TextPart{"What is this?"}, Picture{"image/png", "\x89PNG", ""},
                                                         Picture{"", "", "https://a.example/b.jpg"}}},
                   {MessageRole::assistant,
                    std::vector<Part>{Reasoning{"Hm.", "sig"}, Reasoning{"", "c2VjcmV0", true},
                                      Reasoning{"unsigned", ""}, TextPart{" "}, Reasoning{"", "google:c2ln", true},
                                      Reasoning{"", R"({"type":"reasoning.text"})"},
                                      ToolCall{"call:1", "look", R"({"at":"x"})", ""},
                                      ToolCall{"b", "look", "not JSON", ""}}},
                   {MessageRole::tool, std::vector<Part>{ToolResult{"call:1", "look", "a cat", false}}},
                   {MessageRole::user, "And?"},
                   {MessageRole::tool, std::vector<Part>{ToolResult{"b", "look", "broken", true}}},
                   {MessageRole::system, "In French."}},
      .max_tokens = 100,
      .temperature = std::nullopt};
  const auto made = sent(request);
  EXPECT_EQ(made.at("system"),
            bj::parse(R"([{"type":"text","text":"Be brief."},{"type":"text","text":"In French."}])"));
  EXPECT_EQ(made.at("messages"), bj::parse(R"([
    {"role":"user","content":[{"type":"text","text":"What is this?"},
      {"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw=="}},
      {"type":"image","source":{"type":"url","url":"https://a.example/b.jpg"}}]},
    {"role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"sig"},
      {"type":"redacted_thinking","data":"c2VjcmV0"},
      {"type":"tool_use","id":"call_1","name":"look","input":{"at":"x"}},
      {"type":"tool_use","id":"b","name":"look","input":{}}]},
    {"role":"user","content":[{"type":"tool_result","tool_use_id":"call_1","content":"a cat"},
      {"type":"tool_result","tool_use_id":"b","content":"broken","is_error":true},
      {"type":"text","text":"And?","cache_control":{"type":"ephemeral"}}]}])"));
  // Tools that were called are declared, though none may be called now.
  EXPECT_EQ(made.at("tools"), bj::parse(R"([{"name":"look","input_schema":{"type":"object"}}])"));
  EXPECT_EQ(made.at("tool_choice"), bj::parse(R"({"type":"none"})"));
}

TEST(AnthropicRequest, BeginsWithTheUser) {
  for (const auto& messages : {std::vector<Message>{}, std::vector<Message>{{MessageRole::system, "Rules."}},
                               std::vector<Message>{{MessageRole::assistant, "Hello, I am the waiter."}}}) {
    const auto made = sent({.messages = messages, .max_tokens = 9});
    EXPECT_EQ(made.at("messages").at(0).at("role"), "user");
    EXPECT_EQ(made.at("messages").as_array().size(),
              messages.size() == 1 && messages[0].role == MessageRole::assistant ? 2U : 1U);
  }
}

TEST(AnthropicRequest, RefusesWhatHasNoPlace) {
  const std::vector<Message> bad{{MessageRole::assistant, std::vector<Part>{Picture{"image/png", "x", ""}}},
                                 {MessageRole::system, std::vector<Part>{Picture{"image/png", "x", ""}}},
                                 {MessageRole::user, std::vector<Part>{ToolCall{"a", "b", "{}", ""}}},
                                 {MessageRole::user, std::vector<Part>{Picture{"image/tiff", "x", ""}}}};
  for (const auto& message : bad) {
    const auto failure = blocks::failure_of([&] { sent({.messages = {message}}); });
    EXPECT_EQ(failure.error.fault, Fault::invalid);
    EXPECT_EQ(failure.error.code, kUnsupported);
  }
}

TEST(AnthropicRequest, OffersTools) {
  TextRequest request = hello();
  request.tools = {{"look", "Looks.", R"({"type":"object","properties":{"at":{"type":"string"}}})", false},
                   {"now", "", "", true}};
  EXPECT_EQ(sent(request).at("tools"), bj::parse(R"([
    {"name":"look","description":"Looks.","input_schema":{"type":"object","properties":{"at":{"type":"string"}}}},
    {"name":"now","strict":true,"input_schema":{"type":"object","properties":{},"additionalProperties":false}}])"));
  using Mode = ToolChoice::Mode;
  const std::vector<std::pair<ToolChoice, const char*>> choices{
      {{Mode::automatic, "", false}, R"({"type":"auto"})"},
      {{Mode::automatic, "", true}, R"({"type":"auto","disable_parallel_tool_use":true})"},
      {{Mode::none, "", true}, R"({"type":"none"})"},
      {{Mode::required, "", false}, R"({"type":"any"})"},
      {{Mode::named, "now", true}, R"({"type":"tool","name":"now","disable_parallel_tool_use":true})"}};
  for (const auto& [choice, expected] : choices) {
    request.tool_choice = choice;
    EXPECT_EQ(sent(request).at("tool_choice"), bj::parse(expected));
  }
}

TEST(AnthropicRequest, SaysHowToAnswer) {
  TextRequest request = hello();
  request.stop = {"END"};
  request.temperature = 1.5;
  auto made = sent(request);
  EXPECT_EQ(made.at("stop_sequences"), bj::parse(R"(["END"])"));
  EXPECT_EQ(made.at("temperature"), 1.0) << "theirs goes no further";
  request.top_p = 0.5;
  made = sent(request);
  EXPECT_EQ(made.at("top_p"), 0.5);
  EXPECT_FALSE(made.contains("temperature")) << "never both";
  EXPECT_FALSE(sent(request, {.id = "claude-opus-4-7"}).contains("top_p"));

  request.form = {.kind = AnswerForm::Kind::json};
  EXPECT_EQ(sent(request).at("system").as_array().size(), 1U);
  request.form = {.kind = AnswerForm::Kind::schema,
                  .name = "answer",
                  .schema = R"({"type":"object","properties":{"n":{"type":"integer","minimum":1}}})"};
  EXPECT_EQ(sent(request).at("output_config"), bj::parse(R"({"format":{"type":"json_schema","schema":{
    "type":"object","additionalProperties":false,"properties":{"n":{"type":"integer",
    "description":"{\"minimum\":1}"}}}}})"));
}

struct Thought {
  const char* model;
  Effort effort;
  int max_tokens;
  const char* thinking;
  const char* output;
  int expected_max;
};

TEST(AnthropicRequest, SaysHowLongToThink) {
  const char* const none = "null";
  const char* const adaptive = R"({"type":"adaptive","display":"summarized"})";
  for (const auto& one :
       {Thought{"claude-sonnet-4-5", Effort::unset, 100, none, none, 100},
        Thought{"claude-sonnet-4-5", Effort::none, 100, none, none, 100},
        Thought{"claude-sonnet-4-5", Effort::low, 100, R"({"type":"enabled","budget_tokens":1024})", none, 1124},
        Thought{"claude-haiku-4-5", Effort::high, 100, R"({"type":"enabled","budget_tokens":16384})", none, 16'484},
        Thought{"claude-haiku-4-5", Effort::high, 60'000, R"({"type":"enabled","budget_tokens":16384})", none, 64'000},
        Thought{"claude-opus-4-6", Effort::low, 100, adaptive, R"({"effort":"low"})", 1124},
        Thought{"claude-opus-5", Effort::medium, 100, adaptive, R"({"effort":"medium"})", 4196},
        Thought{"claude-fable-5-1", Effort::high, 100, adaptive, R"({"effort":"high"})", 16'484},
        Thought{"claude-opus-4-8", Effort::none, 100, none, none, 100},
        Thought{"claude-mythos-preview", Effort::none, 100, none, R"({"effort":"low"})", 100}}) {
    TextRequest request = hello();
    request.effort = one.effort;
    request.max_tokens = one.max_tokens;
    const auto made = sent(request, {.id = one.model, .thinks = true, .max_output = 64'000});
    const auto* thinking = made.if_contains("thinking");
    const auto* output = made.if_contains("output_config");
    EXPECT_EQ(thinking != nullptr ? *thinking : bj::value(), bj::parse(one.thinking)) << one.model;
    EXPECT_EQ(output != nullptr ? *output : bj::value(), bj::parse(one.output)) << one.model;
    EXPECT_EQ(made.at("max_tokens"), one.expected_max) << one.model;
    const int room = Anthropic().room_to_think(request, {.id = one.model, .thinks = true});
    EXPECT_EQ(std::min(one.max_tokens + room, 64'000), one.expected_max) << one.model << ": so it was foreseen";
    EXPECT_FALSE(thinking != nullptr && made.contains("temperature"));
    // A model that cannot is not told.
    EXPECT_FALSE(sent(request, {.id = one.model}).contains("thinking"));
  }
}

TEST(AnthropicRequest, DoesNotThinkWhereItMustNot) {
  TextRequest request = hello();
  request.effort = Effort::high;
  request.tools = {{"now", "", "", false}};
  request.tool_choice.mode = ToolChoice::Mode::required;
  EXPECT_FALSE(sent(request).contains("thinking")) << "a call that is forced leaves no room for it";
  request.tool_choice.mode = ToolChoice::Mode::automatic;
  EXPECT_TRUE(sent(request).contains("thinking"));
  request.messages.push_back({MessageRole::assistant, std::vector<Part>{ToolCall{"a", "now", "{}", ""}}});
  request.messages.push_back({MessageRole::tool, std::vector<Part>{ToolResult{"a", "now", "noon", false}}});
  EXPECT_FALSE(sent(request).contains("thinking")) << "the turn began without a thought";
  auto& parts = request.messages[1].parts;
  parts.insert(parts.begin(), Reasoning{"Hm.", "sig"});
  EXPECT_TRUE(sent(request).contains("thinking"));
}

std::vector<std::string> cached(const TextRequest& request) {
  std::vector<std::string> found;
  const auto made = sent(request);
  for (const auto* where : {"tools", "system"})
    if (made.contains(where))
      for (const auto& block : made.at(where).as_array())
        if (block.as_object().contains("cache_control")) found.emplace_back(where);
  for (std::size_t turn = 0; turn < made.at("messages").as_array().size(); ++turn)
    for (const auto& block : made.at("messages").at(turn).at("content").as_array())
      if (block.as_object().contains("cache_control")) found.push_back(std::to_string(turn));
  return found;
}

TEST(AnthropicRequest, MarksWhatIsWorthCaching) {
  using Places = std::vector<std::string>;
  const std::string book(5000, 'x');
  EXPECT_EQ(cached(hello()), Places());
  EXPECT_EQ(cached({.messages = {{MessageRole::system, book}, {MessageRole::user, "Hello"}}}), Places({"system"}));
  EXPECT_EQ(cached({.messages = {{MessageRole::user, std::vector<Part>{TextPart{book}, TextPart{"Sum it up."}}}}}),
            Places({"0"}));
  EXPECT_EQ(cached({.messages = {{MessageRole::system, book},
                                 {MessageRole::user, "a"},
                                 {MessageRole::assistant, "b"},
                                 {MessageRole::user, "c"}}}),
            Places({"system", "2"}));
  EXPECT_EQ(cached({.messages = {{MessageRole::user, "a"}, {MessageRole::assistant, "b"}, {MessageRole::user, "c"}}}),
            Places());
  TextRequest tools = hello();
  tools.tools = {{"a", "", "", false}, {"b", book, "", false}};
  EXPECT_EQ(cached(tools), Places({"tools"}));
}

TEST(ClaudeVersion, IsInItsName) {
  for (const auto& [id, version] : {std::pair("claude-3-7-sonnet-20250219", 37),
                                    {"claude-3-opus-20240229", 30},
                                    {"claude-opus-4-20250514", 40},
                                    {"claude-sonnet-4-5-20250929", 45},
                                    {"eu.anthropic.claude-sonnet-4-5-20250929-v1:0", 45},
                                    {"anthropic.claude-opus-4-6-v1", 46},
                                    {"claude-opus-4.8", 48},
                                    {"claude-sonnet-5", 50},
                                    {"claude-fable-5-1", 51},
                                    {"claude-haiku-5-5@20261001", 55},
                                    {"claude-mythos-preview", kNewestClaude}})
    EXPECT_EQ(claude_version(id), version) << id;
  EXPECT_EQ(claude_version("amazon.nova-pro-v1:0"), std::nullopt);
}

}  // namespace
}  // namespace odeon::ai

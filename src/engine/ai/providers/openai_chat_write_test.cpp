#include <gtest/gtest.h>

#include "base/json.hpp"
#include "engine/ai/providers/openai_chat.hpp"

namespace odeon::ai {
namespace {

json::object chat_written(const TextRequest& request, OpenAiFlavour flavour = openai_flavours::kOpenAi,
                          ModelTraits model = {.id = "gpt-4o"}, bool streamed = false) {
  const auto wire = OpenAiChat(flavour).write(request, model, streamed);
  EXPECT_EQ(wire.path, "/chat/completions");
  return json::parse(wire.body).as_object();
}

TextRequest asking(std::vector<Message> messages) {
  return {.task = "t", .messages = std::move(messages)};
}

// A turn in which a tool was called, as the flavours want to hear of it again.
TextRequest after_a_call() {
  return asking(
      {{MessageRole::user, "What time is it?"},
       {MessageRole::assistant,
        {Reasoning{.text = "A clock knows.",
                   .signature = R"({"format":"f","index":0,"signature":"s","type":"reasoning.text"})"},
         Reasoning{.text = "", .signature = R"({"data":"x","type":"reasoning.encrypted"})", .redacted = true},
         Reasoning{.text = "", .signature = "EqQBCg==", .redacted = true}, TextPart{"Let me see."},
         ToolCall{"toolu_01A09q90qw90lq917835lq9qwertyuiopasdfg", "clock", "", ""}}},
       {MessageRole::tool, {ToolResult{"toolu_01A09q90qw90lq917835lq9qwertyuiopasdfg", "clock", "broken", true}}}});
}

TEST(OpenAiChatWrites, AConversation) {
  TextRequest request = asking(
      {{MessageRole::system, "Be brief."},
       {MessageRole::user,
        {TextPart{"Which is \"it\"?\n"}, Picture{.media_type = "image/png", .bytes = "\x89PN"},
         Picture{.url = "https://a.example/b.webp"},
         Picture{.url = "https://a.example/c.webp", .detail = PictureDetail::high}}},
       {MessageRole::assistant, {ToolCall{"call_1", "look", R"({"at":2})", "theirs"}}},
       {MessageRole::tool, {ToolResult{"call_1", "look", "a cat", false}, ToolResult{"call_2", "look", "", true}}},
       {MessageRole::assistant, "A cat."}});
  request.max_tokens = 200;
  request.temperature = 0.5;
  EXPECT_EQ(json::value(chat_written(request)), json::parse(R"({"model":"gpt-4o","stream":false,
    "max_completion_tokens":200,"temperature":0.5,"messages":[
    {"role":"system","content":"Be brief."},
    {"role":"user","content":[{"type":"text","text":"Which is \"it\"?\n"},
      {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO"}},
      {"type":"image_url","image_url":{"url":"https://a.example/b.webp"}},
      {"type":"image_url","image_url":{"url":"https://a.example/c.webp","detail":"high"}}]},
    {"role":"assistant","content":null,"tool_calls":[
      {"id":"call_1","type":"function","function":{"name":"look","arguments":"{\"at\":2}"}}]},
    {"role":"tool","tool_call_id":"call_1","content":"a cat"},
    {"role":"tool","tool_call_id":"call_2","content":"Error: "},
    {"role":"assistant","content":"A cat."}]})"));
}

TEST(OpenAiChatWrites, WhatIsAskedOfTheAnswer) {
  TextRequest request = asking({{MessageRole::user, "hi"}});
  request.temperature.reset();
  request.top_p = 0.25;
  request.stop = {"END", "\n"};
  request.tools = {{.name = "look", .description = "Looks.", .parameters = R"({"type":"object"})", .strict = true},
                   {.name = "wait", .description = "", .parameters = ""}};
  request.tool_choice = {.mode = ToolChoice::Mode::named, .name = "look", .one_at_a_time = true};
  request.form = {.kind = AnswerForm::Kind::schema,
                  .name = "sight",
                  .description = "What is seen.",
                  .schema = R"({"type":"object","properties":{}})"};
  auto sent = chat_written(request, openai_flavours::kOpenAi, {.id = "m"}, true);
  sent.erase("messages");
  EXPECT_EQ(json::value(sent), json::parse(R"({"model":"m","stream":true,"stream_options":{"include_usage":true},
    "max_completion_tokens":1024,"top_p":0.25,"stop":["END","\n"],
    "tools":[{"type":"function","function":{"name":"look","description":"Looks.","parameters":{"type":"object"},
      "strict":true}},
      {"type":"function","function":{"name":"wait","parameters":{"type":"object","properties":{}}}}],
    "tool_choice":{"type":"function","function":{"name":"look"}},"parallel_tool_calls":false,
    "response_format":{"type":"json_schema","json_schema":{"name":"sight","description":"What is seen.",
      "schema":{"type":"object","properties":{}}}}})"));
  request.form.strict = true;
  EXPECT_EQ(chat_written(request).at("response_format").at("json_schema").at("strict"), true);

  request.form = {.kind = AnswerForm::Kind::json};
  request.tool_choice = {.mode = ToolChoice::Mode::required};
  sent = chat_written(request);
  EXPECT_EQ(sent.at("response_format"), json::parse(R"({"type":"json_object"})"));
  EXPECT_EQ(sent.at("tool_choice"), "required");
  request.tool_choice = {.mode = ToolChoice::Mode::none};
  EXPECT_EQ(chat_written(request).at("tool_choice"), "none");
  request.tools.clear();
  EXPECT_FALSE(chat_written(request).contains("tool_choice"));
}

TEST(OpenAiChatWrites, NoPicturesOfOthers) {
  const Picture cat{.media_type = "image/png", .bytes = "x", .url = ""};
  for (const auto role : {MessageRole::system, MessageRole::assistant})
    EXPECT_THROW(chat_written(asking({{role, {cat}}})), Error);
}

TEST(OpenAiChatWrites, TheLimitByItsName) {
  const ModelTraits classic{.id = "m", .classic_limit = true}, small{.id = "m", .max_output = 500};
  const auto request = asking({{MessageRole::user, "hi"}});
  EXPECT_EQ(chat_written(request, openai_flavours::kOpenAi, classic).at("max_tokens"), 1024);
  EXPECT_EQ(chat_written(request, openai_flavours::kCompatible).at("max_tokens"), 1024);
  EXPECT_EQ(chat_written(request, openai_flavours::kOpenAi, small).at("max_completion_tokens"), 500);
}

struct EffortCase {
  OpenAiFlavour flavour;
  Effort effort;
  const char* members;  // beside those of every request
};
class OpenAiChatEffort : public ::testing::TestWithParam<EffortCase> {};
TEST_P(OpenAiChatEffort, IsToldToModelsThatThink) {
  TextRequest request = asking({});
  request.top_p = 0.5;
  request.effort = GetParam().effort;
  auto sent = chat_written(request, GetParam().flavour, {.id = "m", .thinks = true});
  for (const char* other : {"model", "stream", "messages", "max_tokens", "max_completion_tokens"}) sent.erase(other);
  EXPECT_EQ(json::value(sent), json::parse(GetParam().members));

  sent = chat_written(request, GetParam().flavour);
  EXPECT_TRUE(sent.contains("temperature") && sent.contains("top_p"));
  EXPECT_FALSE(sent.contains("reasoning_effort") || sent.contains("reasoning") || sent.contains("thinking"));
}
INSTANTIATE_TEST_SUITE_P(
    Flavours, OpenAiChatEffort,
    ::testing::Values(EffortCase{openai_flavours::kOpenAi, Effort::low, R"({"reasoning_effort":"low"})"},
                      EffortCase{openai_flavours::kOpenAi, Effort::none, R"({"reasoning_effort":"none"})"},
                      EffortCase{openai_flavours::kOpenAi, Effort::unset, "{}"},
                      EffortCase{openai_flavours::kOpenRouter, Effort::medium, R"({"reasoning":{"effort":"medium"}})"},
                      EffortCase{openai_flavours::kDeepSeek, Effort::high,
                                 R"({"thinking":{"type":"enabled"},"reasoning_effort":"high"})"},
                      EffortCase{openai_flavours::kDeepSeek, Effort::none, R"({"thinking":{"type":"disabled"}})"},
                      EffortCase{openai_flavours::kCompatible, Effort::high, "{}"}));

TEST(OpenAiChatWrites, ThoughtsForThoseWhoWantThem) {
  const ModelTraits thinker{.id = "m", .thinks = true};
  const auto said = [&](OpenAiFlavour flavour, const ModelTraits& model) {
    return chat_written(after_a_call(), flavour, model).at("messages").at(1).as_object();
  };
  for (const char* field : {"reasoning_content", "reasoning_details"}) {
    EXPECT_FALSE(said(openai_flavours::kOpenAi, thinker).contains(field));
    EXPECT_FALSE(said(openai_flavours::kCompatible, thinker).contains(field));
  }
  EXPECT_EQ(said(openai_flavours::kDeepSeek, thinker).at("reasoning_content"), "A clock knows.");
  EXPECT_FALSE(said(openai_flavours::kDeepSeek, {.id = "m"}).contains("reasoning_content"));
  EXPECT_FALSE(said(openai_flavours::kOpenRouter, {.id = "m"}).contains("reasoning_details"));
  // Signed by its owner, and by nobody else's.
  EXPECT_EQ(said(openai_flavours::kOpenRouter, thinker).at("reasoning_details"),
            json::parse(R"([{"type":"reasoning.text","text":"A clock knows.","signature":"s","format":"f","index":0},
                            {"type":"reasoning.encrypted","data":"x"}])"));
  EXPECT_EQ(said(openai_flavours::kMistral, thinker).at("content"),
            json::parse(R"([{"type":"thinking","thinking":[{"type":"text","text":"A clock knows."}]},
                            {"type":"text","text":"Let me see."}])"));
  const auto signed_ones = asking({{MessageRole::assistant,
                                    {Reasoning{.text = "hm", .signature = R"({"signature":"s","type":"thinking"})"},
                                     ToolCall{"D681PevKs", "b", "{}", ""}}}});
  EXPECT_EQ(chat_written(signed_ones, openai_flavours::kMistral, thinker).at("messages").at(0).at("content"),
            json::parse(R"([{"type":"thinking","thinking":[{"type":"text","text":"hm"}],"signature":"s"}])"));
  // A call that another model made without a thought.
  const auto foreign = asking({{MessageRole::assistant, {ToolCall{"a", "b", "{}", ""}}}});
  EXPECT_EQ(chat_written(foreign, openai_flavours::kDeepSeek, thinker).at("messages").at(0).at("reasoning_content"),
            "");
}

TEST(OpenAiChatWrites, IdsOfCallsThatAreAccepted) {
  const auto ids = [](OpenAiFlavour flavour) {
    const auto sent = chat_written(after_a_call(), flavour);
    const auto& messages = sent.at("messages").as_array();
    const std::string call(messages[1].at("tool_calls").at(0).at("id").as_string());
    EXPECT_EQ(messages[1].at("tool_calls").at(0).at("function").at("arguments"), "{}");
    EXPECT_EQ(messages[2].at("tool_call_id"), json::value(call));
    return call;
  };
  EXPECT_EQ(ids(openai_flavours::kCompatible), "toolu_01A09q90qw90lq917835lq9qwertyuiopasdfg");
  EXPECT_EQ(ids(openai_flavours::kOpenAi).size(), 40U);
  EXPECT_EQ(ids(openai_flavours::kMistral).size(), 9U);
  EXPECT_EQ(call_id_for(OpenAiFlavour::CallIds::nine_letters, "D681PevKs"), "D681PevKs");
  EXPECT_NE(call_id_for(OpenAiFlavour::CallIds::nine_letters, "D681Pev_s"), "D681Pev_s");
}

TEST(OpenAiChatWrites, ASchemaInWordsWhereItIsNotKnown) {
  TextRequest request = asking({{MessageRole::user, "hi"}});
  request.form = {.kind = AnswerForm::Kind::schema, .name = "s", .schema = R"({"type":"object"})"};
  const auto sent = chat_written(request, openai_flavours::kDeepSeek);
  EXPECT_EQ(sent.at("response_format"), json::parse(R"({"type":"json_object"})"));
  EXPECT_EQ(sent.at("messages").at(1).at("content"),
            R"(Answer with JSON that matches this JSON Schema: {"type":"object"})");
}

TEST(OpenAiChatWrites, NoStreamOptionsToMistral) {
  EXPECT_FALSE(chat_written(asking({}), openai_flavours::kMistral, {.id = "m"}, true).contains("stream_options"));
}

TEST(OpenAiBase, IsCompletedByAVersion) {
  for (auto [given, wanted] : std::initializer_list<std::pair<const char*, const char*>>{
           {"https://api.openai.com", "https://api.openai.com/v1"},
           {"https://api.openai.com/v1", "https://api.openai.com/v1"},
           {"https://api.openai.com/v1//", "https://api.openai.com/v1"},
           {"http://v2.local:8081/", "http://v2.local:8081/v1"},
           {"https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1"},
           {"https://g.example/v1beta/openai", "https://g.example/v1beta/openai"},
           {"https://vllm.example/video", "https://vllm.example/video/v1"}})
    EXPECT_EQ(openai_base(given), wanted);
}

}  // namespace
}  // namespace odeon::ai

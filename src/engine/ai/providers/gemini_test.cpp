#include "engine/ai/providers/gemini.hpp"

#include <gmock/gmock.h>

#include "base/json.hpp"

namespace odeon::ai {
namespace {

using json::object;
using ::testing::HasSubstr;
using ::testing::Not;

const ModelTraits kFlash25{.id = "gemini-2.5-flash", .thinks = true, .max_output = 65'536};
const ModelTraits kFlash3{.id = "gemini-3-flash", .thinks = true};
const ModelTraits kPlain{.id = "gemini-2.0-flash"};

TextRequest gemini_question() {
  return {.messages = {{MessageRole::system, "Be brief."}, {MessageRole::user, "What moved?"}}, .max_tokens = 200};
}
object gemini_written(const TextRequest& request, const ModelTraits& model = kPlain,
                      const Gemini& dialect = Gemini::studio()) {
  return json::parse(dialect.write(request, model, false).body).as_object();
}
object parsed(const char* text) {
  return json::parse(text).as_object();
}
TEST(GeminiAsks, AtItsHouse) {
  EXPECT_EQ(Gemini::studio().write(gemini_question(), kPlain, false).path,
            "/v1beta/models/gemini-2.0-flash:generateContent");
  EXPECT_EQ(Gemini::studio().write(gemini_question(), kPlain, true).path,
            "/v1beta/models/gemini-2.0-flash:streamGenerateContent?alt=sse");
  EXPECT_EQ(Gemini::vertex("my-project", "europe-west4").write(gemini_question(), kPlain, true).path,
            "/v1/projects/my-project/locations/europe-west4/publishers/google/models/"
            "gemini-2.0-flash:streamGenerateContent?alt=sse");
}

TEST(GeminiAsks, Plainly) {
  EXPECT_EQ(gemini_written(gemini_question()), parsed(R"({
    "systemInstruction": {"parts": [{"text": "Be brief."}]},
    "contents": [{"role": "user", "parts": [{"text": "What moved?"}]}],
    "generationConfig": {"maxOutputTokens": 200, "temperature": 0.7}})"));
  auto only_rules = gemini_question();
  only_rules.messages.pop_back();
  EXPECT_EQ(gemini_written(only_rules).at("contents"),
            json::parse(R"([{"role": "user", "parts": [{"text": "Be brief."}]}])"));
  EXPECT_FALSE(gemini_written(only_rules).contains("systemInstruction"));
}

TEST(GeminiAsks, ForAForm) {
  auto request = gemini_question();
  request.temperature = std::nullopt;
  request.top_p = 0.5;
  request.stop = {"\n\n", "END"};
  request.form = {.kind = AnswerForm::Kind::schema,
                  .name = "reply",
                  .schema = R"({"type":"object","properties":{"a":{"type":"integer"}}})"};
  EXPECT_EQ(gemini_written(request).at("generationConfig"), json::parse(R"({
    "maxOutputTokens": 200, "topP": 0.5, "stopSequences": ["\n\n", "END"], "responseMimeType": "application/json",
    "responseJsonSchema": {"type":"object","properties":{"a":{"type":"integer"}}}})"));
  request.form.kind = AnswerForm::Kind::json;
  EXPECT_FALSE(gemini_written(request).at("generationConfig").as_object().contains("responseJsonSchema"));
}

TEST(GeminiAsks, ForOneValueAsForAChoice) {
  auto request = gemini_question();
  request.form = {.kind = AnswerForm::Kind::schema, .name = "reply", .schema = R"({"type": "object", "properties": {
    "const": {"const": "a"}, "list": {"items": {"anyOf": [{"const": 1}, {"type": "null"}]}},
    "more": {"additionalProperties": {"const": {"const": 2}}}, "any": true, "of": {"$ref": "#/$defs/one"}},
    "$defs": {"one": {"const": null}}, "additionalProperties": false})"};
  EXPECT_EQ(gemini_written(request).at("generationConfig").at("responseJsonSchema"), json::parse(R"({"type": "object",
    "properties": {"const": {"enum": ["a"]}, "list": {"items": {"anyOf": [{"enum": [1]}, {"type": "null"}]}},
    "more": {"additionalProperties": {"enum": [{"const": 2}]}}, "any": true, "of": {"$ref": "#/$defs/one"}},
    "$defs": {"one": {"enum": [null]}}, "additionalProperties": false})"));
}

struct Thinking {
  Effort effort;
  std::string model, config;
  int room;
};
TEST(GeminiAsks, ForThoughts) {
  for (const auto& [effort, model, config, room] : std::vector<Thinking>{
           {Effort::unset, "gemini-2.5-flash", "null", 8192},
           {Effort::none, "gemini-2.5-flash", R"({"thinkingBudget":0})", 0},
           {Effort::none, "gemini-2.5-pro", R"({"thinkingBudget":128})", 128},
           {Effort::low, "gemini-2.5-pro", R"({"thinkingBudget":1024,"includeThoughts":true})", 1024},
           {Effort::high, "gemini-2.5-flash", R"({"thinkingBudget":24576,"includeThoughts":true})", 24'576},
           {Effort::unset, "gemini-3-flash", "null", 8192},
           {Effort::none, "gemini-3-flash", R"({"thinkingLevel":"LOW"})", 1024},
           {Effort::medium, "gemini-3.8-pro", R"({"thinkingLevel":"MEDIUM","includeThoughts":true})", 8192},
           {Effort::high, "gemini-flash-latest", R"({"thinkingLevel":"HIGH","includeThoughts":true})", 24'576}}) {
    auto request = gemini_question();
    request.effort = effort;
    auto sent = gemini_written(request, {.id = model, .thinks = true}).at("generationConfig").as_object();
    EXPECT_EQ(sent["thinkingConfig"], json::parse(config)) << model << " " << config;
    EXPECT_EQ(sent.at("maxOutputTokens"), 200 + room) << model << " " << config;
    EXPECT_EQ(Gemini::studio().room_to_think(request, {.id = model, .thinks = true}), room) << model << " " << config;
    EXPECT_EQ(sent.contains("temperature"), model.starts_with("gemini-2")) << model;
  }
  auto request = gemini_question();
  request.effort = Effort::high;
  EXPECT_EQ(gemini_written(request).at("generationConfig"),
            json::parse(R"({"maxOutputTokens": 200, "temperature": 0.7})"))
      << "models that do not think are not told to";
  request.max_tokens = 60'000;
  EXPECT_EQ(gemini_written(request, kFlash25).at("generationConfig").at("maxOutputTokens"), 65'536);
}

TEST(GeminiAsks, AboutPictures) {
  TextRequest request{.messages = {{MessageRole::user,
                                    {TextPart{"Compare."}, Picture{.media_type = "image/png", .bytes = "\x89PNG"},
                                     Picture{.url = "https://cdn.test/a.b/photo.WEBP?size=2"},
                                     Picture{.media_type = "image/gif", .url = "https://cdn.test/x"},
                                     Picture{.url = "https://cdn.test/x"}}}}};
  EXPECT_EQ(gemini_written(request).at("contents").at(0).at("parts"), json::parse(R"([{"text": "Compare."},
    {"inlineData": {"mimeType": "image/png", "data": "iVBORw=="}},
    {"fileData": {"mimeType": "image/webp", "fileUri": "https://cdn.test/a.b/photo.WEBP?size=2"}},
    {"fileData": {"mimeType": "image/gif", "fileUri": "https://cdn.test/x"}},
    {"fileData": {"mimeType": "image/jpeg", "fileUri": "https://cdn.test/x"}}])"));
}

TEST(GeminiAsks, WithTools) {
  auto request = gemini_question();
  request.tools = {{"weather", "Tells it.", R"({"type":"object","properties":{"city":{"type":"string"}}})"}, {"theme"}};
  const auto sent = gemini_written(request);
  EXPECT_EQ(sent.at("tools"), json::parse(R"([{"functionDeclarations": [
    {"name": "weather", "description": "Tells it.",
     "parametersJsonSchema": {"type":"object","properties":{"city":{"type":"string"}}}}, {"name": "theme"}]}])"));
  const auto config = [&](ToolChoice choice) {
    request.tool_choice = std::move(choice);
    return json::write(gemini_written(request).at("toolConfig").at("functionCallingConfig"));
  };
  using Mode = ToolChoice::Mode;
  EXPECT_EQ(config({Mode::automatic}), R"({"mode":"AUTO"})");
  EXPECT_EQ(config({Mode::none}), R"({"mode":"NONE"})");
  EXPECT_EQ(config({Mode::required}), R"({"mode":"ANY"})");
  EXPECT_EQ(config({Mode::named, "theme"}), R"({"mode":"ANY","allowedFunctionNames":["theme"]})");
  request.tools[0].strict = true;
  EXPECT_EQ(config({Mode::automatic}), R"({"mode":"VALIDATED"})");
  EXPECT_EQ(config({Mode::none, "", true}), R"({"mode":"NONE"})");
  EXPECT_THROW(config({Mode::automatic, "", true}), Error) << "there is no way to say it";
  request.tools.clear();
  EXPECT_FALSE(gemini_written(request).contains("toolConfig"));
}

TextRequest conversation() {
  return {.messages = {{MessageRole::user, "Compare."},
                       {MessageRole::assistant,
                        {Reasoning{"Two cities.", "google:AAA="}, Reasoning{"unsigned", ""},
                         Reasoning{"another's", "sig"}, TextPart{"Let me look."}, Reasoning{"", "google:BBB=", true},
                         ToolCall{"1", "weather", R"({"city":"Paris"})", "google:CCC="},
                         ToolCall{"2", "theme", "not JSON", ""}}},
                       {MessageRole::tool, {ToolResult{"2", "", "no theme", true}}},
                       {MessageRole::tool, {ToolResult{"1", "weather", "rain"}}},
                       {MessageRole::user, "Thanks."},
                       {MessageRole::user, {TextPart{""}, TextPart{"Go on."}}},
                       {MessageRole::assistant, {Reasoning{"", "google:DDD=", true}, TextPart{"Rain."}}}}};
}

TEST(GeminiAsks, ThroughAConversation) {
  EXPECT_EQ(gemini_written(conversation()).at("contents"), json::parse(R"([
    {"role": "user", "parts": [{"text": "Compare."}]},
    {"role": "model", "parts": [
      {"text": "Two cities.", "thought": true, "thoughtSignature": "AAA="},
      {"text": "Let me look.", "thoughtSignature": "BBB="},
      {"functionCall": {"name": "weather", "args": {"city": "Paris"}, "id": "1"}, "thoughtSignature": "CCC="},
      {"functionCall": {"name": "theme", "args": {}, "id": "2"}}]},
    {"role": "user", "parts": [
      {"functionResponse": {"name": "weather", "response": {"output": "rain"}, "id": "1"}},
      {"functionResponse": {"name": "theme", "response": {"error": "no theme"}, "id": "2"}}]},
    {"role": "user", "parts": [{"text": "Thanks."}, {"text": "Go on."}]},
    {"role": "model", "parts": [{"text": "", "thoughtSignature": "DDD="}, {"text": "Rain."}]}])"));
  const auto on_vertex = json::write(gemini_written(conversation(), kPlain, Gemini::vertex("p", "l")).at("contents"));
  EXPECT_THAT(on_vertex, Not(HasSubstr("\"id\"")));
}

TEST(GeminiAsks, WhatCallsItNeverSigned) {
  auto request = conversation();
  for (auto& part : request.messages[1].parts)
    if (auto* call = std::get_if<ToolCall>(&part)) call->signature = call->signature.empty() ? "" : "another's";
  const auto signature = [&](const ModelTraits& model, std::size_t part) {
    const auto sent = gemini_written(request, model);
    const auto& parts = sent.at("contents").at(1).at("parts");
    const auto* found = parts.at(part).as_object().if_contains("thoughtSignature");
    return found != nullptr ? std::string(found->as_string()) : "";
  };
  EXPECT_EQ(signature(kFlash3, 2), "skip_thought_signature_validator") << "else the turn is refused";
  EXPECT_EQ(signature(kFlash3, 3), "");
  EXPECT_EQ(signature(kFlash25, 2), "");
}

TEST(GeminiAsks, NothingThatHasNoPlace) {
  const auto refused = [](MessageRole role, Part part) {
    try {
      gemini_written({.messages = {{role, {std::move(part)}}}});
    } catch (const Error& error) {
      return error.fault == Fault::invalid;
    }
    return false;
  };
  EXPECT_TRUE(refused(MessageRole::system, Picture{.url = "https://cdn.test/x.png"}));
  EXPECT_TRUE(refused(MessageRole::user, ToolCall{"1", "weather", "{}", ""}));
  EXPECT_TRUE(refused(MessageRole::tool, ToolResult{"1", "", "of no call"}));
  EXPECT_FALSE(refused(MessageRole::user, Reasoning{"x", "google:y"}));
}

}  // namespace
}  // namespace odeon::ai

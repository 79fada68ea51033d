#include "engine/ai/providers/gemini.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "base/json.hpp"
#include "engine/ai/providers/gemini_answers_test.hpp"

namespace odeon::ai {
namespace {

namespace answers = gemini_answers;
using json::array;
using json::object;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const ModelTraits kFlash25{.id = "gemini-2.5-flash", .thinks = true, .max_output = 65'536};
const ModelTraits kFlash3{.id = "gemini-3-flash", .thinks = true};
const ModelTraits kPlain{.id = "gemini-2.0-flash"};

TextRequest question() {
  return {.messages = {{MessageRole::system, "Be brief."}, {MessageRole::user, "What moved?"}}, .max_tokens = 200};
}
object written(const TextRequest& request, const ModelTraits& model = kPlain,
               const Gemini& dialect = Gemini::studio()) {
  return json::parse(dialect.write(request, model, false).body).as_object();
}
object parsed(const char* text) {
  return json::parse(text).as_object();
}
// Events that can be compared: all but the last, which has counts.
using Event = std::variant<TextDelta, ReasoningDelta, ToolCallBegin, ToolCallDelta>;
struct Read {
  std::vector<Event> events;
  TextReply reply;
};
Read read_stream(const std::string& bytes, const std::vector<std::size_t>& cuts = {}) {
  const auto translator = Gemini::studio().translator("gemini");
  TextEvents events;
  std::size_t at = 0;
  for (const std::size_t cut : cuts) {
    translator->take(std::string_view(bytes).substr(at, cut - at), events);
    at = cut;
  }
  translator->take(std::string_view(bytes).substr(at), events);
  translator->end(events);
  Read read;
  ReplyBuilder builder;
  for (const auto& event : events) {
    builder.take(event);
    std::visit(
        [&]<class Kind>(const Kind& seen) {
          if constexpr (!std::same_as<Kind, Finished>) read.events.emplace_back(seen);
        },
        event);
  }
  EXPECT_TRUE(std::holds_alternative<Finished>(events.back()));
  read.reply = std::move(builder).finish();
  return read;
}
auto fields(const Usage& usage) {
  return std::tie(usage.input_tokens, usage.cached_tokens, usage.input_audio_tokens, usage.output_tokens,
                  usage.reasoning_tokens, usage.output_audio_tokens, usage.output_image_tokens);
}
bool same(const TextReply& a, const TextReply& b) {
  return a.message == b.message && a.finish == b.finish && a.id == b.id && fields(a.usage) == fields(b.usage);
}
std::vector<Part> parts_of(const TextReply& reply) {
  return reply.message.parts;
}

// ---- asking ----------------------------------------------------------------------------------------

TEST(GeminiAsks, AtItsHouse) {
  EXPECT_EQ(Gemini::studio().write(question(), kPlain, false).path, "/v1beta/models/gemini-2.0-flash:generateContent");
  EXPECT_EQ(Gemini::studio().write(question(), kPlain, true).path,
            "/v1beta/models/gemini-2.0-flash:streamGenerateContent?alt=sse");
  EXPECT_EQ(Gemini::vertex("my-project", "europe-west4").write(question(), kPlain, true).path,
            "/v1/projects/my-project/locations/europe-west4/publishers/google/models/"
            "gemini-2.0-flash:streamGenerateContent?alt=sse");
}

TEST(GeminiAsks, Plainly) {
  EXPECT_EQ(written(question()), parsed(R"({
    "systemInstruction": {"parts": [{"text": "Be brief."}]},
    "contents": [{"role": "user", "parts": [{"text": "What moved?"}]}],
    "generationConfig": {"maxOutputTokens": 200, "temperature": 0.7}})"));
  auto only_rules = question();
  only_rules.messages.pop_back();
  EXPECT_EQ(written(only_rules).at("contents"), json::parse(R"([{"role": "user", "parts": [{"text": "Be brief."}]}])"));
  EXPECT_FALSE(written(only_rules).contains("systemInstruction"));
}

TEST(GeminiAsks, ForAForm) {
  auto request = question();
  request.temperature = std::nullopt;
  request.top_p = 0.5;
  request.stop = {"\n\n", "END"};
  request.form = {AnswerForm::Kind::schema, "reply", R"({"type":"object","properties":{"a":{"type":"integer"}}})"};
  EXPECT_EQ(written(request).at("generationConfig"), json::parse(R"({
    "maxOutputTokens": 200, "topP": 0.5, "stopSequences": ["\n\n", "END"], "responseMimeType": "application/json",
    "responseJsonSchema": {"type":"object","properties":{"a":{"type":"integer"}}}})"));
  request.form.kind = AnswerForm::Kind::json;
  EXPECT_FALSE(written(request).at("generationConfig").as_object().contains("responseJsonSchema"));
}

TEST(GeminiAsks, ForOneValueAsForAChoice) {
  auto request = question();
  request.form = {AnswerForm::Kind::schema, "reply", R"({"type": "object", "properties": {
    "const": {"const": "a"}, "list": {"items": {"anyOf": [{"const": 1}, {"type": "null"}]}},
    "more": {"additionalProperties": {"const": {"const": 2}}}, "any": true, "of": {"$ref": "#/$defs/one"}},
    "$defs": {"one": {"const": null}}, "additionalProperties": false})"};
  EXPECT_EQ(written(request).at("generationConfig").at("responseJsonSchema"), json::parse(R"({"type": "object",
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
    auto request = question();
    request.effort = effort;
    auto sent = written(request, {.id = model, .thinks = true}).at("generationConfig").as_object();
    EXPECT_EQ(sent["thinkingConfig"], json::parse(config)) << model << " " << config;
    EXPECT_EQ(sent.at("maxOutputTokens"), 200 + room) << model << " " << config;
    EXPECT_EQ(sent.contains("temperature"), model.starts_with("gemini-2")) << model;
  }
  auto request = question();
  request.effort = Effort::high;
  EXPECT_EQ(written(request).at("generationConfig"), json::parse(R"({"maxOutputTokens": 200, "temperature": 0.7})"))
      << "models that do not think are not told to";
  request.max_tokens = 60'000;
  EXPECT_EQ(written(request, kFlash25).at("generationConfig").at("maxOutputTokens"), 65'536);
}

TEST(GeminiAsks, AboutPictures) {
  TextRequest request{.messages = {{MessageRole::user,
                                    {TextPart{"Compare."}, Picture{.media_type = "image/png", .bytes = "\x89PNG"},
                                     Picture{.url = "https://cdn.test/a.b/photo.WEBP?size=2"},
                                     Picture{.media_type = "image/gif", .url = "https://cdn.test/x"},
                                     Picture{.url = "https://cdn.test/x"}}}}};
  EXPECT_EQ(written(request).at("contents").at(0).at("parts"), json::parse(R"([{"text": "Compare."},
    {"inlineData": {"mimeType": "image/png", "data": "iVBORw=="}},
    {"fileData": {"mimeType": "image/webp", "fileUri": "https://cdn.test/a.b/photo.WEBP?size=2"}},
    {"fileData": {"mimeType": "image/gif", "fileUri": "https://cdn.test/x"}},
    {"fileData": {"mimeType": "image/jpeg", "fileUri": "https://cdn.test/x"}}])"));
}

TEST(GeminiAsks, WithTools) {
  auto request = question();
  request.tools = {{"weather", "Tells it.", R"({"type":"object","properties":{"city":{"type":"string"}}})"}, {"theme"}};
  const auto sent = written(request);
  EXPECT_EQ(sent.at("tools"), json::parse(R"([{"functionDeclarations": [
    {"name": "weather", "description": "Tells it.",
     "parametersJsonSchema": {"type":"object","properties":{"city":{"type":"string"}}}}, {"name": "theme"}]}])"));
  const auto config = [&](ToolChoice choice) {
    request.tool_choice = std::move(choice);
    return json::write(written(request).at("toolConfig").at("functionCallingConfig"));
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
  EXPECT_FALSE(written(request).contains("toolConfig"));
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
  EXPECT_EQ(written(conversation()).at("contents"), json::parse(R"([
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
  const auto on_vertex = json::write(written(conversation(), kPlain, Gemini::vertex("p", "l")).at("contents"));
  EXPECT_THAT(on_vertex, Not(HasSubstr("\"id\"")));
}

TEST(GeminiAsks, WhatCallsItNeverSigned) {
  auto request = conversation();
  for (auto& part : request.messages[1].parts)
    if (auto* call = std::get_if<ToolCall>(&part)) call->signature = call->signature.empty() ? "" : "another's";
  const auto signature = [&](const ModelTraits& model, std::size_t part) {
    const auto sent = written(request, model);
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
      written({.messages = {{role, {std::move(part)}}}});
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

// ---- answers ---------------------------------------------------------------------------------------

TEST(GeminiAnswers, AtOnceAndAsAStreamAlike) {
  for (const auto& recorded : answers::all()) {
    const auto whole = Gemini::studio().read(recorded.whole, "gemini");
    for (const char* line_end : {"\n", "\r\n"})
      EXPECT_TRUE(same(read_stream(answers::stream_of(recorded.frames, line_end)).reply, whole)) << recorded.name;
  }
}

TEST(GeminiAnswers, ASignedText) {
  const auto read = read_stream(answers::stream_of(answers::of("signed-text").frames));
  EXPECT_EQ(read.events, (std::vector<Event>{TextDelta{"Three: st"}, TextDelta{"**r**awbe**rr**y. ✓"},
                                             ReasoningDelta{"", "google:EpAICo0IAb4+9vuku3oDHR==", true, true}}));
  EXPECT_EQ(read.reply.id, "M3iLaY-AI7z");
  EXPECT_EQ(read.reply.finish, Finish::stop);
  EXPECT_EQ(read.reply.usage.input_tokens, 9);
  EXPECT_EQ(read.reply.usage.output_tokens, 315);
  EXPECT_EQ(read.reply.usage.reasoning_tokens, 302);
}

TEST(GeminiAnswers, CallsOfTools) {
  const auto read = read_stream(answers::stream_of(answers::of("calls").frames));
  EXPECT_EQ(read.reply.finish, Finish::tool_calls);
  EXPECT_THAT(parts_of(read.reply),
              ElementsAre(Part(Reasoning{"**Comparing**\n\nTwo cities, so two calls."}),
                          Part(ToolCall{"lpndqlku", "weather", R"({"city":"Paris","days":3})",
                                        "google:AY89a19YsnFp7FOSIejJDV9XuMU="}),
                          Part(ToolCall{"call_vQRpaqzAPN2M9MoP_1", "weather", R"({"city":"Zürich"})"}),
                          Part(ToolCall{"call_vQRpaqzAPN2M9MoP_2", "theme", "{}"})));
  EXPECT_EQ(read.reply.usage.output_tokens, 62) << "the counts of the end, though one frame had none";
}

TEST(GeminiAnswers, WhatItCounted) {
  const Usage usage = read_stream(answers::stream_of(answers::of("vertex").frames)).reply.usage;
  EXPECT_EQ(usage.input_tokens, 300);
  EXPECT_EQ(usage.cached_tokens, 256);
  EXPECT_EQ(usage.input_audio_tokens, 44) << "what came from the cache is not counted twice";
  const auto withheld = read_stream(answers::stream_of(answers::of("withheld").frames)).reply;
  EXPECT_EQ(withheld.usage.input_tokens, 72) << "with what tools of Google's brought";
  EXPECT_EQ(withheld.finish, Finish::declined);
  EXPECT_EQ(withheld.text(), "It was the best of");
  const auto blocked = read_stream(answers::stream_of(answers::of("blocked").frames)).reply;
  EXPECT_EQ(blocked.finish, Finish::declined);
  EXPECT_EQ(blocked.usage.input_tokens, 9);
  EXPECT_EQ(read_stream(answers::stream_of(answers::of("vertex").frames)).reply.finish, Finish::length);
  const Usage odd = Gemini::studio()
                        .read(R"({"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":
      9223372036854775807,"toolUsePromptTokenCount":9223372036854775807,"candidatesTokenCount":"many",
      "thoughtsTokenCount":-4,"promptTokensDetails":{"modality":"AUDIO"},"cacheTokensDetails":[7]}})",
                              "gemini")
                        .usage;
  EXPECT_EQ(odd.output_tokens, 0);
  EXPECT_GT(odd.input_tokens, 0);
}

TEST(GeminiAnswers, PicturesThatItDraws) {
  const auto usage = Gemini::studio()
                         .read(R"({"candidates":[{"content":{"parts":[{"text":"Here."},{"inlineData":{"mimeType":
      "image/png","data":"AA=="}}]},"finishReason":"STOP"},{"index":1,"content":{"parts":[{"text":"other"}]},
      "finishReason":"OTHER"}],"usageMetadata":{"candidatesTokenCount":1300,"candidatesTokensDetails":
      [{"modality":"IMAGE","tokenCount":1290},{"modality":"TEXT","tokenCount":10}]}})",
                               "gemini")
                         .usage;
  EXPECT_EQ(usage.output_tokens, 1300);
  EXPECT_EQ(usage.output_image_tokens, 1290);
}

struct Broken {
  std::string what, frames, code;
  std::int64_t counted = 0;
};
class GeminiBreaks : public ::testing::TestWithParam<Broken> {};
TEST_P(GeminiBreaks, Loudly) {
  try {
    read_stream(GetParam().frames);
    FAIL() << "it ended well";
  } catch (const Error& error) {
    EXPECT_EQ(error.code, GetParam().code);
    const auto* used = dynamic_cast<const FailedAfterUse*>(&error);
    EXPECT_EQ(used != nullptr ? used->usage.input_tokens : 0, GetParam().counted);
    EXPECT_THAT(error.message + error.detail, Not(HasSubstr("AAPL")));
  }
}
const std::string kBegun = R"(data: {"candidates":[{"content":{"parts":[{"text":"AAPL"}]}}],"usageMetadata":)"
                           R"({"promptTokenCount":9}})"
                           "\n\n";
INSTANTIATE_TEST_SUITE_P(
    Recorded, GeminiBreaks,
    ::testing::Values(
        Broken{"Empty", "", "STREAM_CUT"}, Broken{"Cut", kBegun, "STREAM_CUT", 9},
        Broken{"CutInAFrame", kBegun + R"(data: {"candidates":[{"finishReason":"STOP"}]})", "STREAM_CUT", 9},
        Broken{"CountsOnly", "data: {\"usageMetadata\":{\"promptTokenCount\":9}}\n\n", "STREAM_CUT", 9},
        Broken{"Unspecified", "data: {\"candidates\":[{\"finishReason\":\"FINISH_REASON_UNSPECIFIED\"}]}\n\n",
               "STREAM_CUT"},
        Broken{"BadCall", kBegun + "data: {\"candidates\":[{\"finishReason\":\"MALFORMED_FUNCTION_CALL\"}]}\n\n",
               "STOPPED_EARLY", 9},
        Broken{"Other", "data: {\"candidates\":[{\"finishReason\":\"AAPL is other\"}]}\n\n", "STOPPED_EARLY"},
        Broken{"Overloaded",
               kBegun + R"(data: {"error":{"code":503,"message":"AAPL","status":"UNAVAILABLE"}})"
                        "\n\n",
               "PROVIDER_BUSY", 9},
        Broken{"Limit",
               "data: {\"error\":{\"code\":429,\"message\":\"AAPL\",\"status\":\"RESOURCE_EXHAUSTED\"}}\r\n\r\n",
               "PROVIDER_LIMIT"},
        Broken{"NoJson", kBegun + "data: AAPL\n\n", "BAD_ANSWER", 9}, Broken{"AList", "data: [1]\n\n", "BAD_ANSWER"}),
    [](const auto& info) { return info.param.what; });

TEST(GeminiBreaks, AtOnceToo) {
  const auto code = [](const char* body) {
    try {
      Gemini::studio().read(body, "gemini");
    } catch (const Error& error) {
      return error.code + (dynamic_cast<const FailedAfterUse*>(&error) != nullptr ? " used" : "");
    }
    return std::string();
  };
  EXPECT_EQ(code(""), "BAD_ANSWER");
  EXPECT_EQ(code("{}"), "BAD_ANSWER");
  EXPECT_EQ(code(R"({"candidates":[],"usageMetadata":{"promptTokenCount":1}})"), "BAD_ANSWER used");
  EXPECT_EQ(code(R"({"error":{"code":429}})"), "PROVIDER_LIMIT");
  EXPECT_EQ(code(R"({"candidates":[{"finishReason":"MALFORMED_FUNCTION_CALL"}]})"), "STOPPED_EARLY");
}

TEST(GeminiAnswers, NotBeforeTheStreamIsClosed) {
  // Some that stand in between send a reason to stop ahead of the text.
  const auto read = read_stream(
      "data: {\"candidates\":[{\"content\":{\"parts\":[]},\"finishReason\":\"STOP\"}]}\n\n"
      "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"late\"}]},\"finishReason\":\"STOP\"}]}\n\n");
  EXPECT_EQ(read.reply.text(), "late");
}

// ---- any answer ------------------------------------------------------------------------------------

const std::vector<std::string> kPieces = {"a", " word", "\n", "ü", "→", "😀", "\"", "\\", "e\u0301"};

// A reply as a model writes it: parts as they come at once, and how a stream cuts them.
struct Reply {
  std::vector<object> parts;
  std::vector<std::vector<object>> frames;
  std::string reason;
};
std::string any_text() {
  std::string text;
  for (const auto piece : *rc::gen::nonEmpty(
           rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, kPieces.size()))))
    text += kPieces[piece];
  return text;
}
// The text in pieces of whole characters, and the signature on the last of them or on an empty one.
void stream_text(std::vector<std::vector<object>>& frames, const object& part) {
  const std::string text(part.at("text").as_string());
  const bool is_thought = part.contains("thought");
  auto piece = [&](std::string_view bytes) {
    object made{{"text", bytes}};
    if (is_thought) made["thought"] = true;
    return made;
  };
  const std::size_t length = text::length(text);
  std::string_view rest = text;
  for (std::size_t left = length; left > 0;) {
    const auto count = *rc::gen::inRange<std::size_t>(1, left + 1);
    const auto taken = text::prefix(rest, count);
    frames.push_back({piece(taken)});
    rest.remove_prefix(taken.size());
    left -= count;
  }
  if (!part.contains("thoughtSignature")) return;
  if (*rc::gen::arbitrary<bool>()) frames.push_back({piece("")});
  frames.back().back()["thoughtSignature"] = part.at("thoughtSignature");
}
Reply any_reply() {
  Reply reply;
  int last = -1;
  const int count = *rc::gen::inRange(0, 6);
  for (int i = 0; i < count; ++i) {
    const int kind = *rc::gen::inRange(0, 3);
    if (kind == last && kind < 2) continue;  // at once, what is alike comes as one
    last = kind;
    object part;
    if (kind == 0) part = {{"text", any_text()}, {"thought", true}};
    if (kind == 1) part = {{"text", any_text()}};
    if (kind == 2) {
      object call{{"name", "tool"}, {"args", object{{"value", any_text()}, {"list", array{1, 2.5, nullptr}}}}};
      if (*rc::gen::arbitrary<bool>()) call["id"] = fmt::format("id{}", i);
      part = {{"functionCall", std::move(call)}};
    }
    if (*rc::gen::arbitrary<bool>()) part["thoughtSignature"] = fmt::format("c2ln{}", i);
    reply.parts.push_back(part);
    if (kind < 2)
      stream_text(reply.frames, part);
    else if (!reply.frames.empty() && *rc::gen::arbitrary<bool>())
      reply.frames.back().push_back(part);
    else
      reply.frames.push_back({part});
  }
  reply.reason = *rc::gen::element<std::string>("STOP", "MAX_TOKENS", "SAFETY");
  return reply;
}
object response_of(const std::vector<object>& parts, std::int64_t tokens) {
  object candidate{{"content", object{{"role", "model"}, {"parts", array(parts.begin(), parts.end())}}}, {"index", 0}};
  return {{"candidates", array{std::move(candidate)}},
          {"usageMetadata", object{{"promptTokenCount", 7}, {"candidatesTokenCount", tokens}}},
          {"responseId", "r"}};
}
std::string whole(const Reply& reply) {
  auto response = response_of(reply.parts, static_cast<std::int64_t>(reply.frames.size()) + 1);
  response["candidates"].at(0).as_object()["finishReason"] = reply.reason;
  return json::write(response);
}
std::string streamed(const Reply& reply) {
  std::vector<std::string> frames;
  for (const auto& parts : reply.frames)
    frames.push_back(json::write(response_of(parts, static_cast<std::int64_t>(frames.size()) + 1)));
  auto last = response_of({}, static_cast<std::int64_t>(frames.size()) + 1);
  last["candidates"].at(0).as_object()["finishReason"] = reply.reason;
  frames.push_back(json::write(last));
  return answers::stream_of(frames, *rc::gen::element<std::string>("\n", "\r\n"));
}

RC_GTEST_PROP(GeminiProperty, SlicesChangeNothing, ()) {
  const std::string bytes = streamed(any_reply());
  auto cuts = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, bytes.size() + 1));
  std::ranges::sort(cuts);
  const auto uncut = read_stream(bytes), cut = read_stream(bytes, cuts);
  RC_ASSERT(uncut.events == cut.events);
  RC_ASSERT(same(uncut.reply, cut.reply));
  for (const auto& event : uncut.events)
    if (const auto* delta = std::get_if<TextDelta>(&event)) RC_ASSERT(text::is_utf8(delta->text));
}

RC_GTEST_PROP(GeminiProperty, AStreamIsTheReplyThatComesAtOnce, ()) {
  const auto reply = any_reply();
  RC_ASSERT(same(read_stream(streamed(reply)).reply, Gemini::studio().read(whole(reply), "gemini")));
}

// Thoughts that Google did not sign are of no use to it; ids that were made up here are added.
RC_GTEST_PROP(GeminiProperty, WhatItSaidGoesBackAsItCame, ()) {
  const auto reply = any_reply();
  array expected;
  for (auto part : reply.parts) {
    if (part.contains("thought") && !part.contains("thoughtSignature")) continue;
    if (auto* call = part.if_contains("functionCall")) call->get_object().erase("id");
    expected.emplace_back(std::move(part));
  }
  TextRequest next{.messages = {read_stream(streamed(reply)).reply.message}};
  const auto contents = written(next, kFlash25, Gemini::vertex("p", "l")).at("contents").as_array();
  RC_ASSERT(contents.size() == (expected.empty() ? 0U : 1U));
  if (!expected.empty()) RC_ASSERT(contents[0].at("parts") == json::value(expected));
}

RC_GTEST_PROP(GeminiProperty, NoDamageDoesHarm, (const std::string& noise)) {
  std::string bytes = streamed(any_reply());
  for (const char c : noise) bytes[static_cast<unsigned char>(c) % bytes.size()] = c;
  try {
    read_stream(bytes);
  } catch (const Error&) {
    // That is what it is there for.
  }
}

}  // namespace
}  // namespace odeon::ai

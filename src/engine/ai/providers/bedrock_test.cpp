#include "engine/ai/providers/bedrock.hpp"

#include "base/text.hpp"
#include "engine/ai/providers/aws_frame_test.hpp"
#include "engine/ai/providers/block_fixture_test.hpp"
#include "engine/ai/providers/claude_dialects_test.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;
using blocks::Block;
using blocks::failure_of;
using blocks::fed;
using blocks::shown;

constexpr const char* kClaude = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0";

bj::object bedrock_sent(const TextRequest& request, const ModelTraits& model = {.id = kClaude, .thinks = true}) {
  return bj::parse(kBedrock.write(request, model, false).body).as_object();
}

std::string bedrock_frame(const std::string& type, const bj::object& payload) {
  return aws_frames::frame({{":message-type", "event"}, {":event-type", type}, {":content-type", "application/json"}},
                           bj::serialize(payload));
}

bj::object bedrock_whole(const Block& block) {
  switch (block.kind) {
    case Block::Kind::text:
      return {{"text", block.whole()}};
    case Block::Kind::thought:
      return {{"reasoningContent", {{"reasoningText", {{"text", block.whole()}, {"signature", block.signature}}}}}};
    case Block::Kind::redacted:
      return {{"reasoningContent", {{"redactedContent", block.signature}}}};
    case Block::Kind::call:
      break;
  }
  const auto input = block.pieces.empty() ? bj::value(bj::object()) : bj::parse(block.whole());
  return {{"toolUse", {{"toolUseId", block.id}, {"name", block.name}, {"input", input}}}};
}

bj::object bedrock_piece(const Block& block, const std::string& text) {
  if (block.kind == Block::Kind::thought) return {{"reasoningContent", {{"text", text}}}};
  if (block.kind == Block::Kind::call) return {{"toolUse", {{"input", text}}}};
  return {{"text", text}};
}

// As the service writes them: only calls are announced.
std::string bedrock_streamed(const std::vector<Block>& blocks, const std::string& reason, const bj::object& usage) {
  std::string stream = bedrock_frame("messageStart", {{"role", "assistant"}, {"p", "abcd"}});
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const auto& block = blocks[i];
    const auto say = [&](const bj::object& delta) {
      stream += bedrock_frame("contentBlockDelta", {{"contentBlockIndex", i}, {"delta", delta}, {"p", "abcdefghijk"}});
    };
    if (block.kind == Block::Kind::call)
      stream += bedrock_frame(
          "contentBlockStart",
          {{"contentBlockIndex", i}, {"start", {{"toolUse", {{"toolUseId", block.id}, {"name", block.name}}}}}});
    for (const auto& text : block.pieces) say(bedrock_piece(block, text));
    if (block.kind == Block::Kind::thought) say({{"reasoningContent", {{"signature", block.signature}}}});
    if (block.kind == Block::Kind::redacted) say({{"reasoningContent", {{"redactedContent", block.signature}}}});
    stream += bedrock_frame("contentBlockStop", {{"contentBlockIndex", i}});
  }
  stream += bedrock_frame("messageStop", {{"stopReason", reason}});
  // Metrics may come apart.
  if (*rc::gen::arbitrary<bool>()) stream += bedrock_frame("metadata", {{"metrics", {{"latencyMs", 5}}}});
  return stream + bedrock_frame("metadata", {{"usage", usage}, {"metrics", {{"latencyMs", 5}}}});
}

struct BedrockReason {
  std::string said;
  Finish means;
};

RC_GTEST_PROP(Bedrock, ReadsTheSameWholeAndInSlices, ()) {
  const auto blocks = blocks::any_blocks();
  const auto reason = *rc::gen::element(
      BedrockReason{"end_turn", Finish::stop}, BedrockReason{"stop_sequence", Finish::stop},
      BedrockReason{"max_tokens", Finish::length}, BedrockReason{"tool_use", Finish::tool_calls},
      BedrockReason{"guardrail_intervened", Finish::declined}, BedrockReason{"content_filtered", Finish::declined},
      BedrockReason{"model_context_window_exceeded", Finish::length});
  const auto count = rc::gen::inRange<std::int64_t>(1, 100'000);
  const std::int64_t fresh = *count, read = *count, brief = *count, hour = *count, output = *count;
  const bj::object usage{
      {"inputTokens", fresh},
      {"outputTokens", output},
      {"totalTokens", fresh + read + brief + hour + output},
      {"cacheReadInputTokens", read},
      {"cacheWriteInputTokens", brief + hour},
      {"cacheDetails", bj::array{{{"ttl", "5m"}, {"inputTokens", brief}}, {{"ttl", "1h"}, {"inputTokens", hour}}}}};
  bj::array content;
  for (const auto& block : blocks) content.push_back(bedrock_whole(block));
  const std::string answer =
      bj::serialize(bj::object{{"output", {{"message", {{"role", "assistant"}, {"content", content}}}}},
                               {"stopReason", reason.said},
                               {"usage", usage},
                               {"metrics", {{"latencyMs", 5}}}});

  const TextReply at_once = kBedrock.read(answer, "them");
  RC_ASSERT(at_once.message == blocks::message_of(blocks));
  RC_ASSERT(at_once.finish == reason.means);
  RC_ASSERT(shown(at_once.usage) == shown(Usage{.input_tokens = fresh + read + brief + hour,
                                                .cached_tokens = read,
                                                .cache_written_tokens = brief,
                                                .cache_written_1h_tokens = hour,
                                                .output_tokens = output}));

  const std::string stream = bedrock_streamed(blocks, reason.said, usage);
  const TextEvents events = fed(kBedrock, stream);
  RC_ASSERT(shown(blocks::fed_in_slices(kBedrock, stream)) == shown(events));
  const TextReply in_time = reply_of(events);
  RC_ASSERT(in_time.message == at_once.message);
  RC_ASSERT(in_time.finish == at_once.finish);
  RC_ASSERT(shown(in_time.usage) == shown(at_once.usage));

  // A cut is told, wherever it is.
  const auto cut = std::string_view(stream).substr(0, *rc::gen::inRange<std::size_t>(0, stream.find("messageStop")));
  RC_ASSERT(failure_of([&] { fed(kBedrock, cut); }).error.code == "STREAM_CUT");
}

RC_GTEST_PROP(Bedrock, ReadsNonsenseAsAnAnswerOrAnError, ()) {
  std::string stream;
  for (int count = *rc::gen::inRange(1, 8); count > 0; --count)
    stream += aws_frames::frame(
        {{":message-type", *rc::gen::element<std::string>("event", "event", "event", "exception", "", "other")},
         {":event-type", *rc::gen::element<std::string>("contentBlockStart", "contentBlockDelta", "contentBlockStop",
                                                        "messageStop", "metadata", "")}},
        *rc::gen::element<std::string>(
            "", "null", "[]", R"({"contentBlockIndex":-1,"start":{"toolUse":[]},"delta":7,"usage":[],"stopReason":{}})",
            R"({"contentBlockIndex":0,"start":{"toolUse":{}},"delta":{"toolUse":{"input":"{"}}})",
            R"({"delta":{"text":null,"reasoningContent":{"redactedContent":"*","text":1}},"stopReason":"tool_use"})",
            R"({"usage":{"inputTokens":9223372036854775807,"cacheReadInputTokens":9223372036854775807}})"));
  // Throws nothing else.
  failure_of([&] { reply_of(fed(kBedrock, stream)); });
}

TEST(Bedrock, IsCompleteWithoutItsCounts) {
  const TextReply reply = reply_of(fed(kBedrock, bedrock_frame("contentBlockDelta", {{"delta", {{"text", "Yes."}}}}) +
                                                     bedrock_frame("messageStop", {{"stopReason", "end_turn"}})));
  EXPECT_EQ(reply.text(), "Yes.");
  EXPECT_FALSE(reply.usage.anything());
}

TEST(Bedrock, PassesOnWhatWentWrongInBetween) {
  const auto exception = [](const char* kind, const char* name, const char* said) {
    const std::string type = std::string(kind) == "error" ? ":error-code" : ":exception-type";
    return failure_of([&] {
             fed(kBedrock, aws_frames::frame({{":message-type", kind}, {type, said}},
                                             bj::serialize(bj::object{{"message", name}})));
           })
        .error;
  };
  EXPECT_EQ(exception("exception", "x", "throttlingException").code, "PROVIDER_LIMIT");
  EXPECT_EQ(exception("exception", "x", "serviceUnavailableException").code, "PROVIDER_BUSY");
  EXPECT_EQ(exception("exception", "x", "modelStreamErrorException").code, "PROVIDER_FAILED");
  EXPECT_EQ(exception("error", "x", "InternalError").code, "PROVIDER_FAILED");
  const auto too_long = exception("exception", "Input is too long for requested model.", "validationException");
  EXPECT_EQ(too_long.fault, Fault::invalid);
  EXPECT_EQ(too_long.message, "The text is too long for this model.");
  EXPECT_EQ(failure_of([&] {
              fed(kBedrock, bedrock_frame("messageStop", {{"stopReason", "malformed_tool_use"}}));
            }).error.code,
            "BAD_ANSWER");
  EXPECT_EQ(failure_of([&] { fed(kBedrock, "not frames at all"); }).error.code, "BAD_ANSWER");
  for (const char* bad :
       {"", "[]", "{}", R"({"output":{"message":{"content":[]}},"stopReason":"malformed_model_output"})"})
    EXPECT_EQ(failure_of([&] { kBedrock.read(bad, "them"); }).error.code, "BAD_ANSWER") << bad;
}

TEST(BedrockRequest, NamesTheModelInItsPath) {
  const WireRequest wire = kBedrock.write(
      {.messages = {{MessageRole::user, "Hi"}}, .max_tokens = 50, .temperature = 0.5}, {.id = kClaude}, true);
  EXPECT_EQ(wire.path, "/model/eu.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse-stream");
  EXPECT_EQ(bj::parse(wire.body), bj::parse(R"({"messages":[{"role":"user","content":[{"text":"Hi"}]}],
                                                "inferenceConfig":{"maxTokens":50,"temperature":0.5}})"));
  EXPECT_EQ(kBedrock.write({}, {.id = "amazon.nova-pro-v1:0"}, false).path, "/model/amazon.nova-pro-v1%3A0/converse");
}

TEST(BedrockRequest, SaysAllThatWasSaid) {
  TextRequest request{
      .messages = {{MessageRole::system, "Be brief."},
                   {MessageRole::user, std::vector<Part>{TextPart{"What is this?"}, Picture{"image/jpeg", "abc", ""}}},
                   {MessageRole::assistant, std::vector<Part>{Reasoning{"Hm.", "sig"}, Reasoning{"", "c2VjcmV0", true},
                                                              ToolCall{"a", "look", R"({"at":"x"})", ""}}},
                   {MessageRole::tool, std::vector<Part>{ToolResult{"a", "look", "a cat", true}}}},
      .max_tokens = 50,
      .temperature = std::nullopt,
      .stop = {"END"},
      .form = {.kind = AnswerForm::Kind::schema, .schema = R"({"type":"object","properties":{}})"},
      .tools = {{"look", "Looks.", "", false}},
      .tool_choice = {ToolChoice::Mode::automatic, "", true},
      .effort = Effort::low};
  EXPECT_EQ(bj::value(bedrock_sent(request)), bj::parse(R"({
    "system":[{"text":"Be brief."}],
    "messages":[{"role":"user","content":[{"text":"What is this?"},{"image":{"format":"jpeg","source":{"bytes":"YWJj"}}}]},
      {"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"Hm.","signature":"sig"}}},
        {"reasoningContent":{"redactedContent":"c2VjcmV0"}},
        {"toolUse":{"toolUseId":"a","name":"look","input":{"at":"x"}}}]},
      {"role":"user","content":[{"toolResult":{"toolUseId":"a","content":[{"text":"a cat"}],"status":"error"}},
        {"cachePoint":{"type":"default"}}]}],
    "inferenceConfig":{"maxTokens":1074,"stopSequences":["END"]},
    "toolConfig":{"tools":[{"toolSpec":{"name":"look","description":"Looks.","inputSchema":{"json":{"type":"object"}}}}],
      "toolChoice":{"auto":{}}},
    "outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"name":"answer",
      "schema":"{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}"}}}},
    "additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":1024},
      "tool_choice":{"type":"auto","disable_parallel_tool_use":true}}})"));
  request.effort = Effort::high;
  const auto newer = bedrock_sent(request, {.id = "anthropic.claude-opus-5", .thinks = true});
  EXPECT_EQ(newer.at("outputConfig").at("effort"), "high");
  EXPECT_EQ(newer.at("additionalModelRequestFields").at("thinking").at("type"), "adaptive");
  const auto other = bedrock_sent(request, {.id = "deepseek.r1-v1:0", .thinks = true});
  EXPECT_EQ(other.at("outputConfig").at("effort"), "high");
  EXPECT_FALSE(other.contains("additionalModelRequestFields"));
}

TEST(BedrockRequest, DeclaresToolsOnlyWhereTheyMayBeToldOf) {
  TextRequest request{.messages = {{MessageRole::user, "Hi"}}, .tools = {{"now", "", "", false}}};
  request.tool_choice.mode = ToolChoice::Mode::none;
  EXPECT_FALSE(bedrock_sent(request).contains("toolConfig"));
  request.messages.push_back({MessageRole::assistant, std::vector<Part>{ToolCall{"a", "now", "{}", ""}}});
  request.messages.push_back({MessageRole::tool, std::vector<Part>{ToolResult{"a", "now", "", false}}});
  EXPECT_FALSE(bedrock_sent(request).at("toolConfig").as_object().contains("toolChoice"));
  request.tool_choice = {ToolChoice::Mode::named, "now", false};
  EXPECT_EQ(bedrock_sent(request).at("toolConfig").at("toolChoice"), bj::parse(R"({"tool":{"name":"now"}})"));
  request.tool_choice.mode = ToolChoice::Mode::required;
  EXPECT_EQ(bedrock_sent(request).at("toolConfig").at("toolChoice"), bj::parse(R"({"any":{}})"));
  request.tools.clear();
  EXPECT_EQ(bedrock_sent(request).at("toolConfig").at("tools").at(0).at("toolSpec").at("name"), "now");
}

TEST(BedrockRequest, CachesForClaudeAlone) {
  const std::string book(5000, 'x');
  const TextRequest request{.messages = {{MessageRole::system, book}, {MessageRole::user, book}}};
  const auto made = bedrock_sent(request);
  EXPECT_EQ(made.at("system").at(1), bj::parse(R"({"cachePoint":{"type":"default"}})"));
  EXPECT_EQ(made.at("messages").at(0).at("content").at(1), made.at("system").at(1));
  EXPECT_EQ(bedrock_sent(request, {.id = "meta.llama4"}).at("system").as_array().size(), 1U);
}

TEST(BedrockRequest, RefusesPicturesByAddress) {
  const auto failure = failure_of([] {
    bedrock_sent({.messages = {{MessageRole::user, std::vector<Part>{Picture{"", "", "https://a.example/b.png"}}}}});
  });
  EXPECT_EQ(failure.error.fault, Fault::invalid);
}

}  // namespace
}  // namespace odeon::ai

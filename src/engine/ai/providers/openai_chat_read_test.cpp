#include <gtest/gtest.h>

#include "base/json.hpp"
#include "engine/ai/providers/openai_chat.hpp"

namespace odeon::ai {
namespace {

// Each as an event of one line.
std::string sse(std::initializer_list<std::string_view> events) {
  std::string wire;
  for (const auto event : events) wire += "data: " + text::replace_all(std::string(event), "\n", " ") + "\n\n";
  return wire;
}
// A chunk whose only choice says `delta`.
std::string chunk(std::string_view delta, std::string_view reason = "null") {
  return R"({"id":"c1","object":"chat.completion.chunk","choices":[{"index":0,"logprobs":null,"delta":)" +
         std::string(delta) + R"(,"finish_reason":)" + std::string(reason) + R"(}],"usage":null,"obfuscation":"x"})";
}
const std::string kStop = chunk("{}", R"("stop")");

TextReply chat_streamed(const std::string& wire) {
  const auto translator = OpenAiChat().translator("p");
  TextEvents events;
  translator->take(wire, events);
  translator->end(events);
  ReplyBuilder builder;
  for (const auto& event : events) builder.take(event);
  return std::move(builder).finish();
}
TextReply chat_whole(std::string_view body) {
  return OpenAiChat().read(body, "p");
}

TEST(OpenAiChatReads, AStreamAsOpenAiSendsIt) {
  const auto reply = chat_streamed(sse({chunk(R"({"role":"assistant","content":"","refusal":null})"),
                                        chunk(R"({"content":"Apple "})"), chunk(R"({"content":"rose."})"), kStop,
                                        R"({"id":"c1","choices":[],"usage":{"prompt_tokens":31,"completion_tokens":12,
                                       "total_tokens":43,"prompt_tokens_details":{"cached_tokens":8}}})",
                                        "[DONE]", "what follows is not read"}));
  EXPECT_EQ(reply.message, Message(MessageRole::assistant, "Apple rose."));
  EXPECT_EQ(reply.finish, Finish::stop);
  EXPECT_EQ(reply.id, "c1");
  EXPECT_EQ(reply.usage.input_tokens, 31);
  EXPECT_EQ(reply.usage.cached_tokens, 8);
  EXPECT_EQ(reply.usage.output_tokens, 12);
}

TEST(OpenAiChatReads, AStreamWithPaddingAndComments) {
  const std::string wire = ": OPENROUTER PROCESSING\r\n\r\n: keep-alive\n\n\n\ndata:  " + chunk(R"({"content":"a"})") +
                           "  \r\n\r\nevent: message\ndata:" + kStop + "\n\n:\n\ndata: [DONE] \n\n";
  EXPECT_EQ(chat_streamed(wire).text(), "a");
}

struct Said {
  const char* name;
  std::vector<std::string> deltas;
  std::vector<Part> parts;
  Finish finish = Finish::stop;
  const char* reason = "stop";
};
class OpenAiChatDeltas : public ::testing::TestWithParam<Said> {};
TEST_P(OpenAiChatDeltas, AreUnderstood) {
  std::string wire;
  for (const auto& delta : GetParam().deltas) wire += sse({chunk(delta)});
  const auto reply = chat_streamed(wire + sse({chunk("{}", fmt::format("\"{}\"", GetParam().reason)), "[DONE]"}));
  EXPECT_EQ(reply.message.parts, GetParam().parts);
  EXPECT_EQ(reply.finish, GetParam().finish);
}
INSTANTIATE_TEST_SUITE_P(
    Shapes, OpenAiChatDeltas,
    ::testing::Values(
        Said{"DeepSeek",
             {R"({"content":null,"reasoning_content":"hm"})", R"({"reasoning_content":"m"})",
              R"({"content":"yes","reasoning_content":null})"},
             {Reasoning{.text = "hmm"}, TextPart{"yes"}}},
        Said{"BothNamesOfReasoning",
             {R"({"reasoning":"hm","reasoning_content":"hm"})", R"({"reasoning":"m"})"},
             {Reasoning{.text = "hmm"}}},
        Said{"OpenRouter",
             {R"({"content":"","reasoning":"hm","reasoning_details":[
                  {"type":"reasoning.text","text":"hm","format":"anthropic-claude-v1","index":0}]})",
              R"({"reasoning":"m","reasoning_details":[{"type":"reasoning.text","text":"m","index":0}]})",
              R"({"reasoning_details":[{"type":"reasoning.text","signature":"s","text":null,"index":0}]})",
              R"({"reasoning_details":[{"type":"reasoning.summary","summary":"so","index":1}]})",
              R"({"content":"yes"})", R"({"reasoning_details":[{"type":"reasoning.encrypted","data":"x","id":"r"}]})"},
             {Reasoning{.text = "hmm",
                        .signature = R"({"format":"anthropic-claude-v1","index":0,"signature":"s",)"
                                     R"("type":"reasoning.text"})"},
              Reasoning{.text = "so", .signature = R"({"index":1,"type":"reasoning.summary"})"}, TextPart{"yes"},
              Reasoning{.signature = R"({"data":"x","id":"r","type":"reasoning.encrypted"})", .redacted = true}}},
        Said{"Mistral",
             {R"({"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]})",
              R"({"content":[{"type":"thinking","thinking":[{"type":"text","text":"m"}]},
                             {"type":"reference","reference_ids":[1]},{"type":"text","text":"ye"}]})",
              R"({"content":"s"})"},
             {Reasoning{.text = "hmm"}, TextPart{"yes"}}},
        Said{"MistralSigned",
             {R"({"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]})",
              R"({"content":[{"type":"thinking","thinking":[],"signature":"s"},
                             {"type":"thinking","thinking":"so","closed":true},{"type":"text","text":"yes"}]})"},
             {Reasoning{.text = "hm", .signature = R"({"signature":"s","type":"thinking"})"}, Reasoning{.text = "so"},
              TextPart{"yes"}}},
        Said{"OpaqueDetails",
             {R"({"reasoning_details":[{"type":"reasoning.server_tool_call","tool_name":"t","result":"r"},
                                       {"type":"reasoning.encrypted","data":"x"}]})"},
             {Reasoning{.signature = R"({"result":"r","tool_name":"t","type":"reasoning.server_tool_call"})",
                        .redacted = true},
              Reasoning{.signature = R"({"data":"x","type":"reasoning.encrypted"})", .redacted = true}}},
        Said{"CallsSideBySide",
             {R"({"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]})",
              R"({"tool_calls":[{"index":0,"function":{"arguments":"{\"x\""}}]})",
              R"({"tool_calls":[{"index":1,"id":"b","function":{"name":"g","arguments":"{}"}},
                                {"index":0,"function":{"arguments":":1}"}}]})"},
             {ToolCall{"a", "f", R"({"x":1})", ""}, ToolCall{"b", "g", "{}", ""}},
             Finish::tool_calls,
             "tool_calls"},
        Said{"CallsThatStopWithGaps",
             {R"({"tool_calls":[{"index":3,"id":"a","function":{"name":"f","arguments":"{}"}}]})",
              R"({"tool_calls":[{"index":9,"id":"b","function":{"name":"f","arguments":{"x":1}}}]})"},
             {ToolCall{"a", "f", "{}", ""}, ToolCall{"b", "f", R"({"x":1})", ""}},
             Finish::tool_calls},
        Said{"CallsInOnePlace",
             {R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]})",
              R"({"tool_calls":[{"index":0,"id":"b","function":{"name":"f","arguments":"{}"}}]})"},
             {ToolCall{"a", "f", "{}", ""}, ToolCall{"b", "f", "{}", ""}},
             Finish::tool_calls},
        Said{"CallsWithoutPlaces",
             {R"({"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{"}}]})",
              R"({"tool_calls":[{"id":"null","function":{"name":"","arguments":"}"}}]})",
              R"({"tool_calls":[{"id":"b","function":{"name":"f","arguments":"{}"}}]})"},
             {ToolCall{"a", "f", "{}", ""}, ToolCall{"b", "f", "{}", ""}},
             Finish::tool_calls},
        Said{"IdAndNameInEveryPiece",
             {R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}]})",
              R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"}"}}]})"},
             {ToolCall{"a", "f", "{}", ""}},
             Finish::tool_calls},
        Said{"NameAfterItsArguments",
             {R"({"tool_calls":[{"index":0,"id":"a","function":{"arguments":"{"}}]})",
              R"({"tool_calls":[{"index":0,"function":{"name":"f","arguments":"}"}}]})"},
             {ToolCall{"a", "f", "{}", ""}},
             Finish::tool_calls},
        Said{"CallsCutOff",
             {R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x"}}]})"},
             {ToolCall{"a", "f", R"({"x)", ""}},
             Finish::length,
             "length"},
        Said{"Refusal",
             {R"({"content":null,"refusal":"I "})", R"({"refusal":"won't."})"},
             {TextPart{"I won't.", true}},
             Finish::declined},
        Said{"Filter", {R"({"content":"AAP"})"}, {TextPart{"AAP"}}, Finish::declined, "content_filter"},
        Said{"EndOfTheWindow", {R"({"content":"a"})"}, {TextPart{"a"}}, Finish::length, "model_length"},
        Said{"UnknownReason", {R"({"content":"a"})"}, {TextPart{"a"}}, Finish::stop, "eos_token"}),
    [](const auto& info) { return info.param.name; });

TEST(OpenAiChatReads, CallsWithoutIds) {
  const auto reply =
      chat_streamed(sse({chunk(R"({"tool_calls":[{"index":0,"function":{"name":"f","arguments":"{"}}]})"),
                         chunk(R"({"tool_calls":[{"index":0,"function":{"arguments":"}"}}]})"), "[DONE]"}));
  ASSERT_EQ(reply.message.parts.size(), 1U);
  const auto id = std::get<ToolCall>(reply.message.parts[0]).id;
  EXPECT_TRUE(id.starts_with("call_") && id.size() == 29) << id;
  // The same call in another answer is another one.
  const auto other = chat_whole(R"({"id":"c2","choices":[{"message":{"tool_calls":[{"function":{"name":"f",
    "arguments":"{}"}},{"function":{"name":"f","arguments":"{}"}}]}}]})");
  ASSERT_EQ(other.message.parts.size(), 2U);
  EXPECT_NE(std::get<ToolCall>(other.message.parts[0]).id, id);
  EXPECT_NE(std::get<ToolCall>(other.message.parts[0]).id, std::get<ToolCall>(other.message.parts[1]).id);
}

TEST(OpenAiChatReads, CallsOfTheOldKind) {
  const auto reply = chat_streamed(
      sse({chunk(R"({"function_call":{"name":"g","arguments":""}})"), chunk(R"({"function_call":{"arguments":"{}"}})"),
           chunk("{}", R"("function_call")"), "[DONE]"}));
  ASSERT_EQ(reply.message.parts.size(), 1U);
  EXPECT_EQ(std::get<ToolCall>(reply.message.parts[0]).name, "g");
  EXPECT_EQ(std::get<ToolCall>(reply.message.parts[0]).arguments, "{}");
  EXPECT_EQ(reply.finish, Finish::tool_calls);
}

TEST(OpenAiChatReads, OnlyTheFirstOfSeveralChoices) {
  EXPECT_EQ(
      chat_streamed(sse({R"({"choices":[{"index":1,"delta":{"content":"no"}},{"index":0,"delta":{"content":"yes"}}]})",
                         R"({"choices":[{"index":1,"delta":{},"finish_reason":"length"}]})", kStop, "[DONE]"}))
          .text(),
      "yes");
}

TEST(OpenAiChatReads, UsageWhereverItStands) {
  for (const char* last :
       {R"({"choices":[],"usage":{"prompt_tokens":5}})", R"({"choices":null,"usage":{"prompt_tokens":5}})",
        R"({"usage":{"prompt_tokens":5}})",
        R"({"choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop"}],"usage":{"prompt_tokens":5}})",
        R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop","usage":{"prompt_tokens":5}}]})"}) {
    const auto first = R"({"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":0,"completion_tokens":0}})";
    const auto reply = chat_streamed(sse({first, kStop, last, R"({"choices":[],"usage":{}})", "[DONE]"}));
    EXPECT_EQ(reply.usage.input_tokens, 5) << last;
    EXPECT_EQ(reply.text(), "a");
  }
}

TEST(OpenAiChatReads, TheEndWithoutDoneOnceAllWasSaid) {
  const auto text = chunk(R"({"content":"a"})"), usage = std::string(R"({"choices":[],"usage":{"prompt_tokens":5}})");
  EXPECT_EQ(chat_streamed(sse({text, kStop, usage})).usage.input_tokens, 5);
  EXPECT_THROW(chat_streamed(sse({text, kStop})), Error);
  EXPECT_THROW(chat_streamed(sse({text, usage})), FailedAfterUse);
  EXPECT_THROW(chat_streamed(sse({text, kStop}) + "data: " + usage), Error);  // the last event is not complete
}

TEST(OpenAiChatReads, WholeAnswers) {
  // Blank lines that kept the connection open, no usage.
  EXPECT_EQ(chat_whole("\n\n\r\n \n{\"choices\":[{\"message\":{\"content\":\"hi\"}}]}").text(), "hi");
  const auto reply = chat_whole(R"({"id":"gen-1","error":null,"choices":[{"index":0,"message":{"role":"assistant",
    "reasoning":"hm","reasoning_details":[{"type":"reasoning.text","text":"hm","signature":"s"}],
    "content":[{"type":"text","text":"one "},{"type":"odd"},{"type":"text","text":"two"}],"tool_calls":[
    {"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"stop"}]})");
  EXPECT_EQ(reply.message.parts,
            (std::vector<Part>{Reasoning{.text = "hm", .signature = R"({"signature":"s","type":"reasoning.text"})"},
                               TextPart{"one two"}, ToolCall{"a", "f", "{}", ""}}));
  EXPECT_EQ(reply.finish, Finish::tool_calls);
  EXPECT_EQ(reply.id, "gen-1");
}

struct BrokenChat {
  const char* name;
  std::string wire;
  Fault fault;
  const char* code;
  std::int64_t input_tokens = 0;
  std::string before = "";  // what was passed on
};
class OpenAiChatBreaks : public ::testing::TestWithParam<BrokenChat> {};
TEST_P(OpenAiChatBreaks, WithAnError) {
  const auto translator = OpenAiChat().translator("p");
  TextEvents events;
  try {
    translator->take(GetParam().wire, events);
    translator->end(events);
    FAIL() << "it ended well";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, GetParam().fault);
    EXPECT_EQ(error.code, GetParam().code) << error.detail;
    const auto* used = dynamic_cast<const FailedAfterUse*>(&error);
    EXPECT_EQ(used != nullptr ? used->usage.input_tokens : 0, GetParam().input_tokens);
  }
  std::string before;
  for (const auto& event : events) before += std::get<TextDelta>(event).text;
  EXPECT_EQ(before, GetParam().before);
}
const std::string kText = chunk(R"({"content":"a"})"), kUsage = R"({"choices":[],"usage":{"prompt_tokens":5}})";
INSTANTIATE_TEST_SUITE_P(
    Streams, OpenAiChatBreaks,
    ::testing::Values(
        BrokenChat{"Empty", "", Fault::upstream, "STREAM_CUT"},
        BrokenChat{"OnlyComments", ": hi\n\n: hi\n\n", Fault::upstream, "STREAM_CUT"},
        BrokenChat{"Cut", sse({kText, kUsage}), Fault::upstream, "STREAM_CUT", 5, "a"},
        BrokenChat{"CutInAnEvent", sse({kText}) + "data: {\"choi", Fault::upstream, "STREAM_CUT", 0, "a"},
        BrokenChat{"NothingButDone", sse({"[DONE]"}), Fault::upstream, "BAD_ANSWER"},
        BrokenChat{"MalformedJson", sse({kText, "{\"choices\":[{"}), Fault::upstream, "BAD_ANSWER", 0, "a"},
        BrokenChat{"Array", sse({"[1]"}), Fault::upstream, "BAD_ANSWER"},
        BrokenChat{"Html", sse({"<html>"}), Fault::upstream, "BAD_ANSWER"},
        BrokenChat{"ErrorWithANumber", sse({kUsage, kText, R"({"error":{"code":429,"message":"slow"}})"}),
                   Fault::rate_limited, "PROVIDER_LIMIT", 5, "a"},
        BrokenChat{"ErrorWithAWord",
                   sse({R"({"id":"g","error":{"code":"rate_limit_exceeded","message":"slow"},"choices":[{"index":0,
                        "delta":{"content":""},"finish_reason":"error"}]})"}),
                   Fault::rate_limited, "PROVIDER_LIMIT"},
        BrokenChat{"ErrorOfTheServer", sse({kText, R"({"error":{"code":"server_error","message":"x"}})"}),
                   Fault::upstream, "PROVIDER_FAILED", 0, "a"},
        BrokenChat{"ErrorAsText", sse({R"({"error":"crashed"})"}), Fault::upstream, "PROVIDER_FAILED"},
        BrokenChat{"ErrorByTheNameOfTheEvent", "event: error\ndata: {\"code\":503,\"message\":\"x\"}\n\n",
                   Fault::unavailable, "PROVIDER_BUSY"},
        BrokenChat{"ErrorAsAnObject", sse({R"({"object":"error","message":"x","code":400})"}), Fault::invalid,
                   "MODEL_REJECTED_REQUEST"},
        BrokenChat{"ErrorInTheChoice", sse({R"({"choices":[{"delta":{"content":"a"},"error":{"code":502}}]})"}),
                   Fault::upstream, "PROVIDER_FAILED", 0, "a"},
        BrokenChat{"ErrorAsReason", sse({chunk(R"({"content":"a"})", R"("error")")}), Fault::upstream,
                   "PROVIDER_FAILED", 0, "a"},
        BrokenChat{"NoRoom", sse({kText, chunk("{}", R"("insufficient_system_resource")"), "[DONE]"}),
                   Fault::unavailable, "PROVIDER_BUSY", 0, "a"},
        BrokenChat{"CallOfNothing",
                   sse({chunk(R"({"tool_calls":[{"index":0,"id":"a","function":{"arguments":"{}"}}]})"), "[DONE]"}),
                   Fault::upstream, "BAD_ANSWER"},
        BrokenChat{"HugeEvent", "data: " + std::string(17 << 20, 'x'), Fault::upstream, "EVENT_TOO_LARGE"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace odeon::ai

#include <gmock/gmock.h>

#include "engine/ai/providers/gemini_answers_test.hpp"
#include "engine/ai/providers/gemini_reader_test.hpp"

namespace odeon::ai {
namespace {

namespace answers = gemini_answers;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

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
  EXPECT_THAT(read.reply.message.parts,
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

struct BrokenReply {
  std::string what, frames, code;
  std::int64_t counted = 0;
};
class GeminiBreaks : public ::testing::TestWithParam<BrokenReply> {};
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
        BrokenReply{"Empty", "", "STREAM_CUT"}, BrokenReply{"Cut", kBegun, "STREAM_CUT", 9},
        BrokenReply{"CutInAFrame", kBegun + R"(data: {"candidates":[{"finishReason":"STOP"}]})", "STREAM_CUT", 9},
        BrokenReply{"CountsOnly", "data: {\"usageMetadata\":{\"promptTokenCount\":9}}\n\n", "STREAM_CUT", 9},
        BrokenReply{"Unspecified", "data: {\"candidates\":[{\"finishReason\":\"FINISH_REASON_UNSPECIFIED\"}]}\n\n",
                    "STREAM_CUT"},
        BrokenReply{"BadCall", kBegun + "data: {\"candidates\":[{\"finishReason\":\"MALFORMED_FUNCTION_CALL\"}]}\n\n",
                    "STOPPED_EARLY", 9},
        BrokenReply{"Other", "data: {\"candidates\":[{\"finishReason\":\"AAPL is other\"}]}\n\n", "STOPPED_EARLY"},
        BrokenReply{"Overloaded",
                    kBegun + R"(data: {"error":{"code":503,"message":"AAPL","status":"UNAVAILABLE"}})"
                             "\n\n",
                    "PROVIDER_BUSY", 9},
        BrokenReply{"Limit",
                    "data: {\"error\":{\"code\":429,\"message\":\"AAPL\",\"status\":\"RESOURCE_EXHAUSTED\"}}\r\n\r\n",
                    "PROVIDER_LIMIT"},
        BrokenReply{"NoJson", kBegun + "data: AAPL\n\n", "BAD_ANSWER", 9},
        BrokenReply{"AList", "data: [1]\n\n", "BAD_ANSWER"}),
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

}  // namespace
}  // namespace odeon::ai

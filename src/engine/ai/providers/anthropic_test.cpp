#include "engine/ai/providers/anthropic.hpp"

#include "base/text.hpp"
#include "engine/ai/providers/block_fixture_test.hpp"
#include "engine/ai/providers/claude_dialects_test.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;
using blocks::Block;
using blocks::failure_of;
using blocks::fed;
using blocks::shown;

// As the API writes them.
struct Written {
  std::string stream;
  std::string whole;
};

// One event, with the spaces that stand before the last brace of real ones.
std::string frame(const bj::object& event, std::string_view line, std::size_t padding = 0) {
  std::string data = bj::serialize(event);
  data.insert(data.size() - 1, padding, ' ');
  return fmt::format("event: {}{}data: {}{}{}", std::string_view(event.at("type").as_string()), line, data, line, line);
}

bj::object begun(const Block& block) {
  switch (block.kind) {
    case Block::Kind::text:
      return {{"type", "text"}, {"text", ""}};
    case Block::Kind::thought:
      return {{"type", "thinking"}, {"thinking", ""}, {"signature", ""}};
    case Block::Kind::redacted:
      return {{"type", "redacted_thinking"}, {"data", block.signature}};
    case Block::Kind::call:
      return {{"type", "tool_use"}, {"id", block.id}, {"name", block.name}, {"input", bj::object()}};
  }
  return {};
}

bj::object whole(const Block& block) {
  bj::object made = begun(block);
  if (block.kind == Block::Kind::text) made["text"] = block.whole();
  if (block.kind == Block::Kind::thought) made["thinking"] = block.whole(), made["signature"] = block.signature;
  if (block.kind == Block::Kind::call && !block.pieces.empty()) made["input"] = bj::parse(block.whole());
  return made;
}

bj::object piece(const Block& block, const std::string& text) {
  if (block.kind == Block::Kind::thought) return {{"type", "thinking_delta"}, {"thinking", text}};
  if (block.kind == Block::Kind::call) return {{"type", "input_json_delta"}, {"partial_json", text}};
  return {{"type", "text_delta"}, {"text", text}};
}

bj::value stop_word_of(std::string_view stop_reason) {
  return stop_reason == "stop_sequence" ? bj::value("END") : bj::value(nullptr);
}

Written written(const std::vector<Block>& blocks, std::string_view stop_reason, const bj::object& usage) {
  const auto line = *rc::gen::element<std::string>("\n", "\r\n");
  bj::array content;
  for (const auto& block : blocks) content.push_back(whole(block));
  bj::object message{{"id", "msg_1"},          {"type", "message"},      {"role", "assistant"}, {"model", "claude"},
                     {"content", bj::array()}, {"stop_reason", nullptr}, {"usage", usage}};
  bj::object begin = message;
  begin["usage"].as_object()["output_tokens"] = 1;
  Written made;
  const auto say = [&](const bj::object& event) {
    made.stream += frame(event, line, *rc::gen::inRange(0, 4));
    if (*rc::gen::inRange(0, 5) == 0) made.stream += frame({{"type", "ping"}}, line);
  };
  say({{"type", "message_start"}, {"message", std::move(begin)}});
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    say({{"type", "content_block_start"}, {"index", i}, {"content_block", begun(blocks[i])}});
    if (blocks[i].kind == Block::Kind::call)
      say({{"type", "content_block_delta"}, {"index", i}, {"delta", piece(blocks[i], "")}});
    for (const auto& text : blocks[i].pieces)
      say({{"type", "content_block_delta"}, {"index", i}, {"delta", piece(blocks[i], text)}});
    if (blocks[i].kind == Block::Kind::thought)
      say({{"type", "content_block_delta"},
           {"index", i},
           {"delta", {{"type", "signature_delta"}, {"signature", blocks[i].signature}}}});
    say({{"type", "content_block_stop"}, {"index", i}});
  }
  bj::object counted = usage;
  counted.erase("cache_creation");
  say({{"type", "message_delta"},
       {"delta", {{"stop_reason", stop_reason}, {"stop_sequence", stop_word_of(stop_reason)}}},
       {"usage", std::move(counted)}});
  say({{"type", "message_stop"}});
  message["content"] = std::move(content);
  message["stop_reason"] = stop_reason;
  message["stop_sequence"] = stop_word_of(stop_reason);
  made.whole = bj::serialize(message);
  return made;
}

struct Reason {
  std::string said;
  Finish means;
};

RC_GTEST_PROP(Anthropic, ReadsTheSameWholeAndInSlices, ()) {
  const auto blocks = blocks::any_blocks();
  const auto reason = *rc::gen::element(Reason{"end_turn", Finish::stop}, Reason{"stop_sequence", Finish::stop},
                                        Reason{"max_tokens", Finish::length}, Reason{"tool_use", Finish::tool_calls},
                                        Reason{"pause_turn", Finish::stop}, Reason{"refusal", Finish::declined},
                                        Reason{"model_context_window_exceeded", Finish::length});
  const auto count = rc::gen::inRange<std::int64_t>(0, 100'000);
  const std::int64_t fresh = *count, read = *count, brief = *count, hour = *count, thoughts = *count;
  const std::int64_t output = thoughts + *count;
  const bj::object usage{
      {"input_tokens", fresh},
      {"cache_read_input_tokens", read},
      {"cache_creation_input_tokens", brief + hour},
      {"cache_creation", {{"ephemeral_5m_input_tokens", brief}, {"ephemeral_1h_input_tokens", hour}}},
      {"output_tokens", output},
      {"output_tokens_details", {{"thinking_tokens", thoughts}}}};
  const Written made = written(blocks, reason.said, usage);
  const Usage expected{.input_tokens = fresh + read + brief + hour,
                       .cached_tokens = read,
                       .cache_written_tokens = brief,
                       .cache_written_1h_tokens = hour,
                       .output_tokens = output,
                       .reasoning_tokens = thoughts};

  const TextReply whole = kAnthropic.read(made.whole, "them");
  RC_ASSERT(whole.message == blocks::message_of(blocks));
  RC_ASSERT(whole.finish == reason.means);
  RC_ASSERT(whole.id == "msg_1");
  RC_ASSERT(whole.stop_word == (reason.said == "stop_sequence" ? "END" : ""));
  RC_ASSERT(shown(whole.usage) == shown(expected));

  const TextEvents events = fed(kAnthropic, made.stream);
  RC_ASSERT(std::get<Finished>(events.back()).stop_word == whole.stop_word);
  RC_ASSERT(shown(blocks::fed_in_slices(kAnthropic, made.stream)) == shown(events));
  const TextReply streamed = reply_of(events);
  RC_ASSERT(streamed.message == whole.message);
  RC_ASSERT(streamed.finish == whole.finish);
  RC_ASSERT(streamed.id == whole.id);
  RC_ASSERT(shown(streamed.usage) == shown(whole.usage));
  for (const auto& event : events)
    if (const auto* text = std::get_if<TextDelta>(&event)) RC_ASSERT(!text->text.empty());

  // What it says comes back to it as it was.
  TextRequest next{.messages = {{MessageRole::user, "Hello"}, whole.message, {MessageRole::user, "Go on"}}};
  const auto sent = bj::parse(kAnthropic.write(next, {.id = "claude-sonnet-4-5"}, false).body);
  const auto said = bj::parse(made.whole);
  bj::array content;
  std::string text;
  const auto end_text = [&] {
    if (!text::trim(text).empty()) content.push_back(bj::object{{"type", "text"}, {"text", text}});
    text.clear();
  };
  for (const auto& part : said.at("content").as_array())
    if (part.at("type") == "text") {
      text += std::string_view(part.at("text").as_string());
    } else {
      end_text();
      content.push_back(part);
    }
  end_text();
  if (!content.empty()) RC_ASSERT(sent.at("messages").at(1).at("content") == content);
}

RC_GTEST_PROP(Anthropic, IsNeverSilentAboutACut, ()) {
  const Written made = written(blocks::any_blocks(), "end_turn", {{"input_tokens", 5}, {"output_tokens", 9}});
  const auto end = made.stream.find("event: message_stop");
  const auto cut = std::string_view(made.stream).substr(0, *rc::gen::inRange<std::size_t>(0, end));
  const auto failure = failure_of([&] { fed(kAnthropic, cut); });
  RC_ASSERT(failure.error.code == "STREAM_CUT");
  RC_ASSERT(failure.error.fault == Fault::upstream);
  RC_ASSERT(failure.usage.input_tokens == (cut.contains("content_block_start") ? 5 : failure.usage.input_tokens));
}

RC_GTEST_PROP(Anthropic, ReadsNonsenseAsAnAnswerOrAnError, ()) {
  Written made = written(blocks::any_blocks(), "end_turn", {{"input_tokens", 5}, {"output_tokens", 9}});
  for (auto* text : {&made.stream, &made.whole})
    for (int count = *rc::gen::inRange(1, 8); count > 0; --count) {
      const auto at = *rc::gen::inRange<std::size_t>(0, text->size());
      const auto put = *rc::gen::element<std::string>("", "0", "-1e99", "null", "[]", "\"", ":", "}", "\xFF", "\n\n");
      text->replace(at, *rc::gen::inRange<std::size_t>(0, 9), put);
    }
  // Throws nothing else.
  failure_of([&] { reply_of(fed(kAnthropic, made.stream)); });
  failure_of([&] { kAnthropic.read(made.whole, "them"); });
}

TEST(Anthropic, ChargesWhatWasWrittenToTheCacheByItsLastCount) {
  // What grew on the way is of the one class that there is, or else of the usual one.
  const auto used = [](std::string_view classes) {
    const std::string begin = fmt::format(
        R"({{"type":"message_start","message":{{"id":"m","usage":{{"input_tokens":4,"cache_creation_input_tokens":100,)"
        R"("cache_creation":{},"output_tokens":1}}}}}})",
        classes);
    const std::string end =
        R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"cache_creation_input_tokens":130,"output_tokens":7}})";
    return shown(reply_of(fed(kAnthropic, fmt::format("data: {}\n\ndata: {}\n\ndata: {{\"type\":\"message_stop\"}}\n\n",
                                                      begin, end)))
                     .usage);
  };
  EXPECT_EQ(used(R"({"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":0})"),
            "in 134 (0 cached, 130 + 0 written) out 7 (0 thought)");
  EXPECT_EQ(used(R"({"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":100})"),
            "in 134 (0 cached, 0 + 130 written) out 7 (0 thought)");
  EXPECT_EQ(used(R"({"ephemeral_5m_input_tokens":60,"ephemeral_1h_input_tokens":40})"),
            "in 134 (0 cached, 90 + 40 written) out 7 (0 thought)");
  EXPECT_EQ(used("null"), "in 134 (0 cached, 130 + 0 written) out 7 (0 thought)");
}

TEST(Anthropic, PassesOnWhatWentWrongInBetween) {
  const std::string begin =
      "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":7}}}\n\n";
  const auto failure = failure_of([&] {
    fed(kAnthropic, begin +
                        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":"
                        "\"Overloaded\"},\"request_id\":\"req_1\"}\n\n");
  });
  EXPECT_EQ(failure.error.code, "PROVIDER_BUSY");
  EXPECT_EQ(failure.error.fault, Fault::unavailable);
  EXPECT_EQ(failure.usage.input_tokens, 7);
  EXPECT_EQ(failure_of([&] { fed(kAnthropic, "data: {\"type\":\"error\"}\n\n"); }).error.code, "PROVIDER_FAILED");
  EXPECT_EQ(failure_of([&] { fed(kAnthropic, begin + "data: {\"type\":\n\n"); }).usage.input_tokens, 7);
  EXPECT_EQ(failure_of([&] { fed(kAnthropic, "data: []\n\n"); }).error.code, "BAD_ANSWER");
  for (const char* bad : {"", "[]", "{}", R"({"content":"text"})"})
    EXPECT_EQ(failure_of([&] { kAnthropic.read(bad, "them"); }).error.code, "BAD_ANSWER") << bad;
  const auto refused = failure_of(
      [&] { kAnthropic.read(R"({"type":"error","error":{"type":"rate_limit_error","message":"x"}})", "them"); });
  EXPECT_EQ(refused.error.fault, Fault::rate_limited);
}

}  // namespace
}  // namespace odeon::ai

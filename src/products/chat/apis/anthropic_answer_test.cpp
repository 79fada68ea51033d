#include "products/chat/answers_test.hpp"
#include "products/chat/apis/anthropic_api.hpp"
#include "products/chat/parts.hpp"

namespace odeon::chat {
namespace {

// A client that insists on their order: blocks one after the other, each closed before the next begins.
struct Strict {
  json::object message;
  json::array blocks;
  std::vector<std::string> names;
  std::string error;

  explicit Strict(std::string_view bytes) {
    bool open = false;
    for (const auto& frame : frames_of(bytes)) {
      const auto data = json::parse(frame.data);
      if (text_of(member(&data, "type")) != frame.event) throw std::runtime_error("the names differ");
      names.push_back(frame.event);
      if (frame.event == "error") error = data.at("error").at("type").as_string();
      if (frame.event == "message_start") message = data.at("message").as_object();
      if (frame.event == "content_block_start") {
        if (std::exchange(open, true)) throw std::runtime_error("a block within a block");
        if (data.at("index") != blocks.size()) throw std::runtime_error("a block out of order");
        blocks.push_back(data.at("content_block"));
        if (blocks.back().as_object().contains("input")) blocks.back().as_object()["input"] = "";
      }
      if (frame.event == "content_block_delta") {
        if (!open || data.at("index") != blocks.size() - 1) throw std::runtime_error("a delta of no open block");
        add(data.at("delta"));
      }
      if (frame.event == "content_block_stop" && (!std::exchange(open, false) || data.at("index") != blocks.size() - 1))
        throw std::runtime_error("a stop of no open block");
      if (frame.event == "message_delta") {
        if (open) throw std::runtime_error("an open block at the end");
        for (const auto& [name, value] : data.at("delta").as_object()) message[name] = value;
        for (const auto& [name, value] : data.at("usage").as_object()) message.at("usage").as_object()[name] = value;
      }
    }
    for (auto& block : blocks)
      if (auto* input = block.as_object().if_contains("input"))
        *input = input->as_string().empty() ? json::value(json::object()) : json::parse(input->as_string());
  }

  void add(const json::value& delta) {
    auto& block = blocks.back().as_object();
    const auto type = text_of(member(&delta, "type"));
    const auto append = [&](std::string_view to, std::string_view from) {
      block.at(to).as_string() += std::string_view(delta.at(from).as_string());
    };
    if (type == "text_delta") append("text", "text");
    if (type == "thinking_delta") append("thinking", "thinking");
    if (type == "input_json_delta") append("input", "partial_json");
    if (type == "signature_delta") block["signature"] = delta.at("signature");
  }
};

ai::Message claude_sent_back(const json::value& content) {
  auto asked = json::from<AnthropicRequest>(
      json::write(json::object{{"model", "m"},
                               {"max_tokens", 10},
                               {"messages", json::array{json::object{{"role", "assistant"}, {"content", content}}}}}));
  return anthropic_question(std::move(asked), AnthropicVersion::v2026_10_21, AnthropicPurpose::answer)
      .request.messages.at(0);
}

// Arguments as an object, so that white space and order do not matter.
ai::Message plain(ai::Message message) {
  for (auto& part : message.parts)
    if (auto* call = std::get_if<ai::ToolCall>(&part)) call->arguments = json::write(json::parse(call->arguments));
  return message;
}

RC_GTEST_PROP(AnthropicAnswers, SurviveTheWayToTheClientAndBack, ()) {
  const auto events = some_answer();
  const auto reply = reply_of(events);
  RC_PRE(!reply.message.parts.empty());
  const auto teller = anthropic_teller(kLabel);
  const Strict streamed(told(*teller, events, *rc::gen::inRange<std::size_t>(1, 8)));
  const auto whole = json::parse(anthropic_message(reply, kLabel));
  RC_ASSERT(json::value(streamed.blocks) == whole.at("content"));
  for (const auto* name : {"id", "role", "model", "stop_reason", "stop_sequence", "stop_details", "usage"})
    RC_ASSERT(streamed.message.at(name) == whole.at(name));
  RC_ASSERT(plain(claude_sent_back(streamed.blocks)) == plain(reply.message));
}

TEST(AnthropicAnswer, HasItsFramesInOrder) {
  const auto teller = anthropic_teller(kLabel);
  const Strict told_so(told(*teller, {ai::TextDelta{"Hello"}, ai::TextDelta{" you"}, ai::Finished{}}, 1));
  EXPECT_EQ(told_so.names,
            (std::vector<std::string>{"message_start", "ping", "content_block_start", "content_block_delta",
                                      "content_block_delta", "content_block_stop", "message_delta", "message_stop"}));
  EXPECT_EQ(told_so.message.at("stop_reason"), "end_turn");
  EXPECT_EQ(told_so.blocks.at(0).at("text"), "Hello you");
}

TEST(AnthropicAnswer, NamesTheWordThatEndedIt) {
  const Strict streamed(told(*anthropic_teller(kLabel), {ai::TextDelta{"a"}, ai::Finished{.stop_word = "END"}}, 1));
  ai::TextReply reply = ai::TextReply::of("a");
  reply.stop_word = "END";
  for (const auto& message : {json::value(streamed.message), json::parse(anthropic_message(reply, kLabel))}) {
    EXPECT_EQ(message.at("stop_reason"), "stop_sequence");
    EXPECT_EQ(message.at("stop_sequence"), "END");
  }
}

TEST(AnthropicAnswer, BeginsWithAGuessAtTheQuestionsLength) {
  auto label = kLabel;
  label.input_tokens = 12;
  const auto out = told(*anthropic_teller(label), {ai::TextDelta{"Hello"}}, 1);
  EXPECT_EQ(json::parse(frames_of(out).at(0).data).at("message").at("usage").at("input_tokens"), 12);
}

TEST(AnthropicAnswer, PassesTheArgumentsOfOneCallOnAtOnceAndHoldsTheOtherBack) {
  const auto teller = anthropic_teller(kLabel);
  std::string out;
  const auto takes = [&](ai::TextEvents events) {
    out.clear();
    teller->take(events, out);
    return out;
  };
  takes({ai::ToolCallBegin{0, "c0", "look", ""}});
  EXPECT_TRUE(takes({ai::ToolCallDelta{0, R"({"a":)"}}).contains(R"("partial_json":"{\"a\":")"));
  EXPECT_EQ(takes({ai::ToolCallBegin{1, "c1", "look", ""}, ai::ToolCallDelta{1, "{}"}}), "") << "it waits";
  const auto rest = takes({ai::ToolCallDelta{0, "1}"}});
  EXPECT_TRUE(rest.contains(R"("partial_json":"1}")") && rest.contains(R"("partial_json":"{}")")) << rest;
}

// Anthropic's own count leaves out what a cache had.
TEST(AnthropicAnswer, CountsAsTheyDo) {
  ai::TextReply reply = ai::TextReply::of("x");
  reply.usage = {.input_tokens = 100,
                 .cached_tokens = 30,
                 .cache_written_tokens = 20,
                 .cache_written_1h_tokens = 7,
                 .output_tokens = 50,
                 .reasoning_tokens = 11};
  const auto usage = json::parse(anthropic_message(reply, kLabel)).at("usage");
  EXPECT_EQ(usage.at("input_tokens"), 43);
  EXPECT_EQ(usage.at("cache_read_input_tokens"), 30);
  EXPECT_EQ(usage.at("cache_creation_input_tokens"), 27);
  EXPECT_EQ(usage.at("cache_creation").at("ephemeral_5m_input_tokens"), 20);
  EXPECT_EQ(usage.at("cache_creation").at("ephemeral_1h_input_tokens"), 7);
  EXPECT_EQ(usage.at("output_tokens"), 50);
  EXPECT_EQ(usage.at("output_tokens_details").at("thinking_tokens"), 11);
}

TEST(AnthropicAnswer, SaysWhyItBreaksOff) {
  const auto teller = anthropic_teller(kLabel);
  std::string bytes = told(*teller, {ai::TextDelta{"Once"}}, 1);
  teller->fail(Error(Fault::unavailable, "PROVIDER_BUSY", "Later."), bytes);
  const Strict told_so(bytes);
  EXPECT_EQ(told_so.error, "overloaded_error");
  EXPECT_EQ(told_so.names.back(), "error");
}

}  // namespace
}  // namespace odeon::chat

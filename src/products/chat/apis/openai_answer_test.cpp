#include "products/chat/answers_test.hpp"
#include "products/chat/apis/openai_api.hpp"
#include "products/chat/apis/openai_thoughts.hpp"
#include "products/chat/parts.hpp"

namespace odeon::chat {
namespace {

std::vector<json::value> chunks_of(std::string_view bytes) {
  std::vector<json::value> chunks;
  for (const auto& frame : frames_of(bytes))
    if (frame.data != "[DONE]") chunks.push_back(json::parse(frame.data));
  return chunks;
}

TEST(OpenAiAnswer, IsChunksFromARoleToDone) {
  const auto teller = openai_teller(kLabel, false);
  const auto bytes = told(*teller, {ai::TextDelta{"Hé"}, ai::TextDelta{"llo"}, ai::Finished{}}, 1);
  const std::string head =
      R"(data: {"id":"answer-1","object":"chat.completion.chunk","created":1795159800,"model":"small",)"
      R"("service_tier":"default","system_fingerprint":null,"choices":[{"index":0,"delta":{)";
  const std::string tail = R"(},"logprobs":null,"finish_reason":null}]})"
                           "\n\n";
  EXPECT_EQ(bytes, head + R"("role":"assistant","content":"","refusal":null)" + tail + head + R"("content":"Hé")" +
                       tail + head + R"("content":"llo")" + tail + head +
                       R"(},"logprobs":null,"finish_reason":"stop"}]})"
                       "\n\ndata: [DONE]\n\n");
}

TEST(OpenAiAnswer, CountsInAChunkOfItsOwn) {
  const auto teller = openai_teller(kLabel, true);
  const auto chunks = chunks_of(
      told(*teller,
           {ai::TextDelta{"x"},
            ai::Finished{.usage = {.input_tokens = 9, .cached_tokens = 4, .output_tokens = 5, .reasoning_tokens = 2}}},
           2));
  ASSERT_EQ(chunks.size(), 4U);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(chunks[i].at("usage").is_null());
  EXPECT_EQ(chunks[3].at("choices"), json::array());
  const auto& usage = chunks[3].at("usage");
  EXPECT_EQ(usage.at("prompt_tokens"), 9);
  EXPECT_EQ(usage.at("completion_tokens"), 5);
  EXPECT_EQ(usage.at("total_tokens"), 14);
  EXPECT_EQ(usage.at("prompt_tokens_details").at("cached_tokens"), 4);
  EXPECT_EQ(usage.at("completion_tokens_details").at("reasoning_tokens"), 2);
}

TEST(OpenAiAnswer, KeepsARefusalApartFromAFilter) {
  for (const bool refusal : {true, false}) {
    const ai::TextEvents events{ai::TextDelta{"I ", refusal}, ai::TextDelta{"won't.", refusal},
                                ai::Finished{.finish = ai::Finish::declined}};
    const auto chunks = chunks_of(told(*openai_teller(kLabel, false), events, 1));
    ASSERT_EQ(chunks.size(), 4U);
    const char* member = refusal ? "refusal" : "content";
    EXPECT_EQ(chunks[2].at("choices").at(0).at("delta"), (json::object{{member, "won't."}}));
    const char* reason = refusal ? "stop" : "content_filter";
    EXPECT_EQ(chunks[3].at("choices").at(0).at("finish_reason"), reason);
    const auto whole = json::parse(openai_completion(reply_of(events), kLabel)).at("choices").at(0);
    EXPECT_EQ(whole.at("message").at(member), "I won't.");
    EXPECT_TRUE(whole.at("message").at(refusal ? "content" : "refusal").is_null());
    EXPECT_EQ(whole.at("finish_reason"), reason);
  }
}

TEST(OpenAiAnswer, SaysWhyItBreaksOffAndIsNotDone) {
  const auto teller = openai_teller(kLabel, false);
  std::string bytes = told(*teller, {ai::TextDelta{"Once"}}, 1);
  teller->fail(Error(Fault::upstream, "STREAM_CUT", "It broke."), bytes);
  EXPECT_FALSE(bytes.contains("[DONE]"));
  const auto last = json::parse(frames_of(bytes).back().data);
  EXPECT_EQ(last.at("error").at("message"), "It broke.");
  EXPECT_EQ(last.at("error").at("type"), "server_error");
  EXPECT_EQ(last.at("error").at("code"), "stream_cut");
}

// Puts chunks together as a client would that knows all members.
json::object put_together(const std::vector<json::value>& chunks) {
  std::string content;
  json::array calls, details;
  std::string reason;
  for (const auto& chunk : chunks) {
    if (chunk.at("choices").as_array().empty()) continue;
    const auto& choice = chunk.at("choices").at(0);
    if (const auto said = text_of(member(&choice, "finish_reason")); !said.empty()) reason = said;
    const auto* delta = member(&choice, "delta");
    content += text_of(member(delta, "content"));
    if (const auto* pieces = member(delta, "tool_calls"))
      for (const auto& piece : pieces->as_array()) {
        const auto index = piece.at("index").to_number<std::size_t>();
        if (member(&piece, "id") != nullptr) {
          EXPECT_EQ(index, calls.size());
          calls.push_back(piece);
          calls.back().as_object().erase("index");
        } else {
          auto& arguments = calls.at(index).at("function").at("arguments").as_string();
          arguments += std::string_view(piece.at("function").at("arguments").as_string());
        }
      }
    if (const auto* pieces = member(delta, "reasoning_details"))
      for (const auto& piece : pieces->as_array()) {
        const auto index = piece.at("index").to_number<std::size_t>();
        if (index == details.size()) {
          details.push_back(piece);
          continue;
        }
        auto& detail = details.at(index).as_object();
        if (const auto text = text_of(member(&piece, "text")); !text.empty())
          detail["text"] = std::string(text_of(detail.if_contains("text"))) + std::string(text);
        if (const auto* signature = member(&piece, "signature")) detail["signature"] = *signature;
      }
  }
  return {{"role", "assistant"},
          {"content", content},
          {"tool_calls", std::move(calls)},
          {"reasoning_details", std::move(details)},
          {"finish_reason", reason}};
}

ai::Message sent_back(json::object message) {
  if (message["tool_calls"].is_array() && message["tool_calls"].as_array().empty()) message.erase("tool_calls");
  auto asked = json::from<ChatCompletionRequest>(
      json::write(json::object{{"model", "m"}, {"messages", json::array{std::move(message)}}}));
  return openai_question(std::move(asked)).request.messages.at(0);
}

// As a client can send it back: thoughts, then all text in one, then calls.
std::vector<ai::Part> in_order(const ai::Message& message) {
  std::vector<ai::Part> thoughts, calls;
  for (const auto& part : message.parts) {
    if (std::holds_alternative<ai::Reasoning>(part)) thoughts.push_back(part);
    if (std::holds_alternative<ai::ToolCall>(part)) calls.push_back(part);
  }
  if (const auto text = message.text(); !text.empty()) thoughts.emplace_back(ai::TextPart{text});
  thoughts.insert(thoughts.end(), calls.begin(), calls.end());
  return thoughts;
}

RC_GTEST_PROP(OpenAiAnswers, SurviveTheWayToTheClientAndBack, ()) {
  const auto events = some_answer();
  const auto reply = reply_of(events);
  RC_PRE(!reply.message.parts.empty());
  const auto teller = openai_teller(kLabel, *rc::gen::arbitrary<bool>());
  const auto streamed = put_together(chunks_of(told(*teller, events, *rc::gen::inRange<std::size_t>(1, 8))));
  const auto whole = json::parse(openai_completion(reply, kLabel)).at("choices").at(0);
  RC_ASSERT(streamed.at("finish_reason") == whole.at("finish_reason"));
  RC_ASSERT(in_order(sent_back(streamed)) == in_order(reply.message));
  RC_ASSERT(sent_back(whole.at("message").as_object()).parts == in_order(reply.message));
}

TEST(OpenAiAnswer, AtOnceIsACompletion) {
  ai::TextReply reply{.finish = ai::Finish::tool_calls, .usage = {.input_tokens = 3, .output_tokens = 4}};
  reply.message.parts = {ai::Reasoning{.text = "Hm.", .signature = "s"}, ai::ToolCall{"c1", "look", "{}", ""}};
  const auto answer = json::parse(openai_completion(reply, kLabel));
  EXPECT_EQ(answer.at("object"), "chat.completion");
  const auto& choice = answer.at("choices").at(0);
  EXPECT_EQ(choice.at("finish_reason"), "tool_calls");
  EXPECT_TRUE(choice.at("message").at("content").is_null());
  EXPECT_EQ(choice.at("message").at("reasoning_content"), "Hm.");
  EXPECT_EQ(json::write(choice.at("message").at("tool_calls")),
            R"([{"id":"c1","type":"function","function":{"name":"look","arguments":"{}"}}])");
  EXPECT_EQ(answer.at("usage").at("total_tokens"), 7);
}

}  // namespace
}  // namespace odeon::chat

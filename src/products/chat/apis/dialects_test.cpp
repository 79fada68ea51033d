// The public APIs beside the dialects in which the gateway speaks to their inventors: what one writes, the other reads.
#include "engine/ai/providers/anthropic.hpp"
#include "engine/ai/providers/openai_chat.hpp"
#include "products/chat/answers_test.hpp"
#include "products/chat/apis/anthropic_api.hpp"
#include "products/chat/apis/openai_api.hpp"
#include "products/chat/parts.hpp"

namespace odeon::chat {
namespace {

ai::TextReply read_in_slices(const ai::TextDialect& dialect, std::string_view bytes) {
  const auto translator = dialect.translator("odeon");
  ai::TextEvents events;
  while (!bytes.empty()) {
    const auto size = *rc::gen::inRange<std::size_t>(1, 200);
    translator->take(bytes.substr(0, size), events);
    bytes.remove_prefix(std::min(size, bytes.size()));
  }
  translator->end(events);
  return reply_of(events);
}

// A reader of one choice's reason cannot tell a stop from a wait for tools but by the calls.
ai::Finish expected_finish(const ai::TextReply& reply) {
  if (reply.finish != ai::Finish::stop && reply.finish != ai::Finish::tool_calls) return reply.finish;
  const bool calls = std::ranges::any_of(reply.message.parts,
                                         [](const auto& part) { return std::holds_alternative<ai::ToolCall>(part); });
  return calls ? ai::Finish::tool_calls : ai::Finish::stop;
}

// What is not ours is taken off a thought's signature; signatures of calls are known to us and to Google alone.
ai::Message unwrapped(ai::Message message) {
  for (auto& part : message.parts) {
    if (auto* call = std::get_if<ai::ToolCall>(&part)) call->signature.clear();
    auto* thought = std::get_if<ai::Reasoning>(&part);
    if (thought == nullptr || !thought->signature.starts_with('{')) continue;
    const auto detail = json::parse(thought->signature);
    thought->signature = text_of(member(&detail, thought->redacted ? "data" : "signature"));
  }
  return message;
}

void expect_same_counts(const ai::Usage& a, const ai::Usage& b) {
  RC_ASSERT(a.input_tokens == b.input_tokens);
  RC_ASSERT(a.cached_tokens == b.cached_tokens);
  RC_ASSERT(a.cache_written_tokens + a.cache_written_1h_tokens == b.cache_written_tokens + b.cache_written_1h_tokens);
  RC_ASSERT(a.output_tokens == b.output_tokens);
  RC_ASSERT(a.reasoning_tokens == b.reasoning_tokens);
}

RC_GTEST_PROP(Dialects, ReadWhatOurOpenAiApiWrites, ()) {
  const auto events = some_answer();
  const auto reply = reply_of(events);
  const auto teller = openai_teller(kLabel, true);
  const ai::OpenAiChat dialect;
  const auto read = read_in_slices(dialect, told(*teller, events, *rc::gen::inRange<std::size_t>(1, 8)));
  RC_ASSERT(unwrapped(read.message) == unwrapped(reply.message));
  RC_ASSERT(read.finish == expected_finish(reply));
  expect_same_counts(read.usage, reply.usage);
  const auto whole = dialect.read(openai_completion(reply, kLabel), "odeon");
  RC_ASSERT(whole.message.text() == reply.text());
  RC_ASSERT(whole.finish == expected_finish(reply));
}

RC_GTEST_PROP(Dialects, ReadWhatOurAnthropicApiWrites, ()) {
  const auto events = some_answer();
  const auto reply = reply_of(events);
  const auto teller = anthropic_teller(kLabel);
  const ai::Anthropic dialect;
  const auto read = read_in_slices(dialect, told(*teller, events, *rc::gen::inRange<std::size_t>(1, 8)));
  RC_ASSERT(unwrapped(read.message) == unwrapped(reply.message));
  RC_ASSERT(read.finish == reply.finish);
  expect_same_counts(read.usage, reply.usage);
  RC_ASSERT(dialect.read(anthropic_message(reply, kLabel), "odeon").message == read.message);
}

// Anthropic takes no text that is nothing but white space.
std::string some_words() {
  return "So: " + some_text() + ".";
}

// A question as a product asks it, as far as both can say it.
ai::TextRequest some_question() {
  ai::TextRequest request{.max_tokens = *rc::gen::inRange(1, 5000)};
  request.messages.emplace_back(ai::MessageRole::system, some_words());
  const int turns = *rc::gen::inRange(1, 4);
  for (int turn = 0; turn < turns; ++turn) {
    ai::Message user(ai::MessageRole::user, some_words());
    if (*rc::gen::arbitrary<bool>())
      user.parts.emplace_back(ai::Picture{.media_type = "image/png", .bytes = "\x89PNG", .url = ""});
    if (*rc::gen::arbitrary<bool>())
      user.parts.emplace_back(ai::Picture{.media_type = "", .bytes = "", .url = "https://example.com/a.png"});
    request.messages.push_back(std::move(user));
    const std::string id = "call_" + std::to_string(turn);
    request.messages.emplace_back(
        ai::MessageRole::assistant,
        std::vector<ai::Part>{ai::TextPart{some_words()}, ai::ToolCall{id, "look_up", R"({"q":1})", ""}});
    request.messages.emplace_back(ai::MessageRole::tool,
                                  std::vector<ai::Part>{ai::ToolResult{id, "look_up", some_words()}});
  }
  request.messages.emplace_back(ai::MessageRole::user, some_words());
  request.tools = {{.name = "look_up", .description = "Looks.", .parameters = R"({"type":"object"})"}};
  request.tool_choice.mode = *rc::gen::element(ai::ToolChoice::Mode::automatic, ai::ToolChoice::Mode::required);
  request.tool_choice.one_at_a_time = *rc::gen::arbitrary<bool>();
  request.stop = {"END"};
  return request;
}

void expect_same(const ai::TextRequest& read, const ai::TextRequest& asked) {
  RC_ASSERT(read.messages == asked.messages);
  RC_ASSERT(read.max_tokens == asked.max_tokens);
  RC_ASSERT(read.stop == asked.stop);
  RC_ASSERT(read.tools.size() == 1U);
  RC_ASSERT(read.tools[0].name == "look_up" && read.tools[0].description == "Looks.");
  RC_ASSERT(json::parse(read.tools[0].parameters) == json::parse(asked.tools[0].parameters));
  RC_ASSERT(read.tool_choice.mode == asked.tool_choice.mode);
  RC_ASSERT(read.tool_choice.one_at_a_time == asked.tool_choice.one_at_a_time);
}

RC_GTEST_PROP(Dialects, WriteWhatOurOpenAiApiReads, ()) {
  const auto asked = some_question();
  const auto wire = ai::OpenAiChat(ai::openai_flavours::kOpenAi).write(asked, {.id = "m"}, true);
  const auto question = openai_question(json::from<ChatCompletionRequest>(wire.body));
  RC_ASSERT(question.streamed && question.counted);
  expect_same(question.request, asked);
}

RC_GTEST_PROP(Dialects, WriteWhatOurAnthropicApiReads, ()) {
  const auto asked = some_question();
  const auto wire = ai::Anthropic().write(asked, {.id = "m"}, false);
  const auto question = anthropic_question(json::from<AnthropicRequest>(wire.body), AnthropicVersion::v2026_10_21,
                                           AnthropicPurpose::answer);
  RC_ASSERT(!question.streamed);
  // Results of tools and what the user says next are one turn there; here they are two messages again.
  expect_same(question.request, asked);
}

}  // namespace
}  // namespace odeon::chat

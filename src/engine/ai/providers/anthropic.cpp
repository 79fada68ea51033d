#include "engine/ai/providers/anthropic.hpp"

#include <algorithm>

#include "engine/ai/providers/anthropic_request.hpp"
#include "engine/ai/providers/block_events.hpp"
#include "engine/ai/providers/closed_schema.hpp"
#include "engine/ai/providers/provider_errors.hpp"
#include "engine/ai/providers/sse_translator.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;
using wire::member;
using wire::text_of;

// Told piece by piece, each number again whenever it has grown. Their input is without what touched the cache.
class Counts {
 public:
  void take(const bj::value* usage) {
    set(fresh_, usage, "input_tokens");
    set(read_, usage, "cache_read_input_tokens");
    set(written_, usage, "cache_creation_input_tokens");
    set(written_5m_, member(usage, "cache_creation"), "ephemeral_5m_input_tokens");
    set(written_1h_, member(usage, "cache_creation"), "ephemeral_1h_input_tokens");
    set(output_, usage, "output_tokens");
    set(thoughts_, member(usage, "output_tokens_details"), "thinking_tokens");
  }
  // How much was written to the cache is told last, for how long only at first.
  Usage usage() const {
    const std::int64_t for_an_hour = written_5m_ == 0 && written_1h_ > 0 ? written_ : std::min(written_1h_, written_);
    return {.input_tokens = fresh_ + read_ + written_,
            .cached_tokens = read_,
            .cache_written_tokens = written_ - for_an_hour,
            .cache_written_1h_tokens = for_an_hour,
            .output_tokens = output_,
            .reasoning_tokens = std::min(thoughts_, output_)};
  }

 private:
  static void set(std::int64_t& count, const bj::value* from, std::string_view name) {
    constexpr std::int64_t kMost = 1'000'000'000'000;  // sums of these cannot overflow
    if (const auto* told = member(from, name)) count = std::min(wire::count_of(told), kMost);
  }

  std::int64_t fresh_ = 0, read_ = 0, written_ = 0, written_5m_ = 0, written_1h_ = 0, output_ = 0, thoughts_ = 0;
};

Finish finish_of(std::string_view reason) {
  if (reason == "max_tokens" || reason == "model_context_window_exceeded") return Finish::length;
  if (reason == "tool_use") return Finish::tool_calls;
  if (reason == "refusal") return Finish::declined;
  return Finish::stop;  // end_turn, stop_sequence; pause_turn comes of tools of theirs, which are not asked for
}

// The beginning of a block, which may be all of it.
void begin(BlockEvents& blocks, std::int64_t index, const bj::value* block, TextEvents& events) {
  const auto type = text_of(member(block, "type"));
  if (type == "text") {
    blocks.text(text_of(member(block, "text")), events);
  } else if (type == "thinking") {
    blocks.thought(index, text_of(member(block, "thinking")), text_of(member(block, "signature")), events);
  } else if (type == "redacted_thinking") {
    blocks.redacted(text_of(member(block, "data")), events);
  } else if (type == "tool_use") {
    blocks.call(index, text_of(member(block, "id")), text_of(member(block, "name")), events);
    const auto* input = member(block, "input");
    if (input != nullptr && input->is_object() && !input->get_object().empty())
      blocks.arguments(index, bj::serialize(*input), events);
  }
}

class Translator final : public SseTranslator {
 public:
  using SseTranslator::SseTranslator;

 protected:
  void event(const http::ServerSentEvent& event, TextEvents& events) override {
    wire::Scratch memory;
    const bj::value told = object_in(event.data, memory);
    const auto type = text_of(member(&told, "type"));
    const std::int64_t index = wire::count_of(member(&told, "index"));
    if (type == "message_start") {
      id_ = text_of(member(&told, "message", "id"));
      count(member(&told, "message", "usage"));
    } else if (type == "content_block_start") {
      begin(blocks_, index, member(&told, "content_block"), events);
    } else if (type == "content_block_delta") {
      const auto* delta = member(&told, "delta");
      blocks_.text(text_of(member(delta, "text")), events);
      blocks_.thought(index, text_of(member(delta, "thinking")), text_of(member(delta, "signature")), events);
      blocks_.arguments(index, text_of(member(delta, "partial_json")), events);
    } else if (type == "content_block_stop") {
      blocks_.end(index, events);
    } else if (type == "message_delta") {
      if (const auto reason = text_of(member(&told, "delta", "stop_reason")); !reason.empty())
        finish_ = finish_of(reason);
      stop_word_ = text_of(member(&told, "delta", "stop_sequence"));
      count(member(&told, "usage"));
    } else if (type == "message_stop") {
      finish(finish_, std::move(id_), events);
    } else if (type == "error") {
      const auto* error = member(&told, "error");
      fail(error_in_answer(error != nullptr ? *error : bj::value(), provider_));
    }
  }

 private:
  void count(const bj::value* usage) {
    counts_.take(usage);
    usage_ = counts_.usage();
  }

  BlockEvents blocks_;
  Counts counts_;
};

}  // namespace

WireRequest Anthropic::write(const TextRequest& request, const ModelTraits& model, bool streamed) const {
  const Conversation conversation = take_turns(request.messages);
  const std::vector<Tool> tools = tools_told_of(request, conversation);
  const CachePoints cached = cache_points(tools, conversation);
  const ClaudeSettings settings =
      claude_settings(request, model, claude_version(model.id).value_or(kNewestClaude), conversation);

  bj::object body{{"model", model.id},
                  {"max_tokens", settings.max_tokens},
                  {"messages", anthropic::messages(conversation, cached.part)}};
  if (streamed) body["stream"] = true;
  auto system = anthropic::system(conversation, request.form, cached.rules);
  if (!system.empty()) body["system"] = std::move(system);
  if (!tools.empty()) {
    body["tools"] = anthropic::tools(tools, cached.rules && conversation.rules.empty());
    body["tool_choice"] = anthropic::tool_choice(request.tool_choice, !request.tools.empty());
  }
  if (!request.stop.empty()) body["stop_sequences"] = bj::value_from(request.stop);
  if (settings.temperature) body["temperature"] = *settings.temperature;
  if (settings.top_p) body["top_p"] = *settings.top_p;
  if (settings.thinking == ClaudeSettings::Thinking::budget)
    body["thinking"] = bj::object{{"type", "enabled"}, {"budget_tokens", settings.budget}};
  if (settings.thinking == ClaudeSettings::Thinking::adaptive)
    body["thinking"] = bj::object{{"type", "adaptive"}, {"display", "summarized"}};
  bj::object output;
  if (!settings.effort.empty()) output["effort"] = settings.effort;
  if (request.form.kind == AnswerForm::Kind::schema)
    output["format"] = bj::object{{"type", "json_schema"}, {"schema", closed_schema(request.form.schema)}};
  if (!output.empty()) body["output_config"] = std::move(output);

  WireRequest wire{.path = "/v1/messages", .body = bj::serialize(body)};
  wire.headers.set("anthropic-version",
                   std::string(settings.temperature || settings.top_p ? kFirstVersion : kSecondVersion));
  return wire;
}

int Anthropic::room_to_think(const TextRequest& request, const ModelTraits& model) const {
  return claude_room_to_think(request, model);
}

TextReply Anthropic::read(std::string_view body, const std::string& provider) const {
  const bj::value answer = wire::object_of(body, provider);
  if (const auto* error = member(&answer, "error")) throw error_in_answer(*error, provider);
  Counts counts;
  counts.take(member(&answer, "usage"));
  const Usage usage = counts.usage();
  const auto* content = member(&answer, "content");
  if (content == nullptr || !content->is_array()) {
    const Error error = unusable("BAD_ANSWER", provider, "no content");
    if (usage.anything()) throw FailedAfterUse(error, usage);
    throw error;
  }
  TextEvents events;
  BlockEvents blocks;
  for (std::int64_t index = 0; const auto& block : content->get_array()) {
    begin(blocks, index, &block, events);
    blocks.end(index++, events);
  }
  events.push_back(Finished{finish_of(text_of(member(&answer, "stop_reason"))), usage,
                            std::string(text_of(member(&answer, "id"))),
                            std::string(text_of(member(&answer, "stop_sequence")))});
  return reply_of(events);
}

std::unique_ptr<StreamTranslator> Anthropic::translator(const std::string& provider) const {
  return std::make_unique<Translator>(provider);
}

}  // namespace odeon::ai

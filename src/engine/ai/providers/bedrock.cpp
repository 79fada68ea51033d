#include "engine/ai/providers/bedrock.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "engine/ai/providers/aws_event_stream.hpp"
#include "engine/ai/providers/bedrock_request.hpp"
#include "engine/ai/providers/block_events.hpp"
#include "engine/ai/providers/closed_schema.hpp"
#include "engine/ai/providers/provider_errors.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;
using wire::member;
using wire::text_of;

std::int64_t tokens_in(const bj::value* count) {
  constexpr std::int64_t kMost = 1'000'000'000'000;  // sums of these cannot overflow
  return std::min(wire::count_of(count), kMost);
}

// Their input is without what touched the cache.
Usage usage_in(const bj::value* told) {
  const std::int64_t read = tokens_in(member(told, "cacheReadInputTokens"));
  const std::int64_t written = tokens_in(member(told, "cacheWriteInputTokens"));
  std::int64_t for_an_hour = 0;
  for (const auto& detail : wire::list_of(member(told, "cacheDetails")))
    if (text_of(member(&detail, "ttl")) == "1h") for_an_hour += tokens_in(member(&detail, "inputTokens"));
  for_an_hour = std::min(for_an_hour, written);
  return {.input_tokens = tokens_in(member(told, "inputTokens")) + read + written,
          .cached_tokens = read,
          .cache_written_tokens = written - for_an_hour,
          .cache_written_1h_tokens = for_an_hour,
          .output_tokens = tokens_in(member(told, "outputTokens"))};
}

// Nothing: what the model wrote makes no sense.
std::optional<Finish> finish_of(std::string_view reason) {
  if (reason == "max_tokens" || reason == "model_context_window_exceeded") return Finish::length;
  if (reason == "tool_use") return Finish::tool_calls;
  if (reason == "content_filtered" || reason == "guardrail_intervened" || reason == "refusal") return Finish::declined;
  if (reason.starts_with("malformed_")) return std::nullopt;
  return Finish::stop;  // end_turn, stop_sequence
}

[[noreturn]] void fail_after(const Usage& usage, Error error) {
  if (usage.anything()) throw FailedAfterUse(std::move(error), usage);
  throw error;
}

class Translator final : public StreamTranslator {
 public:
  explicit Translator(std::string provider) : provider_(std::move(provider)) {}

  void take(std::string_view bytes, TextEvents& events) override {
    while (!finished_) {
      const auto event = parser_.next(bytes);
      if (!event) return;
      take(*event, events);
    }
  }

  void end(TextEvents& events) override {
    if (finished_) return;
    if (!stopped_) fail_after(usage_, unusable("STREAM_CUT", provider_, "the stream closed before its end"));
    finish(events);
  }

  Usage used() const override { return usage_; }

 private:
  void take(const AwsEvent& event, TextEvents& events) {
    const bj::value told = wire::object_or_empty(event.payload);
    const auto kind = event.header(":message-type");
    if (kind == "exception" || kind == "error") {
      const auto name = event.header(kind == "exception" ? ":exception-type" : ":error-code");
      fail_after(usage_, error_in_answer(bj::object{{"type", name}, {"message", text_of(member(&told, "message"))}},
                                         provider_));
    }
    const auto type = event.header(":event-type");
    const std::int64_t block = wire::count_of(member(&told, "contentBlockIndex"));
    if (type == "contentBlockStart") {
      if (const auto* call = member(&told, "start", "toolUse"))
        blocks_.call(block, text_of(member(call, "toolUseId")), text_of(member(call, "name")), events);
    } else if (type == "contentBlockDelta") {
      const auto* delta = member(&told, "delta");
      const auto* thought = member(delta, "reasoningContent");
      blocks_.text(text_of(member(delta, "text")), events);
      blocks_.thought(block, text_of(member(thought, "text")), text_of(member(thought, "signature")), events);
      redacted_ += crypto::from_base64(text_of(member(thought, "redactedContent"))).value_or("");
      blocks_.arguments(block, text_of(member(delta, "toolUse", "input")), events);
    } else if (type == "contentBlockStop") {
      blocks_.redacted(crypto::to_base64(std::exchange(redacted_, "")), events);
      blocks_.end(block, events);
    } else if (type == "messageStop") {
      // Not everyone closes each block.
      blocks_.redacted(crypto::to_base64(std::exchange(redacted_, "")), events);
      const auto finish = finish_of(text_of(member(&told, "stopReason")));
      if (!finish) fail_after(usage_, unusable("BAD_ANSWER", provider_, "malformed output of the model"));
      finish_ = *finish;
      stopped_ = true;
    } else if (type == "metadata") {
      // Comes after the end, and more than once where it has other things to tell.
      if (const auto* usage = member(&told, "usage")) usage_ = usage_in(usage);
      if (stopped_ && usage_.anything()) finish(events);
    }
  }

  void finish(TextEvents& events) {
    finished_ = true;
    events.push_back(Finished{finish_, usage_, ""});
  }

  const std::string provider_;
  AwsEventParser parser_;
  BlockEvents blocks_;
  std::string redacted_;  // bytes of the block that goes on
  Usage usage_;
  Finish finish_ = Finish::stop;
  bool stopped_ = false, finished_ = false;
};

// A block that is complete.
void take_block(BlockEvents& blocks, std::int64_t index, const bj::value& block, TextEvents& events) {
  blocks.text(text_of(member(&block, "text")), events);
  const auto* thought = member(&block, "reasoningContent");
  const auto* said = member(thought, "reasoningText");
  blocks.thought(index, text_of(member(said, "text")), text_of(member(said, "signature")), events);
  blocks.redacted(text_of(member(thought, "redactedContent")), events);
  if (const auto* call = member(&block, "toolUse")) {
    blocks.call(index, text_of(member(call, "toolUseId")), text_of(member(call, "name")), events);
    if (const auto* input = member(call, "input")) blocks.arguments(index, bj::serialize(*input), events);
    blocks.end(index, events);
  }
}

// What Converse has no field of its own for, as Anthropic has it.
bj::object extra_for_claude(const TextRequest& request, const ClaudeSettings& settings) {
  using Thinking = ClaudeSettings::Thinking;
  bj::object extra;
  if (settings.thinking == Thinking::budget)
    extra["thinking"] = bj::object{{"type", "enabled"}, {"budget_tokens", settings.budget}};
  if (settings.thinking == Thinking::adaptive)
    extra["thinking"] = bj::object{{"type", "adaptive"}, {"display", "summarized"}};
  if (!request.tools.empty() && request.tool_choice.one_at_a_time &&
      request.tool_choice.mode == ToolChoice::Mode::automatic)
    extra["tool_choice"] = bj::object{{"type", "auto"}, {"disable_parallel_tool_use", true}};
  return extra;
}

// Models of other makers are told what all of them know.
ClaudeSettings plain_settings(const TextRequest& request, const ModelTraits& model) {
  ClaudeSettings settings;
  settings.max_tokens = request.max_tokens;
  if (!model.thinks) {
    settings.top_p = request.top_p;
    if (request.temperature) settings.temperature = std::min(*request.temperature, 1.0);
  } else if (request.effort != Effort::unset && request.effort != Effort::none) {
    settings.effort = request.effort == Effort::low ? "low" : request.effort == Effort::medium ? "medium" : "high";
  }
  return settings;
}

}  // namespace

int Bedrock::room_to_think(const TextRequest& request, const ModelTraits& model) const {
  return claude_version(model.id) ? claude_room_to_think(request, model) : 0;
}

WireRequest Bedrock::write(const TextRequest& request, const ModelTraits& model, bool streamed) const {
  const Conversation conversation = take_turns(request.messages);
  const std::vector<Tool> tools = tools_told_of(request, conversation);
  const auto version = claude_version(model.id);
  const CachePoints cached = version ? cache_points(tools, conversation) : CachePoints{};
  const ClaudeSettings settings =
      version ? claude_settings(request, model, *version, conversation) : plain_settings(request, model);

  bj::object inference{{"maxTokens", settings.max_tokens}};
  if (settings.temperature) inference["temperature"] = *settings.temperature;
  if (settings.top_p) inference["topP"] = *settings.top_p;
  if (!request.stop.empty()) inference["stopSequences"] = bj::value_from(request.stop);
  bj::object body{{"messages", bedrock::messages(conversation, cached.part)},
                  {"inferenceConfig", std::move(inference)}};
  auto system = bedrock::system(conversation, request.form, cached.rules);
  if (!system.empty()) body["system"] = std::move(system);
  auto config = bedrock::tool_config(request, tools, cached.rules && conversation.rules.empty());
  if (!config.empty()) body["toolConfig"] = std::move(config);
  bj::object output;
  if (!settings.effort.empty()) output["effort"] = settings.effort;
  if (request.form.kind == AnswerForm::Kind::schema) {
    const std::string name = request.form.name.empty() ? "answer" : request.form.name;
    const std::string schema = bj::serialize(closed_schema(request.form.schema));
    output["textFormat"] =
        bj::object{{"type", "json_schema"}, {"structure", {{"jsonSchema", {{"schema", schema}, {"name", name}}}}}};
  }
  if (!output.empty()) body["outputConfig"] = std::move(output);
  if (auto extra = version ? extra_for_claude(request, settings) : bj::object(); !extra.empty())
    body["additionalModelRequestFields"] = std::move(extra);

  const std::string_view verb = streamed ? "/converse-stream" : "/converse";
  return {.path = std::string("/model/").append(text::percent_encode(model.id)).append(verb),
          .body = bj::serialize(body)};
}

TextReply Bedrock::read(std::string_view body, const std::string& provider) const {
  const bj::value answer = wire::object_of(body, provider);
  const Usage usage = usage_in(member(&answer, "usage"));
  const auto* content = member(&answer, "output", "message", "content");
  const auto finish = finish_of(text_of(member(&answer, "stopReason")));
  if (content == nullptr || !content->is_array() || !finish)
    fail_after(usage, unusable("BAD_ANSWER", provider, finish ? "no content" : "malformed output of the model"));
  TextEvents events;
  BlockEvents blocks;
  for (std::int64_t index = 0; const auto& block : content->get_array()) take_block(blocks, index++, block, events);
  events.push_back(Finished{*finish, usage, ""});
  return reply_of(events);
}

std::unique_ptr<StreamTranslator> Bedrock::translator(const std::string& provider) const {
  return std::make_unique<Translator>(provider);
}

}  // namespace odeon::ai

#include "engine/ai/providers/openai_wire.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "engine/ai/providers/provider_errors.hpp"
#include "engine/ai/providers/wav.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;

constexpr int kSpeechRate = 24'000;  // of response_format pcm

std::string_view role_name(MessageRole role) {
  switch (role) {
    case MessageRole::system:
      return "system";
    case MessageRole::assistant:
      return "assistant";
    case MessageRole::user:
      break;
  }
  return "user";
}

const bj::value* member(const bj::value* from, std::string_view name) {
  const auto* object = from != nullptr ? from->if_object() : nullptr;
  const auto* found = object != nullptr ? object->if_contains(name) : nullptr;
  return found == nullptr || found->is_null() ? nullptr : found;
}

std::int64_t count(const bj::value* value) {
  const auto number = value != nullptr ? json::as_integer(*value, json::Source::body) : std::nullopt;
  return std::max<std::int64_t>(number.value_or(0), 0);
}

// The first of two names that is there.
std::int64_t count_of(const bj::value* usage, std::string_view name, std::string_view other) {
  const auto* found = member(usage, name);
  return count(found != nullptr ? found : member(usage, other));
}

Usage read_usage(const bj::value* usage) {
  Usage used{.input_tokens = count_of(usage, "prompt_tokens", "input_tokens"),
             .output_tokens = count_of(usage, "completion_tokens", "output_tokens")};
  const auto* input = member(usage, "prompt_tokens_details");
  used.cached_tokens = input != nullptr ? count(member(input, "cached_tokens"))
                                        : count_of(usage, "prompt_cache_hit_tokens", "cached_tokens");
  used.cached_tokens = std::min(used.cached_tokens, used.input_tokens);
  used.reasoning_tokens = count_of(member(usage, "completion_tokens_details"), "reasoning_tokens", "thinking_tokens");
  // Some count the reasoning beside the output, which only their total shows.
  const std::int64_t total = count(member(usage, "total_tokens"));
  if (used.reasoning_tokens > 0 && total == used.input_tokens + used.output_tokens + used.reasoning_tokens)
    used.output_tokens += used.reasoning_tokens;
  used.reasoning_tokens = std::min(used.reasoning_tokens, used.output_tokens);
  return used;
}

// A string, or a list of parts of which the texts count.
std::string read_content(const bj::value* content) {
  if (content == nullptr) return "";
  if (content->is_string()) return std::string(content->get_string());
  std::string text;
  if (const auto* parts = content->if_array())
    for (const auto& part : *parts)
      if (const auto* piece = member(&part, "text"); piece != nullptr && piece->is_string())
        text += std::string_view(piece->get_string());
  return text;
}

std::string_view text_of(const bj::value* value) {
  return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

// Models like to wrap JSON in a Markdown fence.
std::string without_fence(std::string_view text) {
  text = text::trim(text);
  if (!text.starts_with("```") || !text.ends_with("```") || text.size() < 6) return std::string(text);
  text.remove_suffix(3);
  const std::size_t line = text.find('\n');
  return line == std::string_view::npos ? "" : std::string(text::trim(text.substr(line + 1)));
}

bool is_json(std::string_view text) {
  boost::system::error_code fault;
  bj::parse(text, fault);
  return !fault;
}

Error declined() {
  return Error(Fault::upstream, kDeclined, "The AI model declined to answer this.");
}

}  // namespace

std::string chat_request(const TextRequest& request, const std::string& model, ChatDialect dialect) {
  bj::object body{{"model", model}, {"stream", false}};
  auto& messages = body["messages"].emplace_array();
  for (const auto& message : request.messages)
    messages.push_back(bj::object{{"role", role_name(message.role)}, {"content", message.content}});
  if (dialect == ChatDialect::classic) {
    body["max_tokens"] = request.max_tokens;
    body["temperature"] = request.temperature;
  } else {
    body["max_completion_tokens"] = request.max_tokens;
  }
  if (request.json) body["response_format"] = bj::object{{"type", "json_object"}};
  return bj::serialize(body);
}

TextReply read_chat_answer(const std::string& body, const TextRequest& request, const std::string& provider) {
  boost::system::error_code fault;
  // Some send blank lines to keep the connection open while the model works.
  const bj::value answer = bj::parse(text::trim(body), fault);
  if (fault || !answer.is_object())
    throw unusable("BAD_ANSWER", provider, body.empty() ? "empty" : "not a JSON object");
  if (const auto* error = member(&answer, "error")) throw error_in_answer(*error, provider);

  TextReply reply{.usage = read_usage(member(&answer, "usage"))};
  const auto* choices = member(&answer, "choices");
  const auto* list = choices != nullptr ? choices->if_array() : nullptr;
  if (list == nullptr || list->empty())
    throw FailedAfterUse(unusable("BAD_ANSWER", provider, "no choices"), reply.usage);
  const bj::value* choice = &list->front();
  if (const auto* error = member(choice, "error")) throw FailedAfterUse(error_in_answer(*error, provider), reply.usage);
  const auto* message = member(choice, "message");
  const std::string_view reason = text_of(member(choice, "finish_reason"));
  if (!text_of(member(message, "refusal")).empty() || reason == "content_filter")
    throw FailedAfterUse(declined(), reply.usage);
  reply.text = read_content(member(message, "content"));
  reply.truncated = reason == "length";
  if (request.json) reply.text = without_fence(reply.text);
  if (text::trim(reply.text).empty())
    throw FailedAfterUse(unusable("NO_TEXT", provider, reply.truncated ? "stopped before any text" : "no text"),
                         reply.usage);
  if (!text::is_utf8(reply.text)) reply.text = text::to_valid_utf8(reply.text);
  if (request.json && !is_json(reply.text))
    throw FailedAfterUse(unusable("NOT_JSON", provider, reply.truncated ? "cut off JSON" : "not JSON"), reply.usage);
  return reply;
}

std::string speech_request(const SpeechRequest& request, const std::string& model, const std::string& voice) {
  return bj::serialize(bj::object{{"model", model},
                                  {"input", request.text},
                                  {"voice", voice},
                                  {"response_format", "pcm"},
                                  {"speed", request.speed}});
}

Pcm read_speech_answer(const std::string& body, std::string_view content_type, const std::string& provider) {
  const std::string type = text::to_lower(text::trim(content_type.substr(0, content_type.find(';'))));
  if (type.ends_with("json")) {
    boost::system::error_code fault;
    const bj::value answer = bj::parse(text::trim(body), fault);
    const auto* error = fault ? nullptr : member(&answer, "error");
    if (error != nullptr) throw error_in_answer(*error, provider);
    throw unusable("BAD_ANSWER", provider, "JSON instead of sound");
  }
  Pcm audio;
  if (is_wav(body)) {
    auto parsed = parse_wav(body);
    if (!parsed) throw unusable("BAD_SOUND", provider, "a WAVE of an unknown kind");
    audio = std::move(*parsed);
  } else if (type == "audio/pcm" || type == "audio/l16" || type == "application/octet-stream" || type.empty()) {
    if (body.size() % 2 != 0) throw unusable("BAD_SOUND", provider, "half a sample");
    audio = pcm_from_s16(body, kSpeechRate, 1);
  } else {
    throw unusable("BAD_SOUND", provider, "neither pcm nor wav");
  }
  if (audio.samples.empty()) throw unusable("NO_SOUND", provider, "no sound");
  return audio;
}

}  // namespace odeon::ai

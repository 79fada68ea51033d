#include "engine/ai/providers/openai_chat_answer.hpp"

#include "base/text.hpp"
#include "engine/ai/providers/openai_usage.hpp"
#include "engine/ai/providers/provider_errors.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;
using wire::list_of;
using wire::member;
using wire::text_of;

bj::value error_with(int status) {
  return bj::object{{"code", status}};
}

}  // namespace

void OpenAiChatAnswer::event(const http::ServerSentEvent& event, TextEvents& events) {
  if (text::trim(event.data) == "[DONE]") return conclude(events);
  wire::Scratch memory;
  const auto object = object_in(event.data, memory);
  if (event.event == "error" && member(object, "error") == nullptr) fail(error_in_answer(object, provider_));
  piece(object, "delta", events);
}

void OpenAiChatAnswer::whole(const bj::object& answer, TextEvents& events) {
  piece(answer, "message", events);
  conclude(events);
}

// A close without [DONE] may be a cut. Once the reason and the count were sent, though, there is nothing left that
// could have been cut off.
bool OpenAiChatAnswer::ends_by_closing() const {
  return !reason_.empty() && counted_ && !calls_.nameless();
}

void OpenAiChatAnswer::piece(const bj::object& answer, std::string_view holds, TextEvents& events) {
  if (id_.empty()) id_ = text_of(member(answer, "id"));
  count(member(answer, "usage"));
  if (const auto* error = member(answer, "error")) fail(error_in_answer(*error, provider_));
  if (text_of(member(answer, "object")) == "error") fail(error_in_answer(answer, provider_));
  for (const auto& each : list_of(member(answer, "choices"))) {
    const auto* object = each.if_object();
    if (object != nullptr && wire::count_of(member(*object, "index")) == 0) choice(*object, holds, events);
  }
  if (!reason_.empty()) thoughts_.close(events);
  finish_ = outcome();
}

void OpenAiChatAnswer::choice(const bj::object& choice, std::string_view holds, TextEvents& events) {
  answered_ = true;
  count(member(choice, "usage"));  // Kimi's place for it
  if (const auto* said = member(choice, holds); said != nullptr && said->is_object())
    message(said->get_object(), events);
  if (const auto* error = member(choice, "error")) fail(error_in_answer(*error, provider_));
  const auto reason = text_of(member(choice, "finish_reason"));
  if (reason == "error") fail(error_in_answer(error_with(500), provider_));
  if (reason == "insufficient_system_resource") fail(error_in_answer(error_with(503), provider_));
  if (!reason.empty()) reason_ = reason;
}

void OpenAiChatAnswer::message(const bj::object& message, TextEvents& events) {
  thoughts_.take(message, events);
  const auto* content = member(message, "content");
  text(text_of(content), events);
  for (const auto& part : list_of(content)) {
    text(text_of(member(&part, "text")), events);
    thoughts_.thinking(part, events);
  }
  const auto refusal = text_of(member(message, "refusal"));
  refused_ = refused_ || !refusal.empty();
  text(refusal, events);
  for (const auto& each : list_of(member(message, "tool_calls"))) call(each, events);
  if (const auto* function = member(message, "function_call"))
    call(bj::object{{"index", 0}, {"function", *function}}, events);
}

void OpenAiChatAnswer::text(std::string_view text, TextEvents& events) {
  if (text.empty()) return;
  thoughts_.close(events);
  events.push_back(TextDelta{std::string(text)});
}

void OpenAiChatAnswer::call(const bj::value& call, TextEvents& events) {
  if (!call.is_object()) return;
  thoughts_.close(events);
  calls_.take(call.get_object(), id_, events);
}

// Counts are of all so far; the last one that says anything stands.
void OpenAiChatAnswer::count(const bj::value* usage) {
  if (usage == nullptr) return;  // as in nearly every piece of a stream
  const Usage used = openai_usage(usage);
  if (!used.anything() && !used.stated_cost) return;
  usage_ = used;
  counted_ = true;
}

void OpenAiChatAnswer::conclude(TextEvents& events) {
  if (!answered_) fail(unusable("BAD_ANSWER", provider_, "no choices"));
  if (calls_.nameless()) fail(unusable("BAD_ANSWER", provider_, "a call of no tool"));
  thoughts_.close(events);
  finish(outcome(), std::move(id_), events);
}

Finish OpenAiChatAnswer::outcome() const {
  if (refused_ || reason_ == "content_filter") return Finish::declined;
  if (reason_ == "length" || reason_ == "model_length" || reason_ == "max_tokens") return Finish::length;
  // Whatever the reason says: some say "stop" although they call.
  return calls_.any() ? Finish::tool_calls : Finish::stop;
}

}  // namespace odeon::ai

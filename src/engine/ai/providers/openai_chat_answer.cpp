#include "engine/ai/providers/openai_chat_answer.hpp"

#include "base/text.hpp"
#include "engine/ai/providers/openai_usage.hpp"
#include "engine/ai/providers/provider_errors.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;

bj::value error_with(int status) {
  return bj::object{{"code", status}};
}

}  // namespace

void OpenAiChatAnswer::event(const http::ServerSentEvent& event, TextEvents& events) {
  if (text::trim(event.data) == "[DONE]") return conclude(events);
  const wire::Document document(event.data);
  const auto object = document.root();
  if (!object.is_object()) fail(unusable("BAD_ANSWER", provider_, "an event that is not a JSON object"));
  if (event.event == "error" && !object.member("error")) fail(error_in_answer(object.value(), provider_));
  piece(object, "delta", events);
}

void OpenAiChatAnswer::whole(wire::View answer, TextEvents& events) {
  piece(answer, "message", events);
  conclude(events);
}

// A close without [DONE] may be a cut. Once the reason and the count were sent, though, there is nothing left that
// could have been cut off.
bool OpenAiChatAnswer::ends_by_closing() const {
  return !reason_.empty() && counted_ && !calls_.nameless();
}

void OpenAiChatAnswer::piece(wire::View answer, std::string_view holds, TextEvents& events) {
  if (id_.empty()) id_ = answer.member("id").text();
  count(answer.member("usage"));
  if (const auto error = answer.member("error")) fail(error_in_answer(error.value(), provider_));
  if (answer.member("object").text() == "error") fail(error_in_answer(answer.value(), provider_));
  for (const auto each : answer.member("choices").elements())
    if (each.is_object() && count_of(each.member("index")) == 0) choice(each, holds, events);
  if (!reason_.empty()) thoughts_.close(events);
  finish_ = outcome();
}

void OpenAiChatAnswer::choice(wire::View choice, std::string_view holds, TextEvents& events) {
  answered_ = true;
  count(choice.member("usage"));  // Kimi's place for it
  if (const auto said = choice.member(holds); said.is_object()) message(said, events);
  if (const auto error = choice.member("error")) fail(error_in_answer(error.value(), provider_));
  const auto reason = choice.member("finish_reason").text();
  if (reason == "error") fail(error_in_answer(error_with(500), provider_));
  if (reason == "insufficient_system_resource") fail(error_in_answer(error_with(503), provider_));
  if (!reason.empty()) reason_ = reason;
}

void OpenAiChatAnswer::message(wire::View message, TextEvents& events) {
  thoughts_.take(message, events);
  const auto content = message.member("content");
  text(content.text(), events);
  for (const auto part : content.elements()) {
    text(part.member("text").text(), events);
    thoughts_.thinking(part, events);
  }
  const auto refusal = message.member("refusal").text();
  refused_ = refused_ || !refusal.empty();
  text(refusal, events, true);
  for (const auto call : message.member("tool_calls").elements()) {
    if (!call.is_object()) continue;
    thoughts_.close(events);
    calls_.take(call, id_, events);
  }
  if (const auto function = message.member("function_call")) {
    thoughts_.close(events);
    calls_.take_only(function, id_, events);
  }
}

void OpenAiChatAnswer::text(std::string_view text, TextEvents& events, bool refusal) {
  if (text.empty()) return;
  thoughts_.close(events);
  events.push_back(TextDelta{std::string(text), refusal});
}

// Counts are of all so far; the last one that says anything stands.
void OpenAiChatAnswer::count(wire::View usage) {
  if (!usage) return;  // as in nearly every piece of a stream
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

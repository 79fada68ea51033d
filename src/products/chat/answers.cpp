#include "products/chat/answers.hpp"

#include "engine/http/binding.hpp"
#include "products/chat/events_told.hpp"
#include "products/chat/money.hpp"
#include "products/chat/unanswered.hpp"

namespace odeon::chat {
namespace {

Meta meta_of(const Turn& turn, std::string model, bool cached) {
  return {.conversation_id = turn.asked.conversation_id,
          .message_id = turn.message_id,
          .user_message_id = turn.asked.question_id,
          .model = std::move(model),
          .route_reason = turn.chosen.reason,
          .memories = turn.recalled.ids,
          .cached = cached};
}

std::string asked_of(const std::optional<Text<1, 100>>& model) {
  return model ? std::string(*model) : std::string(kAuto);
}

}  // namespace

void check_question(std::optional<std::string_view> text, std::optional<double> temperature) {
  json::Faults faults;
  if (text && text::trim(*text).empty()) faults.add("text", "required", "There is nothing to answer.");
  if (temperature && !(*temperature >= 0 && *temperature <= 2))
    faults.add("temperature", "range", "This must be between 0 and 2.");
  faults.raise();
}

UsageTold usage_of(const Ended& ended) {
  return {.input_tokens = ended.row.input_tokens,
          .output_tokens = ended.row.output_tokens,
          .cost_usd = dollars(ended.row.cost),
          .budget_left_usd = dollars(ended.budget_left)};
}

bool wants_json(const http::Caller& caller) {
  return caller.accept.contains("application/json") && !caller.accept.contains("text/event-stream");
}

http::Response json_response(std::string body) {
  http::Response response;
  response.headers.add("Content-Type", "application/json");
  response.headers.add("Cache-Control", "no-store");
  response.body = std::move(body);
  return response;
}

void Answers::mount(http::Api& api) {
  http::mount(api, send_message, &Answers::chat, *this);
  http::mount(api, regenerate, &Answers::again, *this);
}

Task<http::Response> Answers::chat(http::Caller caller, ChatRequest request) {
  check_question(request.text, request.temperature);
  const Asker asker = co_await asking_.asker(caller);
  Brought brought =
      co_await attachments_.bring(caller.user_id, std::move(request.attachments), request.conversation_id);
  Chosen chosen = choice_.choose(asked_of(request.model), request.text, asker, brought.needs);
  Recalled recalled = co_await recall_.recall({.user_id = caller.user_id,
                                               .conversation_id = request.conversation_id.value_or(""),
                                               .text = request.text,
                                               .wanted = request.memory.value_or(true),
                                               .trace = caller.trace},
                                              asker);
  Asked asked = co_await asking_.put(caller.user_id, std::move(request.text), std::move(request.conversation_id),
                                     std::move(brought.files));
  Turn turn =
      replies_.turn(std::move(asked), std::move(chosen), std::move(recalled), asker, request.temperature, caller.trace);
  turn.request.may_continue = request.continue_.value_or(false);
  co_return co_await answer(caller, std::move(turn));
}

Task<http::Response> Answers::again(http::Caller caller, RegenerateRequest request) {
  check_question(std::nullopt, request.temperature);
  const Asker asker = co_await asking_.asker(caller);
  Asked asked = co_await asking_.again(caller.user_id, request.message_id);
  Chosen chosen = choice_.choose(asked_of(request.model), asked.path.back().text(), asker, needs_of(asked.path));
  Recalled recalled = co_await recall_.recall({.user_id = caller.user_id,
                                               .conversation_id = asked.conversation_id,
                                               .text = asked.path.back().text(),
                                               .wanted = request.memory.value_or(true),
                                               .trace = caller.trace},
                                              asker);
  co_await asking_.open(asked);
  Turn turn =
      replies_.turn(std::move(asked), std::move(chosen), std::move(recalled), asker, request.temperature, caller.trace);
  turn.request.may_continue = request.continue_.value_or(false);
  co_return co_await answer(caller, std::move(turn));
}

Task<http::Response> Answers::answer(http::Caller caller, Turn turn) {
  auto begun = co_await settle(replies_.ask(turn));
  if (!begun) {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    const auto closed = co_await settle(asking_.take_back(turn.asked));
    co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
    std::rethrow_exception(closed ? begun.error() : closed.error());
  }
  if (wants_json(caller)) {
    const Meta meta = meta_of(turn, choice_.name_of(begun->model), begun->cached);
    const auto ended = co_await follow(std::move(turn), std::move(*begun), [](Heard) -> Task<void> { co_return; });
    if (ended.failure) throw told_of(ended.failure);
    co_return json_response(json::write(ChatReply{
        meta.conversation_id, meta.message_id, meta.user_message_id, meta.model, meta.route_reason, meta.memories,
        meta.cached, ended.continued_by, ended.row.text(), usage_of(ended), ended.row.finish}));
  }
  // Both wait for whoever writes the body; a function must be such that it could be copied.
  struct Begun {
    Turn turn;
    ai::StreamedReply answer;
  };
  auto waiting = std::make_shared<Begun>(std::move(turn), std::move(*begun));
  co_return http::event_response(http::event_bytes([this, waiting](this auto, http::BodyWriter& body) -> Task<void> {
    co_await tell(std::move(waiting->turn), std::move(waiting->answer), body);
  }));
}

Task<Ended> Answers::follow(Turn turn, ai::StreamedReply answer, Hear hear) {
  const Asked asked = turn.asked;
  auto ended = co_await replies_.follow(std::move(turn), std::move(answer), std::move(hear));
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  const auto closed = co_await settle(ended.unanswered ? asking_.take_back(asked) : asking_.answered(asked));
  co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
  if (!closed && !ended.failure) ended.failure = closed.error();
  co_return ended;
}

Task<void> Answers::tell(Turn turn, ai::StreamedReply answer, http::BodyWriter& body) {
  std::string out = event_of("meta", meta_of(turn, choice_.name_of(answer.model), answer.cached));
  const auto hear = [&out, &body](Heard heard) {
    if (!heard.continued_by.empty()) out += event_of("continued", ContinuedTold{std::move(heard.continued_by)});
    if (!heard.text.empty()) out += event_of("delta", Delta{std::move(heard.text)});
    return write_all(body, out);
  };
  const auto ended = co_await follow(std::move(turn), std::move(answer), hear);
  if (ended.failure)
    out += failure_event(told_of(ended.failure), "");
  else
    out += event_of("usage", usage_of(ended)) + event_of("done", Done{ended.row.finish});
  co_await write_all(body, out);
}

}  // namespace odeon::chat

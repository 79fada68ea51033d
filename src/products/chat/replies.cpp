#include "products/chat/replies.hpp"

#include "base/ids.hpp"
#include "base/text.hpp"
#include "engine/ai/books.hpp"
#include "products/chat/chat.hpp"
#include "products/chat/memory/memory_prompts.hpp"
#include "products/chat/prompts.hpp"
#include "products/chat/unanswered.hpp"

namespace odeon::chat {
namespace {

// What was used until it broke off.
ai::Usage used_until(std::exception_ptr failure, const Turn& turn, std::size_t bytes) {
  try {
    std::rethrow_exception(failure);
  } catch (const ai::FailedAfterUse& error) {
    if (error.usage.anything()) return error.usage;
  } catch (...) {
  }
  auto usage = ai::guessed(turn.request, static_cast<std::int64_t>(bytes));
  for (const auto& slot : turn.slots)  // their texts are not in here
    if (!is_picture(*slot.file.media_type)) usage.input_tokens += slot.file.tokens.value_or(0);
  return usage;
}

Error broken_off() {
  return Error(Fault::upstream, "STREAM_CUT", "The answer broke off.");
}

std::string name_of(ai::Finish finish) {
  switch (finish) {
    case ai::Finish::length:
      return "length";
    case ai::Finish::declined:
      return "declined";
    default:  // nobody is given tools to call
      return "stop";
  }
}

}  // namespace

Turn Replies::turn(Asked asked, Chosen chosen, Recalled recalled, const Asker& asker, std::optional<double> temperature,
                   TraceContext trace) {
  Turn turn{.asked = std::move(asked),
            .chosen = std::move(chosen),
            .recalled = std::move(recalled),
            .message_id = new_uuid(clock_),
            .request = {}};
  auto& request = turn.request;
  request.task = "chat.reply";
  // Behind the rules, which are the same for everybody and stay in the providers' caches.
  std::vector<ai::Message> memory;
  if (const auto& facts = turn.recalled.facts; !facts.empty())
    memory.emplace_back(ai::MessageRole::system, remembered(facts));
  const auto files = plan_files(turn.asked.path, turn.chosen.input_room, turn.chosen.sees);
  request.messages = context_of(turn.asked.path, system_prompt(clock_.now()), std::move(memory),
                                turn.chosen.input_room - files.tokens);
  turn.slots = put_files(turn.asked.path, files, request.messages);
  request.max_tokens = turn.chosen.max_tokens;
  request.temperature = temperature;
  // Where the very same would be asked again; who asks for another answer wants another.
  if (temperature == 0.0 && turn.asked.is_new && turn.recalled.facts.empty()) request.caching = ai::Caching::own;
  request.refusal_is_answer = true;
  request.models = turn.chosen.models;
  request.otherwise = turn.chosen.otherwise;
  request.payer = {.user_id = turn.asked.user_id, .product = std::string(kProduct), .tier = asker.plan->name};
  request.trace = trace;
  // Only where nothing is set up: who has models that fail is told so.
  if (turn.chosen.reason == kOffline)
    request.offline = [path = turn.asked.path, facts = turn.recalled.facts] { return offline_answer(path, facts); };
  return turn;
}

Task<ai::StreamedReply> Replies::ask(Turn turn) {
  if (!turn.slots.empty())
    turn.request.messages =
        co_await attachments_.filled(turn.asked.user_id, std::move(turn.request.messages), std::move(turn.slots));
  auto answer = co_await settle(gateway_.stream(std::move(turn.request)));
  if (answer) co_return std::move(*answer);
  if (is_cancellation(answer.error())) std::rethrow_exception(answer.error());
  throw told_of(answer.error());
}

Task<void> Replies::keep(std::string user_id, MessageRow row, Traces traces) {
  auto tx = co_await database_.begin(database::Isolation::statement);
  // Deleted meanwhile: then nobody wants it.
  if (!co_await store::touch(*tx, user_id, row.conversation_id, clock_.now())) co_return;
  const std::string id = row.id, conversation_id = row.conversation_id, question_id = *row.parent_id;
  co_await store::add(*tx, std::move(row));
  co_await store::show_after(*tx, conversation_id, question_id, id);
  co_await store::add_uses(*tx, user_id, id, std::move(traces.memory_ids), clock_.now());
  if (!traces.learn_from.empty())
    co_await remembering_.enqueue(*tx, user_id, question_id, std::move(traces.learn_from), traces.trace);
  co_await tx->commit();
}

Task<Ended> Replies::follow(Turn turn, ai::StreamedReply answer, Hear hear) {
  ai::ReplyBuilder builder;
  Ended ended;
  bool finished = false;
  while (!finished && !ended.failure) {
    const auto events = co_await settle(answer.events->next());
    if (!events || events->empty()) {
      ended.failure = events ? std::make_exception_ptr(broken_off()) : events.error();
      ended.unanswered = !is_cancellation(ended.failure) && text::trim(builder.so_far().text()).empty();
      break;
    }
    Heard heard;
    for (const auto& event : *events) {
      builder.take(event);
      if (const auto* delta = std::get_if<ai::TextDelta>(&event)) heard.text += delta->text;
      if (const auto* other = std::get_if<ai::Continued>(&event))
        ended.continued_by.push_back(heard.continued_by = choice_.name_of(other->model));
      finished = finished || std::holds_alternative<ai::Finished>(event);
    }
    if (finished && heard.text.empty()) break;
    if (const auto told = co_await settle(hear(std::move(heard))); !told) ended.failure = told.error();
  }
  answer.events.reset();  // who does not listen any more closes the call
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());

  const auto& reply = builder.so_far();
  std::string text = reply.text();
  const ai::Usage used = finished ? reply.usage : used_until(ended.failure, turn, text.size());
  const auto* offer = gateway_.catalogue().offer(answer.model);
  ended.row = {.id = turn.message_id,
               .conversation_id = turn.asked.conversation_id,
               .parent_id = turn.asked.question_id,
               .role = Role::assistant,
               .model = choice_.name_of(answer.model),
               .route_reason = turn.chosen.reason,
               .input_tokens = used.input_tokens,
               .output_tokens = used.output_tokens,
               .cost = offer != nullptr ? ai::cost_of(used, offer->price) : 0,
               .finish = finished ? name_of(reply.finish) : kCut,
               .created_at = clock_.now()};
  if (!text.empty()) ended.row.parts = {{"text", std::move(text)}};
  if (finished || (!ended.row.parts.empty() && !ended.unanswered)) {
    Traces traces{.memory_ids = turn.recalled.ids, .learn_from = "", .trace = turn.request.trace};
    // Asked again, it says nothing new.
    if (turn.asked.is_new && turn.recalled.policy != MemoryPolicy::off)
      traces.learn_from = turn.asked.path.back().text();
    const auto kept = co_await settle(keep(turn.asked.user_id, ended.row, std::move(traces)));
    if (!kept && !ended.failure) ended.failure = kept.error();
  }
  if (!ended.failure) {
    const auto left = co_await settle(asking_.budget_left(turn.asked.user_id));
    if (left) ended.budget_left = *left;
    if (!left) ended.failure = left.error();
  }
  co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
  co_return ended;
}

}  // namespace odeon::chat

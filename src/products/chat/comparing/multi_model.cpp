#include "products/chat/comparing/multi_model.hpp"

#include "engine/http/binding.hpp"
#include "products/chat/apis/question.hpp"
#include "products/chat/events_told.hpp"
#include "products/chat/unanswered.hpp"

namespace odeon::chat {
namespace {

constexpr std::size_t kAnswersToCompare = 2;
constexpr const char *kModelsAt = "models", *kCompareModelsAt = "compare_models";  // the fields

LegFault fault_of(const Error& error) {
  LegFault fault{.code = error.code, .message = error.message};
  if (error.retry_after) fault.retry_after = error.retry_after->count();
  return fault;
}

// For who wants one object.
class Nowhere final : public http::BodyWriter {
 public:
  Task<void> write(std::string_view) override { co_return; }
};

ModelNames names_of(const MultiModelRequest& request) {
  if (request.models) return *request.models;
  if (request.compare_models) return *request.compare_models;
  throw fault_at(kModelsAt, "VALIDATION_ERROR", "Name two to four models.");
}

}  // namespace

struct MultiModel::Leg {
  Turn turn;
  LegReply reply;
  std::optional<Error> failure;  // as is told
  bool answered = false;
};

struct MultiModel::Race {
  Asked asked;
  const billing::Plan* plan = nullptr;
  std::vector<Leg> legs;
};

// Why there is no answer at all: what they all say, where they agree.
Error MultiModel::failure_of(const Race& race) {
  const auto& first = race.legs.front().failure;
  const auto agrees = [&](const Leg& leg) { return leg.failure && leg.failure->code == first->code; };
  return first && std::ranges::all_of(race.legs, agrees) ? *first : nobody_answers();
}

void MultiModel::mount(http::Api& api) {
  http::mount(api, multi_model, &MultiModel::ask, *this);
}

Task<http::Response> MultiModel::ask(http::Caller caller, MultiModelRequest request) {
  check_question(request.text, request.temperature);
  const Asker asker = co_await asking_.asker(caller);
  if (!asker.plan->has("multi_model"))
    throw Error(Fault::forbidden, "UPGRADE_REQUIRED", "Asking several models at once is part of the plan ULTRA.")
        .with_upgrade_url(asker.upgrade_url);
  Brought brought =
      co_await attachments_.bring(caller.user_id, std::move(request.attachments), request.conversation_id);
  std::vector<Chosen> chosen;
  for (const auto& name : names_of(request)) {
    std::string at = fmt::format("{}[{}]", request.models ? kModelsAt : kCompareModelsAt, chosen.size());
    chosen.push_back(choice_.choose(name, request.text, asker, brought.needs, at));
    if (std::ranges::count(chosen, chosen.back().asked, &Chosen::asked) > 1)
      throw fault_at(std::move(at), "VALIDATION_ERROR", "Each model answers once.");
  }
  const Recalled recalled = co_await recall_.recall({.user_id = caller.user_id,
                                                     .conversation_id = request.conversation_id.value_or(""),
                                                     .text = request.text,
                                                     .wanted = request.memory.value_or(true),
                                                     .trace = caller.trace},
                                                    asker);
  auto race = std::make_shared<Race>();
  race->asked = co_await asking_.put(caller.user_id, std::move(request.text), std::move(request.conversation_id),
                                     std::move(brought.files));
  race->plan = asker.plan;
  for (auto& each : chosen) {
    std::string name = each.asked;
    race->legs.push_back(
        {replies_.turn(race->asked, std::move(each), recalled, asker, request.temperature, caller.trace),
         {.model = std::move(name)}});
  }
  if (wants_json(caller)) {
    Nowhere nowhere;
    if (!co_await run(*race, nowhere)) throw failure_of(*race);
    co_return json_response(json::write(co_await finish(*race)));
  }
  co_return http::event_response(http::event_bytes([this, race](this auto, http::BodyWriter& body) -> Task<void> {
    std::string out;
    if (co_await run(*race, body)) {
      const auto reply = co_await finish(*race);
      if (reply.comparison) out += event_of("comparison", *reply.comparison);
      out += event_of("done", Done{"stop"});
    } else {
      out = failure_event(failure_of(*race), "");
    }
    co_await write_all(body, out);
  }));
}

// All at once. Whoever goes away cuts off all of them, and what there is of each is kept.
Task<bool> MultiModel::run(Race& race, http::BodyWriter& body) {
  std::vector<Task<void>> legs;
  for (auto& leg : race.legs) legs.push_back(run_leg(leg, body));
  const auto ran = co_await settle(all_of(std::move(legs)));
  const bool answered = std::ranges::any_of(race.legs, &Leg::answered);
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  if (answered)
    co_await asking_.answered(race.asked);
  else
    co_await asking_.take_back(race.asked);
  co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
  if (!ran) std::rethrow_exception(ran.error());
  co_return answered;
}

// The event that tells of it.
std::string MultiModel::fail(Leg& leg, std::exception_ptr failure) {
  leg.failure = told_of(failure);
  leg.reply.error = fault_of(*leg.failure);
  return failure_event(*leg.failure, leg.reply.model);
}

Task<void> MultiModel::run_leg(Leg& leg, http::BodyWriter& body) {
  const std::string model = leg.reply.model;
  std::string out;
  auto begun = co_await settle(replies_.ask(leg.turn));
  if (!begun) {
    if (is_cancellation(begun.error())) std::rethrow_exception(begun.error());
    out = fail(leg, begun.error());
    co_return co_await write_all(body, out);
  }
  leg.reply.answered_by = choice_.name_of(begun->model);
  leg.reply.message_id = leg.turn.message_id;
  leg.reply.route_reason = leg.turn.chosen.reason;
  leg.reply.cached = begun->cached;
  out = event_of("meta", LegMeta{model, leg.turn.asked.conversation_id, leg.turn.message_id, leg.turn.asked.question_id,
                                 *leg.reply.answered_by, leg.turn.chosen.reason, leg.turn.recalled.ids, begun->cached});
  const auto hear = [&out, &body, &model](Heard heard) {
    if (!heard.text.empty()) out += event_of("delta", LegDelta{model, std::move(heard.text)});
    return write_all(body, out);
  };
  const auto ended = co_await replies_.follow(leg.turn, std::move(*begun), hear);
  leg.answered = !ended.unanswered;
  leg.reply.text = ended.row.text();
  leg.reply.finish = ended.row.finish;
  if (ended.failure) {
    if (is_cancellation(ended.failure)) std::rethrow_exception(ended.failure);
    out += fail(leg, ended.failure);
  } else {
    leg.reply.usage = usage_of(ended);
    out += event_of("usage", LegUsage{*leg.reply.usage, model});
    out += event_of("done", LegDone{{ended.row.finish}, model});
  }
  co_await write_all(body, out);
}

// Every answer is told by then: who compares keeps nobody waiting.
Task<MultiModelReply> MultiModel::finish(Race& race) {
  MultiModelReply reply{.conversation_id = race.asked.conversation_id,
                        .user_message_id = race.asked.question_id,
                        .memories = race.legs.front().turn.recalled.ids};
  std::vector<Said> said;
  for (auto& leg : race.legs) {
    if (!leg.reply.error) said.push_back({leg.reply.model, leg.reply.text.value_or("")});
    reply.replies.push_back(std::move(leg.reply));
  }
  if (said.size() >= kAnswersToCompare)
    reply.comparison = co_await comparing_.compare({.user_id = race.asked.user_id,
                                                    .question = race.asked.path.back().text(),
                                                    .answers = std::move(said),
                                                    .plan = race.plan,
                                                    .trace = race.legs.front().turn.request.trace});
  co_return reply;
}

}  // namespace odeon::chat

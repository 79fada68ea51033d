#include "products/chat/memory/remembering.hpp"

#include "base/ids.hpp"
#include "products/chat/chat.hpp"
#include "products/chat/memory/lesson_store.hpp"
#include "products/chat/memory/merging.hpp"
#include "products/chat/terms.hpp"

namespace odeon::chat {
namespace {

constexpr int kLongestFacts = 1'500;  // tokens

// What the person may not have at the moment, or nobody will give: it does not help to try again.
bool is_refused(std::exception_ptr failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    return !error.may_pass();
  } catch (...) {
    return false;
  }
}

}  // namespace

Task<void> Remembering::enqueue(database::Transaction& tx, std::string user_id, std::string question_id,
                                std::string text, TraceContext trace) {
  if (!may_be_personal(text)) co_return;
  if (rooms_.pace == LearningPace::later)
    co_await store::add_lesson(tx, user_id, question_id, rooms_.clock.now());
  else
    co_await enqueue_now(tx, user_id, question_id, trace);
}

Task<void> Remembering::enqueue_now(database::Transaction& tx, std::string user_id, std::string question_id,
                                    TraceContext trace) {
  co_await rooms_.queue.enqueue(tx, Remember{user_id, question_id},
                                {.lane = user_id, .idempotency_key = question_id, .trace = trace});
}

void Remembering::install(jobs::Worker& worker) {
  worker.handle<Remember>([this](Remember job, jobs::Job& handle) { return learn(std::move(job), handle); });
}

Task<void> Remembering::learn(Remember job, jobs::Job& handle) {
  auto exchange = co_await find(std::move(job));
  if (!exchange || !exchange->can_pay()) co_return;
  auto facts = co_await read(*exchange, handle.trace());
  if (facts.empty()) co_return;
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  co_await keep(*tx, std::move(*exchange), std::move(facts), handle.trace());
  co_await handle.complete(*tx);
  co_await tx->commit();
}

Task<std::optional<Exchange>> Remembering::find(Remember job) {
  Exchange exchange{.question = {}, .lesson = {}, .user_id = job.user_id, .asker = {}};
  auto question = co_await store::message(rooms_.database, job.user_id, job.question_id);
  if (!question || co_await terms_refused(rooms_.database, rooms_.clock, job.user_id)) co_return std::nullopt;
  if (co_await store::is_forgotten(rooms_.database, job.user_id, question->created_at)) co_return std::nullopt;
  exchange.question = std::move(*question);
  auto asker = co_await settle(rooms_.asking.member(job.user_id));
  if (!asker && is_refused(asker.error())) co_return std::nullopt;
  if (!asker) std::rethrow_exception(asker.error());
  exchange.asker = std::move(*asker);
  const auto& conversation_id = exchange.question.conversation_id;
  exchange.policy =
      policy_of(co_await store::policies(rooms_.database, job.user_id, conversation_id), *exchange.asker.plan);
  if (exchange.policy == MemoryPolicy::off) co_return std::nullopt;
  exchange.lesson.message = exchange.question.text();
  if (const auto& parent = exchange.question.parent_id)
    if (const auto before = co_await store::message(rooms_.database, job.user_id, *parent))
      exchange.lesson.before = before->text();
  exchange.lesson.known =
      co_await store::known(rooms_.database, job.user_id, conversation_id, exchange.policy == MemoryPolicy::everything);
  co_return exchange;
}

ai::TextRequest Remembering::request(const Exchange& exchange) const {
  ai::TextRequest request{
      .task = "chat.memory",
      .messages = lesson_messages(exchange.lesson),
      .max_tokens = kLongestFacts,
      .temperature = 0,
      .form = lesson_form(),
      .payer = {.user_id = exchange.user_id, .product = std::string(kProduct), .tier = exchange.asker.plan->name}};
  request.models = rooms_.choice.for_chore(request, exchange.asker);
  return request;
}

Task<std::vector<Fact>> Remembering::read(Exchange exchange, TraceContext trace) {
  auto question = request(exchange);
  question.offline = [&lesson = exchange.lesson] { return composed_facts(lesson); };
  question.trace = trace;
  const auto reply = co_await settle(rooms_.gateway.text(std::move(question)));
  if (!reply && is_refused(reply.error())) co_return std::vector<Fact>();
  if (!reply) std::rethrow_exception(reply.error());
  co_return facts_read(reply->text(), exchange.lesson, shown_ids(exchange.lesson));
}

Task<void> Remembering::keep(database::Transaction& tx, Exchange exchange, std::vector<Fact> facts,
                             TraceContext trace) {
  const std::string& user_id = exchange.user_id;
  const auto& conversation_id = exchange.question.conversation_id;
  co_await store::hold_memories(tx, user_id);
  // While the model read it, its owner may have deleted it, had all forgotten, or chosen otherwise.
  const bool there = (co_await store::message(tx, user_id, exchange.question.id)).has_value();
  const auto policy = policy_of(co_await store::policies(tx, user_id, conversation_id), *exchange.asker.plan);
  const bool forgotten = co_await store::is_forgotten(tx, user_id, exchange.question.created_at);
  if (!there || forgotten || policy < exchange.policy) co_return;
  auto known = co_await store::known(tx, user_id, conversation_id, exchange.policy == MemoryPolicy::everything);
  auto merged = merge(std::move(known), std::move(facts),
                      {.conversation_id = conversation_id,
                       .message_id = exchange.question.id,
                       .bound = exchange.policy == MemoryPolicy::conversation,
                       .said_at = exchange.question.created_at});
  const auto surplus = co_await store::count_memories(tx, user_id) + std::ssize(merged.added) - kMostMemories;
  if (surplus > 0) co_await store::remove_stalest(tx, user_id, surplus);
  for (auto& row : merged.changed) co_await store::change(tx, user_id, std::move(row));
  for (auto& row : merged.added) {
    row.id = new_uuid(rooms_.clock);
    co_await store::add(tx, user_id, std::move(row));
  }
  co_await rooms_.index.enqueue(tx, user_id, trace);
}

}  // namespace odeon::chat

// What can wait: handed over, looked after, collected and paid for.
#include "base/ids.hpp"
#include "engine/ai/gateway_state.hpp"

namespace odeon::ai {
namespace {

using Batchers = Candidates<BatchModel>::Found;

constexpr std::chrono::seconds kSoonest = std::chrono::minutes(1), kLatest = std::chrono::minutes(30);

void check_batch(const std::vector<TextRequest>& requests) {
  if (requests.empty()) throw fault_of("requests", "required", "There is nothing in it.");
  if (requests.size() > kMostInBatch)
    throw fault_of("requests", "too_many", fmt::format("At most {} can be asked at once.", kMostInBatch));
}

// Each payer once.
BatchTicket ticket_for(const std::vector<TextRequest>& requests, const Clock& clock) {
  BatchTicket ticket{.key = new_uuid(clock), .submitted_at = clock.now()};
  std::map<std::tuple<std::string, std::string, std::string>, std::int64_t> places;
  for (const auto& request : requests) {
    const Payer& payer = request.payer;
    const auto [place, fresh] = places.emplace(std::tuple(payer.user_id, payer.product, payer.tier), places.size());
    if (fresh) ticket.payers.push_back({.user_id = payer.user_id, .product = payer.product, .tier = payer.tier});
    ticket.entries.push_back({request.task, request.form.kind != AnswerForm::Kind::text, place->second});
  }
  return ticket;
}

Payer payer_of(const BatchPayer& payer) {
  return {payer.user_id, payer.product, payer.tier};
}

const BatchPayer& payer_of(const BatchTicket& ticket, const BatchEntry& entry) {
  if (entry.payer < 0 || entry.payer >= std::ssize(ticket.payers))
    throw Error(Fault::invalid, "BAD_TICKET", "This is no ticket of a batch.");
  return ticket.payers[static_cast<std::size_t>(entry.payer)];
}

Error broke() {
  return Error(Fault::payment_required, "daily_budget_exceeded", "There was no budget left to ask this.");
}

// What was sent of it.
BatchTicket sent_of(BatchTicket ticket) {
  std::erase_if(ticket.entries, [&](const BatchEntry& entry) { return payer_of(ticket, entry).broke; });
  return ticket;
}

struct Accepted {
  std::string id, model;
  Usage usage;
};
Task<Accepted> submitted(BatchModel& model, std::vector<TextRequest> requests, TraceContext place) {
  requests.front().trace = place;
  co_return Accepted{.id = co_await model.submit(std::move(requests)), .model = {}, .usage = {}};
}
Task<bool> cancelled(BatchModel& model, std::string id) {
  co_await model.cancel(std::move(id));
  co_return true;
}

// Of whoever has the batch: nobody else can say.
template <class Got, class Call>
Task<Got> answer_of(Desk& desk, Candidate<BatchModel>& batcher, std::string task, const Call& call) {
  const Errand errand{std::move(task), "batch", {}, std::make_shared<Bill>()};
  const auto free = [](const Got&) { return Usage(); };
  auto got = co_await attempt<Got>(desk, batcher.line, errand, call, +free);
  if (!got) {
    Failures failures;
    failures.add(std::move(got.error()));
    failures.raise(batcher.line.name());
  }
  co_return std::move(*got);
}

std::string task_of(const BatchTicket& ticket) {
  return ticket.entries.empty() ? "" : ticket.entries.front().task;
}

}  // namespace

std::chrono::seconds until_next_look(const BatchTicket& ticket, Instant now) {
  constexpr int kPart = 8;  // of the time that it took until now
  return std::clamp(std::chrono::ceil<std::chrono::seconds>(now - ticket.submitted_at) / kPart, kSoonest, kLatest);
}

Task<BatchPayer> Gateway::State::hold(BatchPayer payer, NanoUsd most, Bills& bills) {
  auto reserved = co_await settle(books.reserve(payer_of(payer), most));
  payer.broke = !reserved;
  if (reserved) payer.reservation = std::move(*reserved);
  bills.push_back(books.reopen(payer_of(payer), payer.reservation));
  if (!payer.broke) co_return payer;
  try {
    std::rethrow_exception(reserved.error());
  } catch (const Error& error) {
    if (error.fault != Fault::payment_required) throw;
  }
  co_return payer;
}

Task<BatchTicket> Gateway::State::submit(std::vector<TextRequest> requests, Batchers candidates, Bills& bills) {
  BatchTicket ticket = ticket_for(requests, clock);
  std::vector<NanoUsd> most(ticket.payers.size());
  const auto& asked_first = *candidates.front();
  for (std::size_t i = 0; i < requests.size(); ++i) {
    Usage most_used = most_of(requests[i]);
    most_used.output_tokens += asked_first.model->room_to_think(requests[i]);
    most[static_cast<std::size_t>(ticket.entries[i].payer)] += cost_of(most_used, asked_first.line.price());
  }
  for (std::size_t i = 0; i < most.size(); ++i) ticket.payers[i] = co_await hold(ticket.payers[i], most[i], bills);
  std::vector<TextRequest> sent;
  for (std::size_t i = 0; i < requests.size(); ++i)
    if (!payer_of(ticket, ticket.entries[i]).broke) sent.push_back(std::move(requests[i]));
  if (sent.empty()) throw broke();

  const Errand errand{sent.front().task, "batch", sent.front().trace, std::make_shared<Bill>()};
  const std::string insisted = sent.front().models.size() == 1 ? sent.front().models.front() : "";
  const auto ask = [&](Candidate<BatchModel>& candidate) { return one<Accepted>(candidate, errand, sent, submitted); };
  Failures failures;
  auto accepted = failures.unless(co_await first_of<Accepted>(std::move(candidates), failures, ask), insisted);
  ticket.model = std::move(accepted.model);
  ticket.id = std::move(accepted.id);
  co_return ticket;
}

void Gateway::add(std::unique_ptr<BatchModel> model) {
  const Offer* offer = catalogue().offer(model->name());
  state_->batchers.add(std::move(model), offer != nullptr ? offer->batch_price() : Price{});
}

Task<BatchTicket> Gateway::submit_batch(std::vector<TextRequest> requests) {
  check_batch(requests);
  const auto& wanted = requests.front().models;
  auto candidates = wanted.empty() ? state_->batchers.all() : state_->batchers.of(wanted, catalogue(), ModelKind::text);
  if (candidates.empty()) throw not_here("takes what can wait");
  State::Bills bills;
  auto ticket = co_await settle(state_->submit(std::move(requests), std::move(candidates), bills));
  if (ticket) co_return std::move(*ticket);
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  for (auto& bill : bills) co_await state_->books.close(std::move(bill));
  co_await asio::this_coro::throw_if_cancelled(throws);
  std::rethrow_exception(ticket.error());
}

Candidate<BatchModel>& Gateway::State::batcher(const std::string& name) const {
  const auto all = batchers.all();
  const auto found = std::ranges::find(all, name, [](const auto* one) { return one->line.name(); });
  if (found != all.end()) return **found;
  throw Error(Fault::unavailable, "BATCH_MODEL_AWAY", "Who was asked this is not set up any more.")
      .with_retry_after(std::chrono::hours(1));
}

// Once more after a crash, or by two at once, comes to the same: the books know each answer by its name, and a
// reservation is settled once.
Task<void> Gateway::State::pay(BatchTicket ticket, std::vector<BatchAnswer>& answers, const Line& line) {
  Bills bills;
  for (const auto& payer : ticket.payers) bills.push_back(books.reopen(payer_of(payer), payer.reservation));
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto& entry = ticket.entries[i];
    auto& answer = answers[i];
    if (answer) answer->model = line.name();
    batch_answers.of({entry.task, line.name(), answer ? "ok" : "failed"}).add();
    const Usage& used = answer ? answer->usage : answer.error().usage;
    if (used.anything())
      co_await books.record(bills.at(static_cast<std::size_t>(entry.payer)),
                            {.task = entry.task,
                             .model = line.name(),
                             .usage = used,
                             .succeeded = answer.has_value(),
                             .cost = cost_of(used, line.price()),
                             .id = fmt::format("{}#{}", ticket.key, i)});
  }
  for (auto& bill : bills) co_await books.close(std::move(bill));
}

Task<BatchLook> Gateway::collect_batch(BatchTicket ticket) {
  auto& batcher = state_->batcher(ticket.model);
  const auto sent = sent_of(ticket);
  const auto call = [&](TraceContext) { return batcher.model->look(sent); };
  auto look = co_await answer_of<BatchLook>(state_->desk, batcher, task_of(ticket), call);
  if (!look.answers) co_return look;

  std::vector<BatchAnswer> all;
  auto next = look.answers->begin();
  for (const auto& entry : ticket.entries)
    if (payer_of(ticket, entry).broke)
      all.emplace_back(std::unexpected(FailedAfterUse(broke(), {})));
    else
      all.push_back(std::move(*next++));
  co_await state_->pay(std::move(ticket), all, batcher.line);
  co_return BatchLook{all.size(), std::move(all)};
}

Task<void> Gateway::cancel_batch(BatchTicket ticket) {
  auto& batcher = state_->batcher(ticket.model);
  const auto call = [&](TraceContext) { return cancelled(*batcher.model, ticket.id); };
  co_await answer_of<bool>(state_->desk, batcher, task_of(ticket), call);
}

Task<void> Gateway::release_batch(BatchTicket ticket) {
  for (const auto& payer : ticket.payers)
    co_await state_->books.close(state_->books.reopen(payer_of(payer), payer.reservation));
}

}  // namespace odeon::ai

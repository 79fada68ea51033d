#include "engine/ai/books.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>

#include "engine/ai/complexity.hpp"

namespace odeon::ai {
namespace {

// A picture counts a thousand or so, by its size, with every provider.
constexpr std::int64_t kPictureTokens = 1'600, kMessageTokens = 8;

std::int64_t tokens_of(const Part& part) {
  if (const auto* text = std::get_if<TextPart>(&part)) return estimate_tokens(text->text);
  if (const auto* call = std::get_if<ToolCall>(&part)) return estimate_tokens(call->arguments);
  if (const auto* result = std::get_if<ToolResult>(&part)) return estimate_tokens(result->content);
  if (const auto* thought = std::get_if<Reasoning>(&part)) return estimate_tokens(thought->text);
  return kPictureTokens;
}

class Reserved final : public Held {
 public:
  Reserved(Budgets& budgets, std::string id) : budgets_(budgets), id_(std::move(id)) {}
  Task<void> settle(NanoUsd cost) override { return budgets_.settle(id_, cost); }

 private:
  Budgets& budgets_;
  const std::string id_;
};

}  // namespace

Task<std::expected<void, std::exception_ptr>> to_its_end(Task<void> task) {
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  // Spawned without a cancellation slot, so that a cancel cannot cut it off half-way.
  auto run = asio::co_spawn(co_await asio::this_coro::executor, settle(std::move(task)),
                            asio::bind_cancellation_slot(asio::cancellation_slot(), asio::use_awaitable));
  auto outcome = co_await std::move(run);
  co_await asio::this_coro::throw_if_cancelled(throws);
  co_return outcome;
}

Task<std::unique_ptr<Held>> Budgets::hold(Payer payer, NanoUsd most) {
  std::string reservation = co_await reserve(std::move(payer), most);
  co_return reservation.empty() ? nullptr : std::make_unique<Reserved>(*this, std::move(reservation));
}

Task<std::shared_ptr<Bill>> Books::open(Payer payer, NanoUsd most) {
  auto bill = std::make_shared<Bill>(Bill{.payer = payer});
  if (budgets_ != nullptr && !payer.user_id.empty()) bill->held = co_await budgets_->hold(std::move(payer), most);
  co_return bill;
}

Task<std::string> Books::reserve(Payer payer, NanoUsd most) {
  if (budgets_ == nullptr || payer.user_id.empty()) co_return "";
  co_return co_await budgets_->reserve(std::move(payer), most);
}

std::shared_ptr<Bill> Books::reopen(Payer payer, std::string reservation) {
  auto bill = std::make_shared<Bill>(Bill{.payer = std::move(payer)});
  if (budgets_ != nullptr && !reservation.empty())
    bill->held = std::make_unique<Reserved>(*budgets_, std::move(reservation));
  return bill;
}

bool Books::close_now(Bill& bill) {
  if (!bill.held) return true;
  if (!bill.held->settle_now(bill.spent)) return false;
  bill.held.reset();
  return true;
}

Task<void> Books::close(std::shared_ptr<Bill> bill) {
  if (close_now(*bill)) co_return;
  const auto held = std::exchange(bill->held, nullptr);
  const auto closed = co_await to_its_end(held->settle(bill->spent));
  if (!closed) log_.error("ai.settling_failed", {{"detail", describe(closed.error())}});
}

bool Books::record_now(Bill& bill, Metered& call) {
  call.payer = bill.payer;
  if (!meter_.record_now(call)) return false;
  bill.spent += call.cost;
  return true;
}

Task<void> Books::record(std::shared_ptr<Bill> bill, Metered call) {
  if (record_now(*bill, call)) co_return;
  bill->spent += call.cost;
  const std::string model = call.model;
  const auto recorded = co_await to_its_end(meter_.record(std::move(call)));
  if (!recorded) log_.error("ai.metering_failed", {{"model", model}, {"detail", describe(recorded.error())}});
}

Usage most_of(const TextRequest& request) {
  return {.input_tokens = request.input_tokens > 0 ? request.input_tokens : input_of(request),
          .output_tokens = std::max(request.max_tokens, 0)};
}

std::int64_t input_of(const TextRequest& request) {
  std::int64_t tokens = 0;
  for (const auto& message : request.messages) {
    tokens += kMessageTokens;
    for (const auto& part : message.parts) tokens += tokens_of(part);
  }
  for (const auto& tool : request.tools)
    tokens += estimate_tokens(tool.description) + estimate_tokens(tool.parameters) + kMessageTokens;
  return tokens + estimate_tokens(request.form.schema);
}

std::int64_t output_of(std::int64_t bytes_written) {
  constexpr std::int64_t kBytesPerToken = 4;
  return (bytes_written + kBytesPerToken - 1) / kBytesPerToken;
}

std::int64_t bytes_of(const TextEvent& event) {
  if (const auto* text = std::get_if<TextDelta>(&event)) return std::ssize(text->text);
  if (const auto* thought = std::get_if<ReasoningDelta>(&event)) return std::ssize(thought->text);
  if (const auto* call = std::get_if<ToolCallDelta>(&event)) return std::ssize(call->arguments);
  return 0;
}

Usage completed(Usage counted, std::int64_t input, std::int64_t bytes) {
  if (counted.input_tokens == 0) counted.input_tokens = input;
  counted.output_tokens = std::max(counted.output_tokens, output_of(bytes));
  return counted;
}

Usage guessed(const TextRequest& request, std::int64_t bytes_written) {
  return {.input_tokens = input_of(request), .output_tokens = output_of(bytes_written)};
}

}  // namespace odeon::ai

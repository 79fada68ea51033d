#include "engine/ai/answer_stream.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace odeon::ai {
namespace {

constexpr int kMostContinuations = 2;

// Runs when nobody is left who waits for it; the end of the house does not cut it off.
Task<void> write_down(Attempt attempt, Usage used, std::shared_ptr<Bill> bill, Books& books) {
  co_await asio::this_coro::throw_if_cancelled(false);
  co_await attempt.abandoned(used);
  co_await books.close(std::move(bill));
}

FailedAfterUse with_usage(std::exception_ptr failure, std::int64_t input, std::int64_t bytes) {
  try {
    std::rethrow_exception(failure);
  } catch (const FailedAfterUse& error) {
    return {error, completed(error.usage, input, bytes)};
  } catch (const Error& error) {
    return {error, completed({}, input, bytes)};
  } catch (...) {
    return {Error(Fault::internal, "MODEL_BROKE", "The model could not be used.").with_detail(describe(failure)),
            completed({}, input, bytes)};
  }
}

}  // namespace

bool says_something(const TextEvent& event) {
  const auto* text = std::get_if<TextDelta>(&event);
  return std::holds_alternative<ToolCallBegin>(event) || (text != nullptr && !text::trim(text->text).empty());
}

AnswerStream::AnswerStream(AnswerParts parts, std::shared_ptr<Bill> bill, Books& books, TaskGroup& closing,
                           asio::any_io_executor loop, GoOn go_on)
    : parts_(std::move(parts)),
      bill_(std::move(bill)),
      books_(books),
      closing_(closing),
      loop_(std::move(loop)),
      go_on_(std::move(go_on)) {}

AnswerStream::~AnswerStream() {
  if (ended_) return;
  const Usage used = completed(parts_.upstream->used(), parts_.input_tokens, bytes_);
  parts_.upstream.reset();
  closing_.spawn(loop_, "ai.abandoned", write_down(std::move(parts_.attempt), used, std::move(bill_), books_));
}

Task<TextEvents> AnswerStream::next() {
  if (ended_) co_return parts_.upstream ? co_await parts_.upstream->next() : TextEvents();
  TextEvents events = std::exchange(parts_.first, {});
  std::exception_ptr failure;
  try {
    if (events.empty()) events = co_await parts_.upstream->next();
  } catch (...) {
    failure = std::current_exception();
  }
  if (!failure) failure = silence(events);
  if (failure) events = co_await broken(failure);
  for (auto& event : events) {
    note(event);
    if (auto* end = std::get_if<Finished>(&event)) co_await finish(*end);
  }
  co_return events;
}

std::exception_ptr AnswerStream::silence(const TextEvents& events) const {
  const auto* end = events.empty() ? nullptr : std::get_if<Finished>(&events.back());
  if (end == nullptr || answered_ || std::ranges::any_of(events, says_something)) return nullptr;
  const auto fault = fault_of_silence(parts_.wanted, end->finish);
  return fault ? std::make_exception_ptr(FailedAfterUse(*fault, end->usage)) : nullptr;
}

void AnswerStream::note(const TextEvent& event) {
  bytes_ += bytes_of(event);
  answered_ = answered_ || says_something(event);
  if (!go_on_) return;
  if (const auto* text = std::get_if<TextDelta>(&event)) said_ += text->text;
  // Half a call of a tool is nothing that another could go on with.
  if (std::holds_alternative<ToolCallBegin>(event)) go_on_ = nullptr;
}

// What somebody else goes on with; else the failure, and the books are closed.
Task<TextEvents> AnswerStream::broken(std::exception_ptr failure) {
  const FailedAfterUse error = with_usage(failure, parts_.input_tokens, bytes_);
  ended_ = true;
  parts_.upstream.reset();
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  const auto verdict = co_await parts_.attempt.failed(std::make_exception_ptr(error));
  std::expected<std::optional<AnswerParts>, std::exception_ptr> other;
  if (!verdict.final && go_on_ && continued_ < kMostContinuations) other = co_await settle(rest());
  co_await asio::this_coro::throw_if_cancelled(false);  // as `rest` did not leave it
  if (!other || !*other) co_await books_.close(bill_);
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (verdict.final) std::rethrow_exception(verdict.final);
  if (!other) std::rethrow_exception(other.error());
  if (!*other) throw FailedAfterUse(verdict.error, in_all(error.usage));

  ++continued_;
  before_.input_tokens += error.usage.input_tokens;
  before_.output_tokens += error.usage.output_tokens;
  cost_before_ += cost_of(error.usage, parts_.attempt.line().price());
  parts_ = std::move(**other);
  bytes_ = 0;
  ended_ = false;
  TextEvents events{Continued{parts_.attempt.line().name()}};
  std::ranges::move(std::exchange(parts_.first, {}), std::back_inserter(events));
  co_return events;
}

Task<std::optional<AnswerParts>> AnswerStream::rest() {
  co_await asio::this_coro::throw_if_cancelled(true);
  co_return co_await go_on_(said_, parts_.attempt.line());
}

Usage AnswerStream::in_all(Usage used) const {
  if (continued_ == 0) return used;
  used.stated_cost = cost_of(used, parts_.attempt.line().price()) + cost_before_;
  used.input_tokens += before_.input_tokens;
  used.output_tokens += before_.output_tokens;
  return used;
}

Task<void> AnswerStream::finish(Finished& end) {
  ended_ = true;
  if (!end.usage.counted()) end.usage = completed({}, parts_.input_tokens, bytes_);
  const Usage used = end.usage;
  end.usage = in_all(used);
  co_await parts_.attempt.succeeded(used);
  co_await books_.close(bill_);
}

}  // namespace odeon::ai

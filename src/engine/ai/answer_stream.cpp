#include "engine/ai/answer_stream.hpp"

namespace odeon::ai {
namespace {

std::int64_t bytes_of(const TextEvent& event) {
  if (const auto* text = std::get_if<TextDelta>(&event)) return std::ssize(text->text);
  if (const auto* thought = std::get_if<ReasoningDelta>(&event)) return std::ssize(thought->text);
  if (const auto* call = std::get_if<ToolCallDelta>(&event)) return std::ssize(call->arguments);
  return 0;
}

// Runs when nobody is left who waits for it; the end of the house does not cut it off.
Task<void> write_down(Attempt attempt, Usage used, std::shared_ptr<Bill> bill, Books& books) {
  co_await asio::this_coro::throw_if_cancelled(false);
  co_await attempt.abandoned(used);
  co_await books.close(std::move(bill));
}

// Whoever breaks off in the middle, provider or caller, seldom says what was counted.
std::exception_ptr with_usage(std::exception_ptr failure, const TextRequest& request, std::int64_t bytes) {
  try {
    std::rethrow_exception(failure);
  } catch (const FailedAfterUse& error) {
    if (error.usage.output_tokens > 0 || bytes == 0) return failure;
    return std::make_exception_ptr(FailedAfterUse(error, guessed(request, bytes)));
  } catch (const Error& error) {
    return std::make_exception_ptr(FailedAfterUse(error, guessed(request, bytes)));
  } catch (...) {
    const Error broke(Fault::internal, "MODEL_BROKE", "The model could not be used.");
    return std::make_exception_ptr(
        FailedAfterUse(Error(broke).with_detail(describe(failure)), guessed(request, bytes)));
  }
}

}  // namespace

AnswerStream::AnswerStream(AnswerParts parts, std::shared_ptr<Bill> bill, Books& books, TaskGroup& closing,
                           asio::any_io_executor loop)
    : parts_(std::move(parts)), bill_(std::move(bill)), books_(books), closing_(closing), loop_(std::move(loop)) {}

AnswerStream::~AnswerStream() {
  if (ended_) return;
  parts_.upstream.reset();
  closing_.spawn(loop_, "ai.abandoned",
                 write_down(std::move(parts_.attempt), guessed(parts_.request, bytes_), std::move(bill_), books_));
}

Task<TextEvents> AnswerStream::next() {
  if (ended_) co_return co_await parts_.upstream->next();
  auto events = parts_.first.empty() ? co_await settle(parts_.upstream->next()) : std::exchange(parts_.first, {});
  if (!events) {
    ended_ = true;
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto verdict = co_await parts_.attempt.failed(with_usage(events.error(), parts_.request, bytes_));
    co_await books_.close(bill_);
    co_await asio::this_coro::throw_if_cancelled(throws);
    if (verdict.final) std::rethrow_exception(verdict.final);
    throw verdict.error;
  }
  for (const auto& event : *events) {
    bytes_ += bytes_of(event);
    if (const auto* end = std::get_if<Finished>(&event)) co_await finish(end->usage);
  }
  co_return std::move(*events);
}

Task<void> AnswerStream::finish(Usage used) {
  ended_ = true;
  co_await parts_.attempt.succeeded(used);
  co_await books_.close(bill_);
}

}  // namespace odeon::ai

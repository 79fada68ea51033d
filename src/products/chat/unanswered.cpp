#include "products/chat/unanswered.hpp"

#include "base/task.hpp"
#include "engine/ai/text.hpp"
#include "products/chat/apis/question.hpp"

namespace odeon::chat {
namespace {

constexpr std::chrono::seconds kProgramsTryAgain{10};

// A model's fault, whichever it was.
bool is_away(Fault fault) {
  return fault == Fault::upstream || fault == Fault::timeout || fault == Fault::unavailable ||
         fault == Fault::rate_limited || fault == Fault::unauthenticated;
}

// In the place of what a model failed by, which the log has.
Error in_place_of(const Error& error, Error told, std::chrono::seconds usual) {
  return std::move(told)
      .with_retry_after(error.retry_after.value_or(usual))
      .with_detail(error.code + " " + error.detail);
}

Error nobody() {
  return Error(Fault::unavailable, "AI_UNAVAILABLE", "No AI model can answer at the moment. Please try again.");
}

}  // namespace

Error nobody_answers() {
  return nobody().with_retry_after(kTryAgain);
}

Error told_of(std::exception_ptr failure) {
  if (is_cancellation(failure))
    return Error(Fault::unavailable, "SERVER_STOPPING", "The server is going away. Please try again.");
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    if (error.code == ai::kTooLong) return fault_at("text", "TEXT_TOO_LONG", error.message);
    return is_away(error.fault) ? in_place_of(error, nobody(), kTryAgain) : error;
  }
}

void throw_unanswered(std::exception_ptr failure, const char* input_at) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    if (error.code == ai::kTooLong) throw fault_at(input_at, "context_length_exceeded", error.message);
    if (!is_away(error.fault) || error.fault == Fault::rate_limited) throw;
    throw in_place_of(
        error,
        Error(Fault::unavailable, "MODEL_UNAVAILABLE", "This model cannot answer at the moment. Please try again."),
        kProgramsTryAgain);
  }
}

}  // namespace odeon::chat

#include "engine/ai/candidates.hpp"

#include "base/text.hpp"

namespace odeon::ai {

Error fault_of(std::string path, std::string code, std::string message) {
  return Error(Fault::invalid, "VALIDATION_ERROR", path + ": " + message)
      .with_fields({{std::move(path), std::move(code), std::move(message)}});
}

Error not_here(std::string_view what) {
  return Error(Fault::unavailable, "AI_UNAVAILABLE", fmt::format("There is no model here that {}.", what))
      .with_retry_after(std::chrono::hours(1));
}

void Failures::add(Error error) {
  if (error.retry_after && (!soonest_ || *error.retry_after < *soonest_)) soonest_ = error.retry_after;
  constexpr std::string_view kUnbroken[] = {kDeclined, kCutShort, kTooLong, kUnsupported};
  none_broke_ = none_broke_ && std::ranges::find(kUnbroken, error.code) != std::end(kUnbroken);
  if (error.code == kTooLong) too_long_ = error;
  last_ = std::move(error);
}

void Failures::raise(const std::string& model) const {
  // To wait for the others would not help: it is one model, whoever sells it.
  if (too_long_ && !model.empty()) throw Error(*too_long_);
  if (last_ && (!model.empty() || none_broke_)) {
    Error error = *last_;
    error.retry_after = soonest_;
    // Our key, not the caller's: they have nothing to log in to.
    if (error.fault == Fault::unauthenticated) error.fault = Fault::upstream;
    throw error;
  }
  if (!model.empty())
    throw fault_of("model", "not_allowed", "There is no model " + text::to_valid_utf8(model) + " here.");
  throw Error(Fault::unavailable, "AI_UNAVAILABLE", "No AI model can answer at the moment. Please try again later.")
      .with_retry_after(soonest_.value_or(std::chrono::seconds(30)));
}

}  // namespace odeon::ai

// What several answers to one question have in common and in what they differ, as a model sees it; as their words tell
// it (comparison.hpp), where no model does so in time.
#pragma once

#include "engine/ai/gateway.hpp"
#include "products/chat/asking.hpp"
#include "products/chat/comparing/comparison.hpp"

namespace odeon::chat {

struct ToCompare {
  std::string user_id;
  std::string question;
  std::vector<Said> answers;
  const billing::Plan* plan = nullptr;
  TraceContext trace;
};

// What a model's document says of `answers`, with the figures of `by_words`. Nothing, unless it is of the form that was
// asked for.
std::optional<Comparison> comparison_in(std::string_view document, const Comparison& by_words);

// Thread-safe; what it is given outlives it.
class Comparing {
 public:
  Comparing(ai::Gateway& gateway, Asking& asking, const ModelChoice& choice,
            std::chrono::milliseconds patience = std::chrono::seconds(20))
      : gateway_(gateway), asking_(asking), choice_(choice), patience_(patience) {}

  // Whoever asked pays; where their budget is gone, no model is asked. Throws only where it is cancelled.
  Task<Comparison> compare(ToCompare what) const;

 private:
  Task<std::optional<ai::TextReply>> ask(ToCompare what) const;

  ai::Gateway& gateway_;
  Asking& asking_;
  const ModelChoice& choice_;
  const std::chrono::milliseconds patience_;
};

}  // namespace odeon::chat

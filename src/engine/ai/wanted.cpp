#include "engine/ai/wanted.hpp"

namespace odeon::ai {

Wanted wanted_of(const TextRequest& request) {
  return {.json = request.form.kind != AnswerForm::Kind::text,
          .cut = request.cut_is_answer,
          .nothing = !request.stop.empty()};
}

Error cut_short() {
  return Error(Fault::upstream, kCutShort, "The AI model came to the limit of its answer too early.");
}

std::optional<Error> fault_of_silence(const Wanted& wanted, Finish finish) {
  if (finish == Finish::declined) return std::nullopt;
  if (finish == Finish::length) return wanted.cut ? std::nullopt : std::optional(cut_short());
  if (wanted.nothing) return std::nullopt;
  return Error(Fault::upstream, "NO_TEXT", "The AI model sent an empty answer.");
}

}  // namespace odeon::ai

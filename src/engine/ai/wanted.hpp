// What an answer must be, for it to be one: else the next model is asked.
#pragma once

#include <optional>

#include "engine/ai/text.hpp"

namespace odeon::ai {

struct Wanted {
  bool json = false;     // it is JSON
  bool cut = false;      // of what a limit cut off, anything will do
  bool nothing = false;  // so will nothing: a stop word may come first
};
Wanted wanted_of(const TextRequest& request);

// Upstream "CUT_SHORT" (kCutShort) or "NO_TEXT", where an answer that ended so and said nothing is none.
std::optional<Error> fault_of_silence(const Wanted& wanted, Finish finish);
// Its limit came first.
Error cut_short();

}  // namespace odeon::ai

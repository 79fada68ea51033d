// Fits a script to a length, once it is known how long every sentence takes when spoken.
#pragma once

#include <vector>

#include "products/briefings/script/script.hpp"

namespace odeon::briefings {

struct FitOptions {
  double target_seconds = 150;
  double tolerance = 0.05;   // of the target
  double fixed_seconds = 0;  // what the target includes beside the script
  // Pauses before a sentence, by where it stands.
  double sentence_pause = 0.35;
  double paragraph_pause = 0.6;  // before a sentence of level 1
  double section_pause = 0.9;    // before the first of a section
};

struct Fitted {
  // One flag for each sentence, in the order of the script.
  std::vector<bool> kept;
  double seconds = 0;   // with pauses and what is fixed
  bool within = false;  // of the tolerance
};

// `seconds` has one duration for each sentence, in order. Keeps what is required, no sentence without
// the one it needs, no section opener alone where the section had more, and among such choices the
// most important sentences within the tolerance. Where the material allows none within it, the choice
// nearest to the target; where it allows none at all, what is required.
Fitted fit(const Script& script, const std::vector<double>& seconds, const FitOptions& options);

// The script of the kept sentences, without sections that became empty.
Script kept_script(const Script& script, const std::vector<bool>& kept);

}  // namespace odeon::briefings

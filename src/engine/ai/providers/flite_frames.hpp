// What a statistical voice of libflite says of each frame (A. Black, "CLUSTERGEN: A Statistical Parametric Synthesizer
// Using Trajectory Modeling", 2006): found in the voice's own trees as the library finds it, and the same to the last
// bits, in half of its time, since what all frames of a state have in common is looked up once and not anew for each.
#pragma once

extern "C" {
#include <flite/cst_cg.h>
}
#include <flite/flite.h>

namespace odeon::ai {

// Whether the voice is of the kind that these know: a single model, not packed tightly, with mixed excitation.
bool has_known_frames(const cst_cg_db& voice);

// Gives `utterance`, whose segments are known, its states, and as features "param_track" (pitch in Hz, 0 where there is
// no voice, and means and deviations of a mel cepstrum, for mlpg) and "str_track" (voicing of each band, 0–1): what
// ::cg_synth does before it filters. One thread at a time for each voice.
void predict_frames(cst_utterance& utterance, const cst_cg_db& voice);

}  // namespace odeon::ai

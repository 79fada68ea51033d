// From a script to sound: every sentence spoken, the choice that fits the time, and what joins them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/ai/gateway.hpp"
#include "engine/media/program.hpp"
#include "products/briefings/briefings.hpp"
#include "products/briefings/script/script.hpp"

namespace odeon::briefings {

struct NarrationOptions {
  std::string voice;            // empty: the default of whatever speaks
  double target_seconds = 170;  // of speech, pauses included, ±5 %
  std::size_t at_once = 4;      // sentences being spoken
  TraceContext trace;           // of whoever wants it
};

// Speech of a script that fits its time.
struct Narration {
  Script script;               // what is left of it
  std::vector<Pcm> sentences;  // one for each sentence of `script`, in order
  double seconds = 0;          // with pauses
  bool fits = false;           // the target was met; otherwise there was too little material
  std::string model;           // what spoke
};

// Called with the share done, 0–1, from time to time; never twice at once.
using Share = std::function<Task<void>(double)>;

// One voice speaks all of it: where providers change midway, what the other said is spoken again. Fits on
// `pool`.
Task<Narration> narrate(ai::Gateway& gateway, ThreadPool& pool, Script script, NarrationOptions options, Share share);

// What stands around the speech; a slot without sound is left out. Without a recording, a chime takes its place.
struct AdSlots {
  Pcm opening;
  Pcm closing;
};

// The programme in order: opening slot, sections as chapters, closing slot. Sentence i is marked "s<i>",
// the slots "opening" and "closing".
std::vector<media::Segment> segments_of(Narration narration, AdSlots slots);

std::vector<AdMarker> ad_markers(const media::Produced& produced);
std::vector<Chapter> chapters_of(const media::Produced& produced);
// WebVTT with a cue for each sentence.
std::string captions(const Script& script, const media::Produced& produced);

}  // namespace odeon::briefings

// The sentences of one script as they are spoken: which are, how long they take, and how long the rest
// will.
#pragma once

#include <optional>
#include <vector>

#include "engine/ai/gateway.hpp"
#include "products/briefings/audio/narration.hpp"

namespace odeon::briefings {

class Recording {
 public:
  // `script` and `options` outlive it.
  Recording(ai::Gateway& gateway, const Script& script, const NarrationOptions& options, Share share);

  // Speaks those of the wanted sentences that are not spoken yet, several at once. One voice speaks all:
  // where the gateway changes it midway, what the other said is spoken again.
  Task<void> speak(const std::vector<bool>& wanted);

  bool is_complete() const;
  const std::string& model() const { return model_; }
  // Of every sentence: measured, or expected of this voice.
  std::vector<double> seconds() const;
  // The same, with what is not spoken too long to be chosen.
  std::vector<double> spoken_seconds() const;
  // The sound of the kept sentences, all of which are spoken. Once.
  std::vector<Pcm> take(const std::vector<bool>& kept);

 private:
  Task<void> speak_missing(const std::vector<bool>& wanted, std::string model);
  Task<void> run(const std::vector<bool>& wanted, std::string model);

  ai::Gateway& gateway_;
  const NarrationOptions& options_;
  Share share_;
  std::vector<const Sentence*> sentences_;
  std::vector<std::size_t> order_;  // the longest first, so that nobody waits for one at the end
  std::vector<std::optional<ai::Speech>> spoken_;
  std::string model_;  // that spoke last
  std::size_t next_ = 0;
  double shared_ = 0;
  bool sharing_ = false;
};

}  // namespace odeon::briefings

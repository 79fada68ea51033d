// Which words of a transcript tell what it is about, and how much each sentence says of that. Pure.
#pragma once

#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "products/podcasts/texts/transcript.hpp"

namespace odeon::podcasts {

class TellingWords {
 public:
  explicit TellingWords(const TimedTranscript& transcript);

  // How much segment `at` says: the weight of its words, more of them counting less and less.
  double weight(std::size_t at) const { return weights_[at]; }
  // Segments by their weight, the most telling first; of equals the earlier.
  const std::vector<std::size_t>& ranked() const { return ranked_; }
  // How alike the words of two stretches of segments are, 0 to 1.
  double likeness(std::size_t from, std::size_t middle, std::size_t to) const;
  // What a stretch is called: the one to three words that it has and others have not, as they are written there.
  std::string title(std::size_t from, std::size_t to) const;
  // How much of the words of one segment another one has, 0 to 1.
  double shared(std::size_t one, std::size_t other) const;

 private:
  using Counts = std::map<int, double>;  // by number of the stem
  Counts counts(std::size_t from, std::size_t to) const;

  std::vector<std::vector<int>> stems_;  // of each segment
  std::vector<double> rarity_;           // of each stem, 0 for what is everywhere
  std::vector<std::string> written_;     // of each stem, as it came first
  std::vector<double> weights_;
  std::vector<std::size_t> ranked_;
};

}  // namespace odeon::podcasts

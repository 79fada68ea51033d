#include "products/podcasts/texts/telling_words.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "engine/ai/joined_words.hpp"
#include "products/podcasts/texts/notes_proof.hpp"

namespace odeon::podcasts {
namespace {

constexpr std::size_t kSegmentsTogether = 8;  // that count as one text when it is asked how common a word is
constexpr std::size_t kTitleWords = 3;

}  // namespace

TellingWords::TellingWords(const TimedTranscript& transcript) {
  std::unordered_map<std::string, int> numbers;
  std::vector<std::size_t> last_text;  // in which each stem was seen
  std::vector<double> texts;           // that have it
  for (std::size_t i = 0; i < transcript.segments.size(); ++i) {
    auto& stems = stems_.emplace_back();
    const std::size_t text = i / kSegmentsTogether + 1;
    for (const auto& word : transcript.segments[i].words) {
      const auto stem = stem_of(word.text);
      if (stem.empty()) continue;
      const auto [place, is_new] = numbers.emplace(stem, static_cast<int>(written_.size()));
      if (is_new) {
        written_.push_back(ai::word_key(word.text));
        last_text.push_back(0);
        texts.push_back(0);
      }
      const auto number = static_cast<std::size_t>(place->second);
      if (std::exchange(last_text[number], text) != text) ++texts[number];
      stems.push_back(place->second);
    }
  }
  const double all = std::ceil(static_cast<double>(stems_.size()) / kSegmentsTogether);
  for (const double count : texts) rarity_.push_back(std::log((all + 1) / count));
  const Counts everywhere = counts(0, stems_.size());
  for (const auto& stems : stems_) {
    double weight = 0;
    for (const int stem : std::set(stems.begin(), stems.end()))
      weight += everywhere.at(stem) > 1 ? std::log1p(everywhere.at(stem)) * rarity_[static_cast<std::size_t>(stem)] : 0;
    weights_.push_back(weight / std::sqrt(static_cast<double>(stems.size()) + 3));
  }
  ranked_.resize(weights_.size());
  std::iota(ranked_.begin(), ranked_.end(), 0);
  std::ranges::sort(ranked_, {}, [&](std::size_t at) { return std::pair(-weights_[at], at); });
}

TellingWords::Counts TellingWords::counts(std::size_t from, std::size_t to) const {
  Counts counts;
  for (std::size_t i = from; i < to; ++i)
    for (const int stem : stems_[i]) counts[stem] += 1;
  return counts;
}

double TellingWords::likeness(std::size_t from, std::size_t middle, std::size_t to) const {
  const Counts before = counts(from, middle), after = counts(middle, to);
  double product = 0, first = 0, second = 0;
  for (const auto& [stem, count] : before) {
    first += count * count;
    if (const auto same = after.find(stem); same != after.end()) product += count * same->second;
  }
  for (const auto& [stem, count] : after) second += count * count;
  return product > 0 ? product / std::sqrt(first * second) : 0;
}

std::string TellingWords::title(std::size_t from, std::size_t to) const {
  std::vector<std::pair<double, int>> best;
  const Counts here = counts(from, to);
  for (const auto& [stem, count] : here)
    best.emplace_back(-(count * rarity_[static_cast<std::size_t>(stem)] + (count > 1 ? 1 : 0)), stem);
  std::ranges::sort(best);
  std::vector<std::string> words;
  for (const auto& [weight, stem] : best)
    if (words.size() < kTitleWords) words.push_back(written_[static_cast<std::size_t>(stem)]);
  if (words.empty()) return "";
  const std::string last = words.back();
  words.pop_back();
  std::string title = words.empty() ? last : text::join(words, ", ") + " and " + last;
  title.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(title.front())));
  return title;
}

double TellingWords::shared(std::size_t one, std::size_t other) const {
  const std::set<int> first(stems_[one].begin(), stems_[one].end());
  const std::set<int> second(stems_[other].begin(), stems_[other].end());
  if (first.empty()) return 0;
  const auto both = std::ranges::count_if(first, [&](int stem) { return second.contains(stem); });
  return static_cast<double>(both) / static_cast<double>(first.size());
}

}  // namespace odeon::podcasts

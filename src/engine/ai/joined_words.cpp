#include "engine/ai/joined_words.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "base/text.hpp"

namespace odeon::ai {
namespace {

constexpr double kSameTime = 0.4;  // seconds between the times that two pieces give for one word

double middle_of(const Spoken& word) {
  return (word.start + word.end) / 2;
}

// The place in `words` of the same word at about the same time; words.size() if it is not there.
std::size_t nearest(const std::vector<Spoken>& words, const Spoken& to) {
  const std::string key = word_key(to.text);
  std::size_t best = words.size();
  double least = kSameTime;
  for (auto at = std::ranges::lower_bound(words, to.start - kSameTime, {}, &Spoken::start);
       at != words.end() && at->start <= to.start + kSameTime; ++at) {
    const double apart = std::abs(at->start - to.start);
    if (apart > least || (apart == least && best != words.size()) || word_key(at->text) != key) continue;
    least = apart;
    best = static_cast<std::size_t>(at - words.begin());
  }
  return best;
}

// How many words of `before` are kept, and which of `after` is the first.
struct WordJoint {
  std::size_t kept, first;
};

WordJoint joint(const std::vector<Spoken>& before, const HeardPiece& after, double end) {
  const double middle = (after.start + std::max(end, after.start)) / 2;
  const auto begin = std::ranges::lower_bound(before, after.start - kSameTime, {}, &Spoken::start) - before.begin();
  std::optional<WordJoint> best;
  double least = 0;
  for (auto i = static_cast<std::size_t>(begin); end > after.start && i < before.size(); ++i) {
    const std::size_t same = nearest(after.words, before[i]);
    if (same == after.words.size() || nearest(before, after.words[same]) != i) continue;
    const double off = std::abs(middle_of(before[i]) - middle);
    if (best && off >= least) continue;
    best = {i + 1, same + 1};
    least = off;
  }
  if (best) return *best;
  const auto is_before = [&](const Spoken& word) { return middle_of(word) < middle; };
  return {static_cast<std::size_t>(std::ranges::partition_point(before, is_before) - before.begin()),
          static_cast<std::size_t>(std::ranges::partition_point(after.words, is_before) - after.words.begin())};
}

}  // namespace

std::string word_key(std::string_view word) {
  // Typographic apostrophes are written by some models and not by others.
  std::string text = text::replace_all(text::to_lower(word), "’", "'");
  for (const char* mark : {"“", "”", "„", "‘", "…", "–", "—", "¿", "¡", "«", "»"})
    text = text::replace_all(text, mark, "");
  const auto is_letter = [](unsigned char c) { return c >= 0x80 || std::isalnum(c) != 0; };
  const auto first = std::ranges::find_if(text, is_letter);
  const auto last = std::find_if(text.rbegin(), std::make_reverse_iterator(first), is_letter).base();
  return {first, last};
}

std::vector<Spoken> join_words(const std::vector<HeardPiece>& pieces) {
  std::vector<Spoken> all;
  double end = 0;
  for (const auto& piece : pieces) {
    if (all.empty()) {
      all = piece.words;
    } else {
      const auto [kept, first] = joint(all, piece, end);
      all.resize(kept);
      all.insert(all.end(), piece.words.begin() + static_cast<std::ptrdiff_t>(first), piece.words.end());
    }
    end = std::max(end, piece.end);
  }
  return all;
}

}  // namespace odeon::ai

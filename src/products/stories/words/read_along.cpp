#include "products/stories/words/read_along.hpp"

#include <algorithm>

#include "products/stories/words/folding.hpp"

namespace odeon::stories {
namespace {

constexpr double kBetweenWords = 0.3, kRest = 1.2;  // in syllables

// Whether a voice rests between two words of a sentence.
bool has_rest(std::string_view between) {
  for (std::string_view sign : {",", ";", ":", ".", "!", "?", "–", "—", "…"})
    if (between.find(sign) != std::string_view::npos) return true;
  return false;
}

void spread_words(std::string_view text, const TimedSpan& sentence, std::vector<TimedSpan>& out) {
  const std::string_view inside = text.substr(sentence.offset, sentence.length);
  const auto words = words_of(inside);
  if (words.empty()) return;
  std::vector<double> ends;
  double total = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::size_t end = words[i].offset + words[i].length;
    total += static_cast<double>(syllables(inside.substr(words[i].offset, words[i].length))) + kBetweenWords;
    if (i + 1 < words.size() && has_rest(inside.substr(end, words[i + 1].offset - end))) total += kRest;
    ends.push_back(total);
  }
  double start = sentence.start;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const double end =
        i + 1 == words.size() ? sentence.end : sentence.start + (sentence.end - sentence.start) * ends[i] / total;
    out.push_back({sentence.offset + words[i].offset, words[i].length, start, end});
    start = end;
  }
}

}  // namespace

std::size_t syllables(std::string_view word) {
  std::size_t groups = 0, others = 0;
  bool in_vowels = false;
  for (const char c : folded(word)) {
    const bool vowel = std::string_view("aeiouy").find(c) != std::string_view::npos;
    if (vowel && !in_vowels) ++groups;
    in_vowels = vowel;
    if (c >= '0' && c <= '9') ++others;
  }
  return std::max<std::size_t>(1, groups + others);
}

ReadAlong read_along(std::string_view text, Language language, const std::vector<SentenceTime>& times) {
  ReadAlong along;
  const auto sentences = sentences_of(text, language);
  double earliest = 0;
  for (std::size_t i = 0; i < std::min(sentences.size(), times.size()); ++i) {
    const double start = std::max(earliest, times[i].start);
    earliest = std::max(start, times[i].end);
    along.sentences.push_back({sentences[i].offset, sentences[i].length, start, earliest});
    spread_words(text, along.sentences.back(), along.words);
  }
  return along;
}

std::vector<SentenceTime> estimated_times(std::string_view text, Language language) {
  std::vector<SentenceTime> times;
  double at = 0;
  for (const Span& sentence : sentences_of(text, language)) {
    const auto words = words_of(text.substr(sentence.offset, sentence.length)).size();
    const double end = at + static_cast<double>(std::max<std::size_t>(words, 1)) * 60 / words_per_minute(language);
    times.push_back({at, end});
    at = end;
  }
  return times;
}

double second_of(const StoryScene& scene, const ReadAlong& along) {
  for (const auto& sentence : along.sentences)
    if (sentence.offset + sentence.length > scene.offset) return sentence.start;
  return along.sentences.empty() ? 0 : along.sentences.back().end;
}

}  // namespace odeon::stories

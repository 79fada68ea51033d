#include "products/stories/words/scenes.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "products/stories/words/read_along.hpp"

namespace odeon::stories {
namespace {

constexpr std::size_t kLongestScene = 300;  // code points

struct TellingSentence {
  std::string_view text;
  std::size_t offset = 0;
  std::size_t words_before = 0;
  double sight = 0;  // how much there may be to see in it
};

bool is_speech(std::string_view sentence) {
  for (std::string_view mark : {"\"", "«", "»", "„", "“", "”", "—"})
    if (sentence.find(mark) != std::string_view::npos) return true;
  return false;
}

// What is told shows more than what is said, and a long sentence more than a short one.
std::vector<TellingSentence> telling_sentences(std::string_view content, Language language) {
  std::vector<TellingSentence> found;
  std::size_t words = 0;
  for (const Span& span : sentences_of(content, language)) {
    const std::string_view sentence = content.substr(span.offset, span.length);
    const std::size_t count = words_of(sentence).size();
    const double sight = static_cast<double>(std::min<std::size_t>(count, 20)) - (is_speech(sentence) ? 12 : 0);
    found.push_back({sentence, span.offset, words, sight});
    words += count;
  }
  return found;
}

}  // namespace

std::vector<StoryScene> extract_scenes(std::string_view content, Language language, std::size_t count) {
  const auto sentences = telling_sentences(content, language);
  std::vector<StoryScene> scenes;
  count = std::min(count, sentences.size());
  for (std::size_t i = 0; i < count; ++i) {
    const auto begin = sentences.begin() + static_cast<std::ptrdiff_t>(i * sentences.size() / count);
    const auto end = sentences.begin() + static_cast<std::ptrdiff_t>((i + 1) * sentences.size() / count);
    const auto best = std::ranges::max_element(begin, end, {}, &TellingSentence::sight);
    std::string text(text::prefix(best->text, kLongestScene));
    if (const auto next = std::next(best);
        next != end && !is_speech(next->text) && text::length(text) + text::length(next->text) < kLongestScene)
      text.append(" ").append(next->text);
    scenes.push_back(
        {.text = std::move(text), .offset = best->offset, .words = best->words_before, .language = language});
  }
  return scenes;
}

std::vector<StoryScene> spread(const std::vector<StoryScene>& scenes, std::size_t count) {
  if (count >= scenes.size()) return scenes;
  std::vector<StoryScene> chosen;
  for (std::size_t i = 1; i <= count; ++i) chosen.push_back(scenes[(i * scenes.size() + count - 1) / count - 1]);
  return chosen;
}

double estimated_second(const StoryScene& scene, std::size_t total_words, double total_seconds) {
  if (total_words == 0) return 0;
  return total_seconds * static_cast<double>(std::min(scene.words, total_words)) / static_cast<double>(total_words);
}

}  // namespace odeon::stories

#include "products/stories/words/cast.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "products/stories/words/embedded.hpp"
#include "products/stories/words/folding.hpp"
#include "products/stories/words/lexicon.hpp"

namespace odeon::stories {
namespace {

const Lexicon& cast() {
  static const Lexicon read(stories_words::embedded::cast_txt);
  return read;
}

struct AbilityKind {
  std::string name;
  std::vector<std::string> words;  // a star at the end stands for any ending
};

const std::vector<AbilityKind>& ability_kinds() {
  static const auto all = [] {
    std::vector<AbilityKind> kinds;
    for (const auto& line : cast_lines("abilities")) {
      const auto words = text::split(line, ' ');
      kinds.push_back({std::string(words.front()), {words.begin() + 1, words.end()}});
    }
    return kinds;
  }();
  return all;
}

bool matches(std::string_view word, std::string_view pattern) {
  if (!pattern.ends_with('*')) return word == pattern;
  return word.starts_with(pattern.substr(0, pattern.size() - 1));
}

}  // namespace

std::vector<std::string> cast_lines(std::string_view list) {
  std::vector<std::string> lines;
  for (std::string_view line : text::split(cast().texts(list).front(), '\n')) lines.emplace_back(line);
  return lines;
}

const std::vector<std::string>& plots() {
  static const auto all = cast_lines("plots");
  return all;
}

std::string ability_kind(std::string_view ability) {
  for (const auto& word : folded_words(ability.substr(0, 1000)))
    for (const auto& kind : ability_kinds())
      if (std::ranges::any_of(kind.words, [&](const auto& pattern) { return matches(word, pattern); }))
        return kind.name;
  return "other";
}

StoryScene scene_of(std::string_view part, const std::string& hero) {
  const std::string& line = cast().texts("scene." + std::string(part)).front();
  const auto bar = line.find(" | ");
  const auto words = text::split(std::string_view(line).substr(0, bar), ' ');
  return {.text = text::replace_all(line.substr(bar + 3), "{N}", hero),
          .place = std::string(words[0]),
          .time = std::string(words[1]),
          .mood = std::string(words[2])};
}

}  // namespace odeon::stories

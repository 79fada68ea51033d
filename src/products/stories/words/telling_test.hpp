// Stories for tests: all kinds of them, and what holds for all.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "products/stories/words/cast.hpp"
#include "products/stories/words/compose.hpp"
#include "products/stories/words/meta.hpp"

namespace odeon::stories {

inline std::string about(const StoryWish& wish, const ComposedStory& story) {
  return fmt::format("{} {} {} years, {}, plot {}, seed {}", code_of(wish.language), wish.hero.name, wish.hero.age,
                     wish.event, story.plot, wish.seed);
}

// Calls visit(wish, story) for every language, age, event, plot and way, with names of all kinds.
template <class Visit>
void each_story(Visit visit) {
  const std::vector<std::string> names{"Mia", "Alice", "Max", "Inés", "Hugo", "Anna", "Élise", "Kim"};
  const std::vector<std::string> of_each_way{"brave", "gentle", "curious", "playful", "patient"};
  std::size_t turn = 0;
  for (const Language language : kLanguages)
    for (const int age : {2, 6, 11, 16})
      for (const auto& event : event_types())
        for (std::uint64_t seed = 0; seed < plots().size(); ++seed) {
          if (++turn % 2 == seed / 2 % 2) continue;
          StoryWish wish{.language = language, .event = event.id, .seed = seed + 10 * (turn % 3)};
          wish.hero = {.name = names[turn % names.size()], .age = age, .traits = {of_each_way[turn / 3 % 5]}};
          if (turn % 2 == 0) {
            wish.hero.traits.push_back(traits()[turn % traits().size()].id);
            wish.hero.abilities = {turn % 4 == 0 ? "flying" : "dancing"};
            wish.companion = "Tom";
          }
          if (turn % 16 == 5) wish.custom_event = "Oma";
          wish.hero.gender = static_cast<Gender>(turn % 3);
          visit(wish, compose_story(wish));
        }
}

inline void expect_clean(const std::string& text, Language language) {
  for (std::string_view wrong : {"  ", "{", "}", "[", "]", "|", "@", " ,", " .", ",,", "\n\n\n", " \n", "\n "})
    EXPECT_EQ(text.find(wrong), std::string::npos) << "'" << wrong << "' in: " << text;
  if (language == Language::fr) return;
  for (std::string_view wrong : {" !", " ?", " :", " ;", "« ", " »"})
    EXPECT_EQ(text.find(wrong), std::string::npos) << "'" << wrong << "' in: " << text;
}

// A capital letter or a figure at the beginning, behind opening marks; a mark at the end.
inline void expect_sentence(std::string sentence) {
  for (bool again = true; std::exchange(again, false);)
    for (std::string_view opening : {"\"", "«", "„", "“", "¡", "¿", "\u00A0", "'"})
      if (sentence.starts_with(opening)) sentence.erase(0, opening.size()), again = true;
  ASSERT_FALSE(sentence.empty());
  const auto first = static_cast<std::uint8_t>(sentence.front());
  EXPECT_TRUE((first >= 'A' && first <= 'Z') || first == 0xC3) << sentence;
  const bool ends = sentence.ends_with('.') || sentence.ends_with('!') || sentence.ends_with('?') ||
                    sentence.ends_with('"') || sentence.ends_with("»") || sentence.ends_with("“") ||
                    sentence.ends_with("…");
  EXPECT_TRUE(ends) << sentence;
}

}  // namespace odeon::stories

// Whether the filter lets all be that hunspell's dictionaries have and the lists do not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "products/stories/words/content_filter.hpp"
#include "products/stories/words/dictionaries_test.hpp"
#include "products/stories/words/filter_terms.hpp"
#include "products/stories/words/folding.hpp"

namespace odeon::stories {
namespace {

struct Speech {
  Language language;
  std::string_view dictionary;
};
constexpr Speech kSpeeches[] = {{Language::en, "en_GB"},
                                {Language::es, "es_ES"},
                                {Language::fr, "fr_FR"},
                                {Language::de, "de_DE"},
                                {Language::it, "it_IT"}};

// Whether anything in the word is replaced or refused for what another language's list has, or as an evasion.
bool is_suspected(std::string_view word, Language language) {
  const auto filtered = filter_content(word, language, FilterMode::user_input);
  return std::ranges::any_of(filtered.changes, [&](const FilterChange& change) {
    const auto* term = filter_terms().find(folded(change.found), language);
    return (!change.left || filtered.refused) && (term == nullptr || term->language != language);
  });
}

TEST(FilterOfDictionaries, LetsTheirWordsBe) {
  for (const auto& [language, dictionary] : kSpeeches) {
    std::ifstream entries(fmt::format("/usr/share/hunspell/{}.dic", dictionary));
    std::size_t words = 0;
    for (std::string entry; std::getline(entries, entry); ++words) {
      const std::string word = entry.substr(0, entry.find_first_of("/\t "));
      EXPECT_FALSE(is_suspected(word, language)) << code_of(language) << ": " << word;
    }
    EXPECT_GT(words, 50'000u) << dictionary;
  }
}

// "rapping" is no "raping": with letters doubled, at one place and at two, and as they are in the other four languages.
std::set<std::string> like_terms() {
  std::set<std::string> forms;
  for (const auto& term : filter_terms().all()) forms.insert(term.form);
  std::set<std::string> alike = forms;
  for (const auto& form : forms)
    for (std::size_t i = 0; i < form.size(); ++i) {
      std::string once = form;
      once.insert(i, 1, form[i]);
      alike.insert(once);
      for (std::size_t j = i + 2; j <= form.size(); ++j) alike.insert(std::string(once).insert(j, 1, once[j]));
    }
  return alike;
}

TEST(FilterOfDictionaries, LetsWordsBeThatLookLikeItsTerms) {
  const auto all = like_terms();
  for (const auto& [language, dictionary] : kSpeeches) {
    std::set<std::string> suspected;
    for (const auto& word : all)
      if (is_suspected(word, language)) suspected.insert(word);
    const auto unknown = unknown_words(suspected, dictionary);
    EXPECT_FALSE(suspected.empty());
    for (const auto& word : suspected) EXPECT_TRUE(unknown.contains(word)) << code_of(language) << ": " << word;
  }
}

}  // namespace
}  // namespace odeon::stories

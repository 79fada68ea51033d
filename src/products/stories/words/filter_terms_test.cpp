#include "products/stories/words/filter_terms.hpp"

#include <gtest/gtest.h>

namespace odeon::stories {
namespace {

// A foreign word is replaced by one that can be read aloud with the rest.
TEST(FilterTerms, ReplacesByWordsOfTheText) {
  EXPECT_EQ(filter_content("Er nahm die pistola.", Language::de, FilterMode::read_aloud).text,
            "Er nahm die Spielzeug.");
  EXPECT_EQ(filter_content("The Moerder came.", Language::en, FilterMode::read_aloud).text, "The Trick came.");
  EXPECT_EQ(filter_content("A revolver.", Language::en, FilterMode::read_aloud).text, "A water hose.");
}

TEST(FilterTerms, KeepsTheCaseOfWhatItReplaces) {
  EXPECT_EQ(filter_content("Mörder!", Language::de, FilterMode::read_aloud).text, "Schelm!");
  EXPECT_EQ(filter_content("Cauchemar.", Language::fr, FilterMode::read_aloud).text, "Rêve.");
}

TEST(FilterTerms, TellsWordsBeforeByTheirAccents) {
  EXPECT_EQ(filter_content("La volpe è sola.", Language::it, FilterMode::read_aloud).text, "La volpe è con gli amici.");
  EXPECT_EQ(filter_content("La volpe e sola.", Language::it, FilterMode::read_aloud).text, "La volpe e sola.");
  EXPECT_EQ(filter_content("Era solo. Un lupo venne.", Language::it, FilterMode::read_aloud).text,
            "Era con gli amici. Un lupo venne.");
  EXPECT_EQ(filter_content("Está sola.", Language::es, FilterMode::read_aloud).text, "Está con amigos.");
}

TEST(FilterTerms, TellsFormsByTheirAccents) {
  EXPECT_TRUE(filter_content("coño", Language::es, FilterMode::user_input).refused);
  EXPECT_FALSE(filter_content("cono", Language::es, FilterMode::user_input).refused);
  EXPECT_EQ(filter_content("töten", Language::de, FilterMode::read_aloud).text, "stoppen");
}

// Every replacement is clean in every mode and language, or the filter would never come to an end.
TEST(FilterTerms, ReplacesByNothingThatItWouldReplace) {
  for (const auto& term : filter_terms().all())
    for (const Language language : kLanguages) {
      const auto& replacement = filter_terms().replacement(term, language);
      EXPECT_TRUE(filter_content(replacement, language, FilterMode::image_prompt).changes.empty())
          << term.form << " > " << replacement;
    }
}

TEST(FilterTerms, FindsEveryFormOfItsList) {
  for (const auto& term : filter_terms().all()) {
    if (filter_terms().is_innocent(term.form, term.language)) continue;  // only with its accents: "coño"
    const auto filtered = filter_content(term.form, term.language, FilterMode::image_prompt);
    EXPECT_EQ(filtered.changes.size(), 1u) << term.form;
    EXPECT_LE(filtered.text.size(), kLongestGrowth * term.form.size()) << term.form;
  }
}

}  // namespace
}  // namespace odeon::stories

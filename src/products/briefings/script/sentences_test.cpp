#include "products/briefings/script/sentences.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.hpp"
#include "products/briefings/script/figures.hpp"

namespace odeon::briefings {
namespace {

using ::testing::ElementsAre;

TEST(Sentences, AreFoundInRunningText) {
  EXPECT_THAT(split_sentences("Shares rose 3.2 percent. Oil fell!\nA new line"),
              ElementsAre("Shares rose 3.2 percent.", "Oil fell!", "A new line"));
  EXPECT_THAT(split_sentences("Mr. J. Doe of Acme Inc. said so. It is true."),
              ElementsAre("Mr. J. Doe of Acme Inc. said so.", "It is true."));
  EXPECT_THAT(split_sentences("Sales in the U.S. rose. In the U.K. The mood is worse."),
              ElementsAre("Sales in the U.S. rose.", "In the U.K.", "The mood is worse."));
  EXPECT_THAT(split_sentences("He said: \u201CWe will grow.\u201D Then he left."),
              ElementsAre("He said: \u201CWe will grow.\u201D", "Then he left."));
  EXPECT_THAT(split_sentences("On Nov. 19 prices fell at example.com today."),
              ElementsAre("On Nov. 19 prices fell at example.com today."));
  EXPECT_THAT(split_sentences(""), ElementsAre());
}

TEST(Sentences, AreWordedForTheEar) {
  const std::pair<std::string, std::string> cases[] = {
      {"Profit rose 3.2% to $1.5bn.", "Profit rose 3.2 percent to 1.5 billion dollars."},
      {"It made a $450 million offer in Q3.", "It made a 450 million dollar offer in the third quarter."},
      {"LONDON (Wire) - Shares fell 2 pct on Friday.", "Shares fell 2 percent on Friday."},
      {"Acme Inc. (NYSE: ACM) said sales fell.", "Acme said sales fell."},
      {"The bank raised its rate by 25bps \u2014 a surprise.",
       "The bank raised its rate by 25 basis points, a surprise."},
      {"Growth of 3-4% is expected \u2018soon\u2019.", "Growth of 3 to 4 percent is expected 'soon'."},
      {"Shares closed at $67.20 on Nov. 19.", "Shares closed at $67.20 on November 19."},
      {"Prices rose \u20AC2.4 billion & fell again.", "Prices rose 2.4 billion euros and fell again."},
  };
  for (const auto& [written, spoken] : cases) EXPECT_EQ(speakable(written), spoken) << written;
}

TEST(Sentences, AreRefusedWhenTheyShouldNotBeSpoken) {
  for (const std::string sentence :
       {"", "Short.", "A fragment without anything.", "The company said that it would...",
        "See https://x.example for more.", "Photo: A trader looks at screens.",
        "Write to me@x.example when you are told.", "lower case start is cut off here.",
        "Will the market rise again this week?", "The sentence has no end", "SHARES ROSE AND BONDS FELL ON FRIDAY.",
        "He said \"we will grow and never stopped.", "Read more about why shares fell.",
        "It cost A$5bn, the group said."})
    EXPECT_EQ(speakable(sentence), std::nullopt) << sentence;
}

TEST(Sentences, HeadlinesBecomeSentences) {
  EXPECT_EQ(speakable_headline("Breaking: Shares fall 3% - Meridian Wire"), "Shares fall 3 percent.");
  EXPECT_EQ(speakable_headline("UPDATE 2-Oil slips as stocks build | Wire"), "Oil slips as stocks build.");
  EXPECT_EQ(speakable_headline("Why shares fell today and what is next"), std::nullopt);
  EXPECT_EQ(speakable_headline("Will rates rise?"), std::nullopt);
  EXPECT_EQ(speakable_headline("Photos of the week"), std::nullopt);
  EXPECT_EQ(speakable_headline(""), std::nullopt);
  std::string endless = "Shares fall";
  while (endless.size() < 400) endless += " and fall";
  EXPECT_EQ(speakable_headline(endless), std::nullopt) << "cut off it would not be a sentence";
}

TEST(Sentences, NamesKeepTheirCapital) {
  EXPECT_EQ(continued("The bank said so."), "the bank said so.");
  EXPECT_EQ(continued("Shares rose."), "shares rose.");
  EXPECT_EQ(continued("Halden Motors fell."), "Halden Motors fell.");
  EXPECT_TRUE(leans_back("It also raised its dividend."));
  EXPECT_FALSE(leans_back("Halden raised its dividend."));
}

RC_GTEST_PROP(SentencesProperty, SpokenTextIsWholeAndTrue, (const std::vector<std::string>& noise)) {
  // Real words and figures in any order, with noise in between.
  std::string text;
  for (const auto& piece : noise) {
    text += *rc::gen::element<std::string>("Shares rose ", "3.2% ", "$1.5bn ", "a $2 billion deal ", "(up 5) ", "Q3 ",
                                           "25bps ", "- ", "\u2014 ", "fell. ", "Nov. 19 ", "3-4% ", "two ", "billion ",
                                           "percent ", ". ", "The bank said ", "\u201C", "\u00A34m ");
    text += text::to_valid_utf8(piece.substr(0, 3));
  }
  for (const auto& sentence : split_sentences(text)) {
    const auto spoken = speakable(sentence);
    if (!spoken) continue;
    RC_ASSERT(text::is_utf8(*spoken));
    RC_ASSERT(spoken->find("  ") == std::string::npos && spoken->find('(') == std::string::npos);
    const auto written = figures(sentence);
    for (const auto& figure : figures(*spoken)) RC_ASSERT(std::ranges::find(written, figure) != written.end());
  }
  RC_ASSERT(text::length(bounded(text, 50)) <= 50);
}

}  // namespace
}  // namespace odeon::briefings

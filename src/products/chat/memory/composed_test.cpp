// What is composed without a model, and what models are given: the pure parts.
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "engine/ai/complexity.hpp"
#include "products/chat/comparing/comparison.hpp"
#include "products/chat/conversation_text.hpp"
#include "products/chat/folding.hpp"
#include "products/chat/prompts.hpp"
#include "products/chat/sentences.hpp"

namespace odeon::chat {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

MessageRow said_in_chat(Role role, std::string text) {
  return {.id = text, .role = role, .parts = {{"text", std::move(text)}}};
}

TEST(Sentences, EndWherePeopleEndThem) {
  EXPECT_THAT(sentences_of("# A title\n\nIt costs 3.5 dollars. Why?! - \n- **a point**\n1.5% of it"),
              ElementsAre("A title", "It costs 3.5 dollars.", "Why?!", "a point**", "1.5% of it"));
  EXPECT_THAT(sentences_of(" \n...\n!\n"), ElementsAre());
  EXPECT_THAT(figures_of("1,200 of 3.5, 40% in 2026. Not H2O or gpt4."), ElementsAre("1,200", "2026", "3.5", "40%"));
  EXPECT_THAT(content_words("The Tower, the tower of Überlingen 42"), ElementsAre("42", "tower", "überlingen"));
}

TEST(Folding, MakesLettersSmall) {
  for (const auto& [from, to] : {std::pair{"Ångström ÀÞ×", "ångström àþ×"},
                                 {"ĀĶĹŇŊŶŸŹŽ", "āķĺňŋŷÿźž"},
                                 {"ΑΩ ЀЯЁ", "αω ѐяё"},
                                 {"IıİI Istanbul İSTANBUL", "iiii istanbul istanbul"},
                                 {"漢字 😀", "漢字 😀"}})
    EXPECT_EQ(folded(from), to);
}

RC_GTEST_PROP(FoldingProperty, IsDoneOnceAndKeepsCharactersWhole, ()) {
  const auto bytes = *rc::gen::arbitrary<std::string>();
  RC_ASSERT(folded(folded(bytes)) == folded(bytes));
  RC_ASSERT(text::is_utf8(folded(text::to_valid_utf8(bytes))));
}

TEST(Comparisons, TellWhatAllSayAndWhatOnlyOneDoes) {
  const auto of = compare({{"a", "Water boils at 100 degrees. It is wet."},
                           {"b", "At 100 degrees water boils. It freezes at 0 degrees."},
                           {"c", "Water boils at 100 degrees, as everybody knows. It is wet."}});
  EXPECT_THAT(of.agreement.sentences, ElementsAre("Water boils at 100 degrees."));
  EXPECT_THAT(of.agreement.figures, ElementsAre("100"));
  ASSERT_EQ(of.differences.size(), 3U);
  EXPECT_THAT(of.differences[0].sentences, ElementsAre());
  EXPECT_THAT(of.differences[1].sentences, ElementsAre("It freezes at 0 degrees."));
  EXPECT_THAT(of.differences[1].figures, ElementsAre("0"));
  EXPECT_EQ(of.model, "odeon-offline");
  const auto figures =
      compare({{"a", "The tower has 300 metres of height."}, {"b", "The tower has 330 metres of height."}});
  EXPECT_THAT(figures.agreement.sentences, ElementsAre()) << "another figure is another statement";
}

RC_GTEST_PROP(ComparisonProperty, WhatIsTheSameDiffersInNothing, ()) {
  const auto text = *rc::gen::arbitrary<std::string>();
  const auto of = compare({{"a", text}, {"b", text}});
  for (const auto& difference : of.differences) RC_ASSERT(difference.sentences.empty() && difference.figures.empty());
}

RC_GTEST_PROP(ComparisonProperty, InventsNothing, ()) {
  static const std::vector<std::string> pieces{"The tower stands. ", "It has 3 legs. ", "Nobody knows! ", "3.5 ",
                                               "\n- "};
  const auto text = [&] {
    std::string all;
    for (const auto& piece : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces))) all += piece;
    return all;
  };
  const std::vector<Said> answers{{"a", text()}, {"b", text()}, {"c", text()}};
  const auto of = compare(answers);
  for (const auto& sentence : of.agreement.sentences) RC_ASSERT(answers[0].text.contains(sentence));
  for (std::size_t i = 0; i < of.differences.size(); ++i) {
    for (const auto& sentence : of.differences[i].sentences) RC_ASSERT(answers[i].text.contains(sentence));
    for (const auto& figure : of.differences[i].figures) RC_ASSERT(answers[i].text.contains(figure));
  }
}

TEST(OfflineAnswers, SaySoAndQuoteOnlyWhatWasSaid) {
  const std::vector<MessageRow> path{
      said_in_chat(Role::user, "The invoice of March comes to 1,200 dollars."), said_in_chat(Role::assistant, "Noted."),
      said_in_chat(Role::user,
                   "What does the invoice of March come to? I forgot it. Please look at the invoice again.")};
  const auto answer = offline_answer(path, {"Lives in Oslo"});
  EXPECT_THAT(answer, HasSubstr("This is remembered of you:\n\n- Lives in Oslo\n"));
  EXPECT_THAT(answer, HasSubstr("No AI model"));
  EXPECT_THAT(answer, HasSubstr("- What does the invoice of March come to?"));
  EXPECT_THAT(answer, HasSubstr("- The invoice of March comes to 1,200 dollars."));
  EXPECT_EQ(answer, offline_answer(path, {"Lives in Oslo"}));
  EXPECT_THAT(offline_answer(path, {}), Not(HasSubstr("remembered")));
}

// Whatever was said before: the rules first, then a question, at the end the question; in the room, unless that alone
// is too long.
RC_GTEST_PROP(ContextProperty, HoldsTheEndOfTheConversation, ()) {
  std::vector<MessageRow> path;
  for (const int words : *rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 60))) {
    std::string text;
    for (int i = 0; i < words; ++i) text += "word ";
    path.push_back(said_in_chat(*rc::gen::element(Role::user, Role::assistant), text + std::to_string(path.size())));
  }
  path.push_back(said_in_chat(Role::user, "The question."));
  const auto room = *rc::gen::inRange(50, 2'000);
  const auto context = context_of(path, "Rules.", {}, room);
  RC_ASSERT(context.size() >= 2U);
  RC_ASSERT(context[0].role == ai::MessageRole::system);
  RC_ASSERT(context[1].role == ai::MessageRole::user);
  RC_ASSERT(context.back().text() == "The question.");
  std::int64_t tokens = 0;
  for (std::size_t i = 1; i < context.size(); ++i) {
    tokens += ai::estimate_tokens(context[i].text());
    RC_ASSERT(context[context.size() - i].text() == path[path.size() - i].text());
  }
  RC_ASSERT(tokens <= room);
}

TEST(Titles, AreTheFirstWords) {
  EXPECT_EQ(title_of("  Hello\n\nworld "), "Hello world");
  EXPECT_EQ(title_of(std::string(100, 'x')), std::string(60, 'x') + "…");
  EXPECT_EQ(excerpt_of("Nothing here.", {"absent"}), "Nothing here.");
}

RC_GTEST_PROP(TitleProperty, AreWholeCharactersAndNoLongerThanTheyMayBe, ()) {
  static const std::vector<std::string> pieces{"ü", "😀", " ", "word", "\n"};
  std::string all;
  for (const auto& piece : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces))) all += piece;
  RC_ASSERT(text::is_utf8(title_of(all)));
  RC_ASSERT(text::length(title_of(all)) <= 61U);
  RC_ASSERT(text::is_utf8(excerpt_of(all, {"word", "ü"})));
}

RC_GTEST_PROP(CursorProperty, GoesThereAndBack, ()) {
  const Instant at(Micros(*rc::gen::arbitrary<std::int64_t>()));
  const auto place = place_of(cursor_of(at, "an-id"));
  RC_ASSERT(place && place->first == at && place->second == "an-id");
  place_of(*rc::gen::arbitrary<std::string>());
}

// A path ends, also where the rows were tampered with.
TEST(Trees, EndWhateverTheRowsSay) {
  std::vector<MessageRow> rows{said_in_chat(Role::user, "a"), said_in_chat(Role::assistant, "b")};
  rows[0].parent_id = "b";
  rows[1].parent_id = "a";
  EXPECT_LE(Tree(rows).path("b").size(), 2U);
  EXPECT_TRUE(Tree(rows).leaf_through("a").has_value());
  EXPECT_TRUE(Tree(rows).path("nothing").empty());
}

}  // namespace
}  // namespace odeon::chat

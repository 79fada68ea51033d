#include "engine/ai/joined_words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace odeon::ai {
namespace {

std::string text_of(const std::vector<Spoken>& words) {
  std::string text;
  for (const auto& word : words) text += word.text + ' ';
  return text;
}

TEST(JoinedWords, AreJoinedAtAWordThatBothHave) {
  // The first was cut off in "morning", the second begins in the middle of "very".
  const HeardPiece first{
      0, 4, {{"Good", 2, 2.3}, {"and", 2.4, 2.6}, {"very", 2.7, 3}, {"good", 3.1, 3.4}, {"more", 3.6, 4}}};
  const HeardPiece second{2.8, 6, {{"airy", 2.8, 3}, {"Good,", 3.12, 3.41}, {"morning", 3.6, 4.2}, {"all", 4.3, 4.5}}};
  EXPECT_EQ(text_of(join_words({first, second})), "Good and very good morning all ");
}

TEST(JoinedWords, AreJoinedInTheMiddleWhereTheyAgreeOnNothing) {
  const HeardPiece first{0, 4, {{"one", 1, 1.5}, {"too", 2.2, 2.8}, {"fwee", 3.6, 4}}};
  const HeardPiece second{2, 6, {{"two", 2.2, 2.8}, {"three", 3.6, 4.2}}};
  EXPECT_EQ(text_of(join_words({first, second})), "one too three ");
}

TEST(JoinedWords, FollowOneAnotherWhereNothingIsShared) {
  EXPECT_EQ(text_of(join_words({{0, 2, {{"ha", 1.8, 2}}}, {2, 4, {{"ha", 2, 2.2}}}})), "ha ha ");
  EXPECT_EQ(text_of(join_words({{0, 2, {}}, {1, 3, {{"word", 2, 2.5}}}, {3, 4, {}}, {4, 5, {}}})), "word ");
  EXPECT_TRUE(join_words({}).empty());
}

TEST(JoinedWords, AreTheSameWhateverTheirPunctuation) {
  const std::pair<const char*, const char*> same[] = {{"Word,", "word"}, {"“It’s", "it's"},   {"(well)", "WELL"},
                                                      {"¿Qué", "Qué?"},  {"1,000", "1,000."}, {"—", "..."}};
  for (const auto& [one, other] : same) EXPECT_EQ(word_key(one), word_key(other)) << one;
  EXPECT_NE(word_key("its"), word_key("it's"));
  EXPECT_EQ(word_key("—"), "");
}

// Cut anywhere, at words or within them, by models that are not quite sure when a word was said: the join is the uncut.
RC_GTEST_PROP(JoinedWords, EqualTheUncut, ()) {
  std::vector<Spoken> said;
  double at = 0.5;
  const auto count = *rc::gen::inRange(1, 120);
  for (int i = 0; i < count; ++i) {
    // Few words, so that many are said again and again.
    const double length = *rc::gen::inRange(12, 60) / 100.0;
    said.push_back({std::string(1, static_cast<char>('a' + *rc::gen::inRange(0, 4))), at, at + length});
    at += length + *rc::gen::weightedOneOf<int>({{4, rc::gen::just(0)}, {1, rc::gen::inRange(5, 250)}}) / 100.0;
  }
  const auto off = [] { return *rc::gen::inRange(-2, 3) / 100.0; };
  std::vector<HeardPiece> pieces;
  for (double start = 0; start < at;) {
    HeardPiece piece{start, start + *rc::gen::inRange(500, 1500) / 100.0, {}};
    for (const auto& word : said) {
      if (word.end <= piece.start || word.start >= piece.end) continue;
      const bool whole = word.start >= piece.start && word.end <= piece.end;
      if (!whole && *rc::gen::arbitrary<bool>()) continue;
      // Nobody hears a word before the one before it.
      const double last = piece.words.empty() ? 0 : piece.words.back().start, moved = whole ? off() : 0;
      const double begin = std::max({word.start + moved, piece.start + moved, last});
      piece.words.push_back({whole ? word.text : "half", begin, std::min(word.end, piece.end) + moved});
    }
    start = piece.end - 2;
    pieces.push_back(std::move(piece));
  }
  const auto joined = join_words(pieces);
  RC_ASSERT(text_of(joined) == text_of(said));
  for (std::size_t i = 0; i < said.size(); ++i) RC_ASSERT(std::abs(joined[i].start - said[i].start) < 0.05);
}

}  // namespace
}  // namespace odeon::ai

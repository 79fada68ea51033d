#include "products/stories/bookbinding.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "base/text.hpp"
#include "engine/media/books/faults.hpp"
#include "engine/media/pictures/encode.hpp"
#include "products/stories/words/read_along.hpp"

namespace odeon::stories {
namespace {

using books::Millis;
using ::testing::ElementsAre;

constexpr Instant kWritten = std::chrono::sys_days(std::chrono::year(2026) / 11 / 20);

TaleRow tale_of(std::string content) {
  return {.id = "story_018f3c5200007000800000000000000a",
          .user_id = "ada",
          .title = "The moon's night off",
          .content = std::move(content),
          .updated_at = kWritten};
}

// Its sentences one after the other, a second and a half each.
TaleRow narrated_tale(std::string content) {
  auto tale = tale_of(std::move(content));
  tale.narrated.emplace();
  double at = 0.75;
  for (const auto& span : sentences_of(tale.content, tale.language)) {
    tale.narrated->push_back({tale.content.substr(span.offset, span.length), at, at + 1.25});
    at += 1.5;
  }
  tale.audio_seconds = at;
  tale.audio_at = kWritten + std::chrono::minutes(3);
  return tale;
}

// Told from all others by what it shows.
PlacedPicture picture(std::string shows, double starts_at) {
  static const std::string png = pictures::encode(pictures::Picture(8, 8), pictures::Format::png);
  return {{png, std::move(shows)}, starts_at};
}

std::string text_of(const books::Page& page) {
  std::string text = page.picture ? '[' + page.picture->alt + "] " : "";
  for (const auto& sentence : page.sentences) text += (sentence.begins_paragraph ? "/" : "") + sentence.text + ' ';
  return text;
}

std::vector<std::string> pages_of(const books::Book& book) {
  std::vector<std::string> pages;
  for (const auto& page : book.pages) pages.push_back(text_of(page));
  return pages;
}

std::vector<std::optional<Millis>> beginnings_of(const books::Book& book) {
  std::vector<std::optional<Millis>> all;
  for (const auto& page : book.pages)
    for (const auto& sentence : page.sentences) all.push_back(sentence.begins);
  return all;
}

const std::string kFour = "One came. Two came.\n\nThree came. Four came.";

TEST(Bookbinding, PicturesStandAtTheirSentencesInOrderOfTime) {
  const auto tale = narrated_tale(kFour);  // from 0.75, 2.25, 3.75 and 5.25 s
  struct Row {
    std::vector<PlacedPicture> pictures;
    std::vector<std::string> pages;
  };
  const std::string all = "One came. Two came. /Three came. Four came. ";
  const std::vector<Row> rows{
      {{}, {all}},
      {{picture("a", 0)}, {"[a] " + all}},
      {{picture("late", 4), picture("early", 2.25)},
       {"One came. ", "[early] Two came. ", "[late] /Three came. Four came. "}},
      {{picture("a", 2.2)}, {"[a] " + all}},
      {{picture("a", 3.8), picture("b", 3.9)}, {"One came. Two came. ", "[a] ", "[b] /Three came. Four came. "}},
      {{picture("a", 99)}, {"One came. Two came. /Three came. ", "[a] Four came. "}}};
  for (const auto& row : rows) {
    const auto book = book_of(tale, {.pictures = row.pictures});
    EXPECT_EQ(pages_of(book), row.pages);
    EXPECT_TRUE(books::faults_of(book).empty());
  }
}

TEST(Bookbinding, ThePortraitIsTheCoverElseTheFirstPicture) {
  const auto tale = tale_of(kFour);
  const std::vector<PlacedPicture> pictures{picture("late", 9), picture("early", 0)};
  EXPECT_FALSE(book_of(tale, {}).cover);
  EXPECT_EQ(book_of(tale, {.pictures = pictures}).cover->alt, "early");
  EXPECT_EQ(book_of(tale, {.pictures = pictures, .portrait = picture("Alice", 0).picture}).cover->alt, "Alice");
}

TEST(Bookbinding, SentencesBeginWhenTheyAreRead) {
  const auto tale = narrated_tale(kFour);
  const auto book = book_of(tale, {.mp3 = "sound"});
  EXPECT_THAT(beginnings_of(book), ElementsAre(Millis(750), Millis(2250), Millis(3750), Millis(5250)));
  ASSERT_TRUE(book.narration);
  EXPECT_EQ(book.narration->duration, Millis(6750));
  EXPECT_EQ(book.narration->bytes, "sound");
  EXPECT_TRUE(books::faults_of(book).empty());
}

TEST(Bookbinding, WithoutASoundNothingHasATime) {
  const auto book = book_of(narrated_tale(kFour), {});
  EXPECT_FALSE(book.narration);
  EXPECT_THAT(beginnings_of(book), ElementsAre(std::nullopt, std::nullopt, std::nullopt, std::nullopt));
}

TEST(Bookbinding, WhatIsSpokenInNoTimeHasNone) {
  auto tale = narrated_tale(kFour);
  auto& spoken = *tale.narrated;
  spoken[0].end = spoken[1].start = spoken[1].end = spoken[0].start;
  spoken[3].start = spoken[3].end = *tale.audio_seconds;
  const auto book = book_of(tale, {.mp3 = "sound"});
  EXPECT_THAT(beginnings_of(book), ElementsAre(Millis(750), std::nullopt, Millis(3750), std::nullopt));
  EXPECT_TRUE(books::faults_of(book).empty());
}

TEST(Bookbinding, LongPassagesAreTurnedAtParagraphs) {
  const std::string ten = "One two three four five six seven eight nine ten.";
  std::string content;
  for (int i = 0; i < 30; ++i) content += ten + (i % 5 == 4 ? "\n" : " ");
  std::vector<std::size_t> sizes;
  for (const auto& page : book_of(tale_of(content), {}).pages) sizes.push_back(page.sentences.size());
  EXPECT_THAT(sizes, ElementsAre(10, 10, 10)) << "two paragraphs of 50 words";
  content.clear();
  for (int i = 0; i < 20; ++i) content += ten + ' ';
  sizes.clear();
  for (const auto& page : book_of(tale_of(content), {}).pages) sizes.push_back(page.sentences.size());
  EXPECT_THAT(sizes, ElementsAre(16, 4)) << "one that does not end";
}

TEST(Bookbinding, ASentenceWithoutEndIsSeveral) {
  std::string content;
  while (content.size() < 3 * books::kMaxSentence) content += "on and on ";
  content.pop_back();
  const auto book = book_of(narrated_tale(content), {.mp3 = "sound"});
  EXPECT_TRUE(books::faults_of(book).empty());
  std::string joined;
  for (const auto& page : book.pages)
    for (const auto& sentence : page.sentences) joined += sentence.text;
  EXPECT_EQ(joined, content);
  EXPECT_THAT(beginnings_of(book), ElementsAre(Millis(750), std::nullopt, std::nullopt, std::nullopt));
}

TEST(Bookbinding, IsOneBookHoweverItIsEdited) {
  auto tale = narrated_tale(kFour);
  const auto first = book_of(tale, {});
  EXPECT_EQ(first.identifier, "018f3c52-0000-7000-8000-00000000000a");
  EXPECT_EQ(first.date, kWritten);
  EXPECT_EQ(book_of(tale, {.mp3 = "sound"}).date, *tale.audio_at);
  EXPECT_EQ(book_of(tale, {.changed_at = kWritten + std::chrono::hours(1)}).date, kWritten + std::chrono::hours(1));
  tale.title = "Another";
  tale.updated_at = kWritten + std::chrono::hours(2);
  EXPECT_EQ(book_of(tale, {}).identifier, first.identifier);
  EXPECT_EQ(book_of(tale, {}).date, tale.updated_at);
}

RC_GTEST_PROP(Bookbinding, EveryStoryIsABook, ()) {
  const auto parts = *rc::gen::container<std::vector<std::string>>(
      rc::gen::element<std::string>("A fox ran. ", "\n", "“Oh!” ", "- ", "x", " ", "Ä ", "…\n", "1. 2. ", "end.\n\n"));
  std::string content = "Begin. ";
  const int times = *rc::gen::inRange(1, 60);
  for (int i = 0; i < times; ++i)
    for (const auto& part : parts) content += part;
  content.resize(std::min<std::size_t>(content.size(), 20'000));
  auto tale = narrated_tale(text::to_valid_utf8(content));
  BookParts with{.mp3 = "sound"};
  for (const int second : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 100)))
    with.pictures.push_back(picture("seen", second));
  const auto book = book_of(tale, with);
  RC_ASSERT(books::faults_of(book).empty());
  std::size_t pictures = 0;
  std::string told, written;
  for (const auto& page : book.pages) {
    pictures += page.picture ? 1 : 0;
    for (const auto& sentence : page.sentences) told += sentence.text;
  }
  for (const auto& span : sentences_of(tale.content, tale.language))
    written += tale.content.substr(span.offset, span.length);
  RC_ASSERT(pictures == with.pictures.size());
  RC_ASSERT(told == written);
}

}  // namespace
}  // namespace odeon::stories

#include "engine/media/books/edition.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/error.hpp"
#include "engine/media/books/books_test.hpp"

namespace odeon::books {
namespace {

Book small_book() {
  return {.title = "A title",
          .language = "en",
          .identifier = "018f3c52-0000-7000-8000-000000000001",
          .pages = {{.sentences = {{"One."}, {"Two."}}}, {.sentences = {{"Three."}}}}};
}

std::vector<std::string> faults_of_book(const Book& book) {
  try {
    prepare(book);
    return {};
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, Fault::invalid);
    EXPECT_EQ(error.code, "BOOK_INVALID");
    std::vector<std::string> faults;
    for (const FieldFault& fault : error.fields) faults.push_back(fault.path + " " + fault.code);
    return faults;
  }
}

TEST(Edition, TellsEveryFaultByItsPlace) {
  using Faults = std::vector<std::string>;
  struct Case {
    std::function<void(Book&)> spoil;
    Faults expected;
  };
  const std::string small_png = testing::scene(1, 8, 8, pictures::Format::png);
  std::string huge_png = small_png;
  huge_png.replace(16, 8, std::string("\0\0\x3F\0\0\0\x3F\0", 8));  // 16128 × 16128
  std::string inks = testing::scene(1, 8, 8, pictures::Format::jpeg);
  std::string filled = inks;
  inks[inks.find("\xFF\xC0") + 9] = 4;
  filled.insert(2, 1, '\xFF');
  for (const auto& [spoil, expected] : std::initializer_list<Case>{
           {[](Book&) {}, {}},
           {[](Book& book) { book.pages.clear(); }, {}},
           {[](Book& book) { book.title = " \x01 "; }, {"title required"}},
           {[](Book& book) { book.title.assign(kMaxTitle, 'x'); }, {}},
           {[](Book& book) { book.title.assign(kMaxTitle + 1, 'x'); }, {"title too_long"}},
           {[](Book& book) { book.identifier = "urn:uuid:1"; }, {"identifier not_allowed"}},
           {[](Book& book) { book.date = Instant::max(); }, {"date not_allowed"}},
           {[](Book& book) { book.pages.resize(kMaxPages + 1); }, {"pages too_long"}},
           {[](Book& book) { book.pages[1].sentences.resize(kMaxSentences + 1); }, {"pages[1].sentences too_long"}},
           {[](Book& book) { book.pages[0].sentences.assign(kMaxSentences, {std::string(kMaxSentence, 'x')}); },
            {"pages too_long"}},
           {[](Book& book) { book.pages[0].sentences[1].text.assign(kMaxSentence + 1, 'x'); },
            {"pages[0].sentences[1].text too_long"}},
           {[](Book& book) { book.cover = Picture{"GIF89a", std::string(kMaxAlt + 1, 'x')}; },
            {"cover.alt too_long", "cover.bytes not_allowed"}},
           {[&](Book& book) { book.pages[1].picture = Picture{huge_png, ""}; }, {"pages[1].picture.bytes too_large"}},
           {[&](Book& book) { book.pages[1].picture = Picture{inks, ""}; }, {"pages[1].picture.bytes not_allowed"}},
           {[&](Book& book) { book.pages[1].picture = Picture{filled, ""}; }, {"pages[1].picture.bytes not_allowed"}},
           {[&](Book& book) { book.cover = Picture{std::string(kMaxPictureBytes + 1, 'x'), ""}; },
            {"cover.bytes too_large"}},
           {[](Book& book) { book.pages[0].sentences[0].begins = Millis(0); },
            {"pages[0].sentences[0].begins not_allowed"}},
           {[](Book& book) { book.narration = Narration{"", "audio/wav", Millis(0)}; },
            {"narration.bytes required", "narration.media_type not_allowed", "narration.duration not_allowed"}},
           {[](Book& book) {
              book.narration = testing::fake_narration(Millis(1000));
              book.pages[0].sentences[0].begins = Millis(500);
              book.pages[0].sentences[1].begins = Millis(500);
              book.pages[1].sentences[0].begins = Millis(1000);
            },
            {"pages[0].sentences[1].begins not_allowed", "pages[1].sentences[0].begins not_allowed"}}}) {
    Book book = small_book();
    spoil(book);
    EXPECT_EQ(faults_of_book(book), expected) << ::testing::PrintToString(expected);
  }
}

TEST(Edition, LanguagesAreTags) {
  for (const auto& [language, is_good] : std::initializer_list<std::pair<std::string, bool>>{{"en", true},
                                                                                             {"de-AT", true},
                                                                                             {"zh-Hant-TW", true},
                                                                                             {"es-419", true},
                                                                                             {"fil", true},
                                                                                             {"", false},
                                                                                             {"e", false},
                                                                                             {"english", false},
                                                                                             {"en_GB", false},
                                                                                             {"en-", false},
                                                                                             {"en\"", false},
                                                                                             {"de-AT-x", false}}) {
    Book book = small_book();
    book.language = language;
    EXPECT_EQ(faults_of_book(book).empty(), is_good) << language;
  }
}

TEST(Edition, ClipsReachToTheNextOne) {
  Book book = small_book();
  book.narration = testing::fake_narration(Millis(9000));
  book.pages[0].sentences[0].begins = Millis(250);
  book.pages[0].sentences.insert(book.pages[0].sentences.begin() + 1, {"Said by nobody.", {}, true});
  book.pages[0].sentences[2].begins = Millis(2000);
  book.pages[1].sentences[0].begins = Millis(4001);
  const Edition edition = prepare(book);
  ASSERT_EQ(edition.leaves.size(), 2u);
  const auto& paragraphs = edition.leaves[0].paragraphs;
  ASSERT_EQ(paragraphs.size(), 2u);
  EXPECT_EQ(paragraphs[0][0].clip->to, Millis(2000));
  EXPECT_FALSE(paragraphs[1][0].clip);
  EXPECT_EQ(paragraphs[1][1].clip->to, Millis(4001));
  EXPECT_EQ(edition.leaves[1].paragraphs[0][0].clip->to, Millis(9000));
  EXPECT_EQ(edition.leaves[0].narrated, Millis(3751));
  EXPECT_EQ(edition.narrated, Millis(8750));
}

TEST(Edition, WithoutTimesANarrationIsLeftOut) {
  Book book = small_book();
  book.narration = testing::fake_narration(Millis(9000));
  EXPECT_TRUE(prepare(book).narration.empty());
}

TEST(Edition, EmptyPagesAreGoneAndTheOthersCountOn) {
  Book book = small_book();
  book.pages.insert(book.pages.begin() + 1, Page{.sentences = {{" "}, {""}}});
  const Edition edition = prepare(book);
  ASSERT_EQ(edition.leaves.size(), 2u);
  EXPECT_EQ(edition.leaves[1].number, 2);
}

TEST(Edition, PagesAreNamedByTheirFirstWords) {
  Leaf leaf{.number = 3};
  EXPECT_EQ(name_of(leaf, "Page", 3), "Page 3");
  leaf.paragraphs = {{{"Then she laughed."}}};
  EXPECT_EQ(name_of(leaf, "Page", 4), "Page 4: Then she laughed.");
  leaf.paragraphs = {{{"Between the trees it was so quiet that she could hear her own heart."}}};
  EXPECT_EQ(name_of(leaf, "Seite", 3), "Seite 3: Between the trees it was so quiet that she…");
}

RC_GTEST_PROP(EditionProperty, ClipsFollowEachOtherAndAddUp, ()) {
  Book book = small_book();
  book.pages.clear();
  Millis now(*rc::gen::inRange(0, 3000));
  const Millis first = now;
  const int pages = *rc::gen::inRange(1, 8);
  for (int page = 0; page < pages; ++page) {
    auto& sentences = book.pages.emplace_back().sentences;
    const int count = *rc::gen::inRange(1, 6);
    for (int i = 0; i < count; ++i) {
      sentences.push_back({"Words.", now, *rc::gen::arbitrary<bool>()});
      now += Millis(*rc::gen::inRange(1, 20'000));
    }
  }
  book.narration = testing::fake_narration(now);
  const Edition edition = prepare(book);
  Millis sum(0), last = first;
  for (const Leaf& leaf : edition.leaves) {
    Millis of_leaf(0);
    for (const Paragraph& paragraph : leaf.paragraphs)
      for (const SpokenSentence& sentence : paragraph) {
        RC_ASSERT(sentence.clip->from == last);
        RC_ASSERT(sentence.clip->length() > Millis(0));
        last = sentence.clip->to;
        of_leaf += sentence.clip->length();
      }
    RC_ASSERT(leaf.narrated == of_leaf);
    sum += of_leaf;
  }
  RC_ASSERT(last == now);
  RC_ASSERT(edition.narrated == sum);
}

}  // namespace
}  // namespace odeon::books

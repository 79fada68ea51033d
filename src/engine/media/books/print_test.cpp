#include "engine/media/books/print.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <future>

#include "base/error.hpp"
#include "base/text.hpp"
#include "engine/media/books/books_test.hpp"
#include "engine/media/strangers_test.hpp"

namespace odeon::books {
namespace {

using media::strangers::run;
using media::strangers::save;

std::string pdf_of(const Book& book, Paper paper) {
  std::string bytes;
  write_pdf(book, paper, [&bytes](std::string_view piece) { bytes += piece; });
  return bytes;
}

// What Poppler's tools say of a PDF.
class Printed {
 public:
  Printed(const Book& book, Paper paper) { save(path_, pdf_of(book, paper)); }

  std::string text() const { return text::collapse_spaces(run({"/usr/bin/pdftotext", path_, "-"})); }
  std::string info() const { return run({"/usr/bin/pdfinfo", path_}); }
  std::string structure() const { return run({"/usr/bin/pdfinfo", "-struct", path_}); }
  int pages() const {
    const std::string all = info();
    return std::stoi(all.substr(all.find("Pages:") + 6));
  }
  // Rows of a table, without its head.
  std::vector<std::string> fonts() const { return rows(run({"/usr/bin/pdffonts", path_})); }
  std::vector<std::string> images() const { return rows(run({"/usr/bin/pdfimages", "-list", path_})); }

 private:
  static std::vector<std::string> rows(const std::string& table) {
    std::vector<std::string> rows;
    for (const std::string_view line : text::split(table, '\n'))
      if (!line.empty()) rows.push_back(text::collapse_spaces(line));
    rows.erase(rows.begin(), rows.begin() + std::min<std::ptrdiff_t>(2, std::ssize(rows)));
    return rows;
  }

  odeon::testing::ScratchFolder folder_;
  std::string path_ = folder_ / "book.pdf";
};

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

TEST(Print, AllItsTextIsFoundInFiveLanguages) {
  for (std::size_t i = 0; i < testing::tales().size(); ++i) {
    const auto& tale = testing::tales()[i];
    const Printed book(testing::book_of(tale, 1), static_cast<Paper>(i % 3));
    const std::string text = book.text(), letters = text::replace_all(text, " ", "");
    EXPECT_TRUE(contains(text, tale.title)) << text;
    for (const auto& page : tale.pages)
      for (const auto& sentence : page) {
        // What is broken in the middle of a word gets a hyphen; lines end also where no blank is.
        const std::string words = sentence.substr(0, sentence.find("Donaudampf"));
        EXPECT_TRUE(contains(letters, text::replace_all(words, " ", ""))) << words << "\n" << text;
      }
    EXPECT_EQ(book.pages(), std::ssize(tale.pages) + 1) << tale.language;
  }
}

TEST(Print, TitlesKeepTheirWordsWhole) {
  Book book = testing::book_of(testing::tales()[1], 1);
  for (const std::string title : {"Die Donaudampfschifffahrtsgesellschaft", "Der Hase an der Donaudampfschifffahrt"}) {
    book.title = title;
    EXPECT_TRUE(contains(Printed(book, Paper::square).text(), title)) << title;
  }
}

TEST(Print, SaysWhatItIs) {
  const std::string info = Printed(testing::book_of(testing::tales()[1], 1), Paper::a4).info();
  for (const std::string_view line :
       {"Title: Emil, der Fuchs und die größte Brücke der Welt", "Author: Maja Brun",
        "Subject: A story for bedtime & brave hearts.", "CreationDate: Fri Nov 20", "(A4)", "JavaScript: no"})
    EXPECT_TRUE(contains(text::collapse_spaces(info), line)) << line << "\n" << info;
}

TEST(Print, PapersHaveTheirSizes) {
  const Book book = testing::book_of(testing::tales()[3], 1);
  for (const auto& [paper, size] :
       std::initializer_list<std::pair<Paper, std::string_view>>{{Paper::a4, "595.276 x 841.89 pts"},
                                                                 {Paper::letter, "612 x 792 pts"},
                                                                 {Paper::square, "595.276 x 595.276 pts"}})
    EXPECT_TRUE(contains(Printed(book, paper).info(), size)) << size;
}

TEST(Print, FontsAreEmbeddedWithTheirLetters) {
  const auto fonts = Printed(testing::hostile_book(), Paper::letter).fonts();
  EXPECT_GE(fonts.size(), 2u);
  for (const std::string& font : fonts)
    EXPECT_TRUE(contains(font, " yes yes yes ")) << font;  // embedded, subset, Unicode
}

TEST(Print, JpegStaysJpeg) {
  const Book book = testing::book_of(testing::tales()[2], 1);
  std::size_t pictures = book.cover->bytes.size();
  for (const Page& page : book.pages) pictures += page.picture->bytes.size();
  const Printed printed(book, Paper::square);
  ASSERT_EQ(printed.images().size(), 3u);
  EXPECT_TRUE(contains(printed.images()[0], "image 1000 1000 rgb 3 8 jpeg")) << printed.images()[0];
  EXPECT_TRUE(contains(printed.images()[1], "image 1200 800 rgb 3 8 jpeg")) << printed.images()[1];
  EXPECT_LT(pdf_of(book, Paper::square).size(), pictures + 60'000);
}

TEST(Print, HeadingParagraphsAndFiguresAreTagged) {
  const std::string structure = Printed(testing::book_of(testing::tales()[3], 1), Paper::a4).structure();
  for (const std::string_view kind : {"H1", "P", "Figure"}) EXPECT_TRUE(contains(structure, kind)) << structure;
}

TEST(Print, LongTextsGoOnOverleaf) {
  Book book = testing::book_of(testing::tales()[0], 1);
  for (int i = 0; i < 60; ++i) {
    book.pages[1].sentences.push_back({fmt::format("And then sheep{}x jumped over the fence.", i), {}, i % 7 == 0});
  }
  const Printed printed(book, Paper::square);
  EXPECT_GT(printed.pages(), 6);
  const std::string text = printed.text();
  for (int i = 0; i < 60; ++i) EXPECT_TRUE(contains(text, fmt::format("sheep{}x", i))) << i;
}

TEST(Print, HostileTextsAreOnlyText) {
  const Printed printed(testing::hostile_book(), Paper::letter);
  const std::string text = printed.text();
  EXPECT_TRUE(contains(text, "alert('x')")) << text;
  EXPECT_TRUE(contains(text, "desrever"));
  EXPECT_TRUE(contains(text, "👍🏽"));
  EXPECT_TRUE(contains(printed.info(), "JavaScript:      no"));
}

TEST(Print, EmojiAloneAreSeenAndFound) {
  Book book = testing::book_of(testing::tales()[0], 1);
  book.pages = {{.sentences = {{"🦊🌙"}}}, {.sentences = {{"🦔"}}}};
  const Printed printed(book, Paper::a4);
  EXPECT_TRUE(contains(printed.text(), "🦊🌙")) << printed.text();
  EXPECT_TRUE(contains(printed.text(), "🦔"));
  EXPECT_GE(printed.images().size(), 5u);
}

TEST(Print, TheSameBookGivesTheSameBytes) {
  const Book book = testing::book_of(testing::tales()[0], 1);
  EXPECT_EQ(pdf_of(book, Paper::a4), pdf_of(book, Paper::a4));
}

TEST(Print, ThreadsDoNotMeet) {
  const Book book = testing::book_of(testing::tales()[0], 1);
  const std::string expected = pdf_of(book, Paper::square);
  std::vector<std::future<std::string>> others;
  for (int i = 0; i < 4; ++i)
    others.push_back(std::async(std::launch::async, [&book] { return pdf_of(book, Paper::square); }));
  for (auto& other : others) EXPECT_EQ(other.get(), expected);
}

TEST(Print, TransparentPicturesAndTheBarestBookArePrinted) {
  Book book{.title = "T", .language = "en", .identifier = "018f3c52-0000-7000-8000-000000000001"};
  EXPECT_EQ(Printed(book, Paper::a4).pages(), 1);
  pictures::Canvas canvas(20, 20);
  canvas.fill(pictures::Path::circle({10, 10}, 8), pictures::Colour{200, 0, 0});
  book.cover = Picture{encode(std::move(canvas).finish(), pictures::Format::png), "A ball"};
  const auto images = Printed(book, Paper::a4).images();
  ASSERT_EQ(images.size(), 2u);
  EXPECT_TRUE(contains(images[1], "smask")) << images[1];
}

TEST(Print, DamagedPicturesAreRefused) {
  Book book = testing::book_of(testing::tales()[3], 1);
  book.cover->bytes = testing::scene(1, 100, 100, pictures::Format::png).substr(0, 300);
  try {
    pdf_of(book, Paper::a4);
    FAIL() << "a picture that is cut was printed";
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "BOOK_INVALID");
  }
}

TEST(Print, WhatTheSinkThrowsEndsIt) {
  const Book book = testing::book_of(testing::tales()[0], 1);
  int pieces = 0;
  const Sink full = [&](std::string_view) {
    if (++pieces > 3) throw std::runtime_error("the disk is full");
  };
  EXPECT_THROW(
      {
        try {
          write_pdf(book, Paper::a4, full);
        } catch (const std::runtime_error& error) {
          EXPECT_STREQ(error.what(), "the disk is full");
          throw;
        }
      },
      std::runtime_error);
}

// Characters of many scripts, and as many emoji, which are drawn apart. Few, as each brings a font along.
RC_GTEST_PROP(PrintProperty, RandomTextsArePrinted, (const std::string& bytes)) {
  const auto any = [](std::uint32_t from, std::uint32_t to) {
    return rc::gen::resize(100, rc::gen::inRange(from, to));
  };
  const auto characters = *rc::gen::resize(
      20, rc::gen::container<std::vector<std::uint32_t>>(rc::gen::oneOf(any(0, 0x3000), any(0x1F300, 0x1F700))));
  std::string text;
  for (const auto character : characters) text::append_code_point(text, character);
  Book book{.title = "x" + bytes,
            .author = text,
            .language = "fr",
            .identifier = "018f3c52-0000-7000-8000-000000000001",
            .description = text,
            .pages = {{.sentences = {{text}, {bytes, {}, true}}}}};
  const std::string pdf = pdf_of(book, Paper::square);
  RC_ASSERT(pdf.starts_with("%PDF-1.5"));
  RC_ASSERT(pdf.ends_with("%%EOF\n"));
}

}  // namespace
}  // namespace odeon::books

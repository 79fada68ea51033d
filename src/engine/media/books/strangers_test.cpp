// Books before programs that judge EPUBs and read PDFs for a living.
#include <gtest/gtest.h>

#include "engine/media/books/books_test.hpp"
#include "engine/media/books/epub.hpp"
#include "engine/media/strangers_test.hpp"

namespace odeon::books {
namespace {

using media::strangers::load;
using media::strangers::run;
using media::strangers::save;

// W3C's own, in the version of Debian 12 (4.2.6).
void judge(const Book& book) {
  const odeon::testing::ScratchFolder folder;
  const std::string path = folder / "book.epub";
  save(path, testing::collect(write_epub, book));
  const std::string verdict = run({"/usr/bin/java", "-jar", "/usr/bin/epubcheck", "--failonwarnings", path});
  EXPECT_NE(verdict.find("No errors or warnings detected"), verdict.npos) << verdict;
}

TEST(Strangers, EpubcheckPassesANarratedBook) {
  const odeon::testing::ScratchFolder folder;
  Book book = testing::book_of(testing::tales()[0], 1);
  testing::narrate(book);
  run({"/usr/bin/ffmpeg", "-v", "error", "-f", "lavfi", "-i",
       fmt::format("sine=duration={}ms", book.narration->duration.count()), "-b:a", "64k", folder / "tone.mp3"});
  book.narration->bytes = load(folder / "tone.mp3");
  judge(book);
}

TEST(Strangers, EpubcheckPassesHostileTexts) {
  Book book = testing::hostile_book();
  testing::narrate(book);
  book.narration->media_type = "audio/mp4";
  judge(book);
}

TEST(Strangers, EpubcheckPassesTheBarestBook) {
  judge({.title = "Nothing but a title", .language = "es-419", .identifier = "018f3c52-0000-7000-8000-000000000001"});
}

}  // namespace
}  // namespace odeon::books

#include "products/stories/books.hpp"

#include "engine/media/strangers_test.hpp"
#include "engine/storage/whole.hpp"
#include "products/stories/house_test.hpp"

namespace odeon::stories {
namespace {

using media::strangers::run;

// The files of an archive that have such a name, one after the other.
constexpr const char* kUnzip =
    "import fnmatch, sys, zipfile\n"
    "book = zipfile.ZipFile(sys.argv[1])\n"
    "for name in fnmatch.filter(book.namelist(), sys.argv[2]): sys.stdout.buffer.write(book.read(name))";

struct BooksTest : StoriesHouse {
  // Empty if there are none.
  std::string in_epub(const std::string& bytes, const std::string& name) {
    media::strangers::save(folder / "story.epub", bytes);
    return run({"/usr/bin/python3", "-c", kUnzip, folder / "story.epub", name});
  }
  std::string pdf_info(const std::string& bytes) {
    media::strangers::save(folder / "story.pdf", bytes);
    return run({"/usr/bin/pdfinfo", folder / "story.pdf"});
  }
};

// How often.
std::ptrdiff_t count_of(std::string_view part, std::string_view in) {
  std::ptrdiff_t count = 0;
  for (auto at = in.find(part); at != in.npos; at = in.find(part, at + part.size())) ++count;
  return count;
}

TEST_F(BooksTest, HavePicturesAndSound) {
  const auto hero = new_hero();
  const auto made = ask("/api/stories", {{"heroId", hero}, {"eventType", "bedtime"}, {"generateIllustrations", true}});
  ended(made.at("jobs").at("audioGeneration"));
  ended(made.at("jobs").at("illustrationGeneration"));
  ASSERT_EQ(ask("/api/heroes/" + hero + "/avatar").status, 200);
  const auto id = text(made.at("story").at("id"));
  const auto path = "/api/stories/" + id;
  ASSERT_EQ(patch(path, {{"title", "Tom & \"Jerry\" <3"}}).status, 200);
  const auto book = see(path + "/epub");
  ASSERT_EQ(book.status, 200) << book.body;
  EXPECT_EQ(book.headers.get("Content-Type"), "application/epub+zip");
  EXPECT_EQ(book.headers.get("Content-Disposition"), "attachment; filename=\"" + id + ".epub\"");
  EXPECT_EQ(book.body.substr(30, 28), "mimetypeapplication/epub+zip");

  const auto package = in_epub(book.body, "EPUB/package.opf");
  EXPECT_EQ(count_of("image/png", package), 4) << "three pictures and the portrait";
  EXPECT_TRUE(package.contains("Tom &amp; &quot;Jerry&quot; &lt;3")) << package;
  const auto hex = id.substr(id.find('_') + 1);
  EXPECT_TRUE(package.contains(hex.substr(0, 8) + '-' + hex.substr(8, 4) + '-')) << package;
  EXPECT_TRUE(in_epub(book.body, "EPUB/cover.xhtml").contains("alt=\"Alice\""));

  const auto row = run_task(store::tale(*database, id)).value();
  const auto mp3 = run_task(storage::bytes_of(*storage, row.audio_key.value(), 1 << 20)).value();
  EXPECT_EQ(in_epub(book.body, "EPUB/narration.mp3"), mp3);
  const auto overlays = in_epub(book.body, "EPUB/page-*.smil");
  EXPECT_EQ(count_of("<par", overlays), std::ssize(row.narrated.value()));
  EXPECT_TRUE(overlays.contains(fmt::format("{:.3f}", row.narrated->at(1).start))) << overlays;
  EXPECT_EQ(see(path + "/epub").body, book.body) << "the same story is the same book";
}

TEST_F(BooksTest, AreNotReadOnceTheStoryIsAnother) {
  const auto made = ask("/api/stories", {{"heroId", new_hero()}, {"eventType", "bedtime"}});
  ended(made.at("jobs").at("audioGeneration"));
  const auto path = "/api/stories/" + text(made.at("story").at("id"));
  EXPECT_FALSE(in_epub(see(path + "/epub").body, "EPUB/narration.mp3").empty());
  ASSERT_EQ(patch(path, {{"content", "All of it is new. And short."}}).status, 200);
  const auto book = see(path + "/epub").body;
  EXPECT_EQ(in_epub(book, "EPUB/narration.mp3"), "");
  EXPECT_EQ(in_epub(book, "*.smil"), "");
  EXPECT_TRUE(in_epub(book, "EPUB/page-001.xhtml").contains("And short."));
}

TEST_F(BooksTest, ArePrintedOnPaperOfThreeKinds) {
  const auto path = "/api/stories/" + new_story(new_hero(), {{"generateIllustrations", true}}) + "/pdf";
  struct Row {
    std::string query, size;
  };
  for (const auto& [query, size] : std::vector<Row>{{"", "595.276 x 841.89 pts (A4)"},
                                                    {"?paper=a4", "595.276 x 841.89 pts (A4)"},
                                                    {"?paper=letter", "612 x 792 pts (letter)"},
                                                    {"?paper=square", "595.276 x 595.276 pts"}}) {
    const auto print = see(path + query);
    ASSERT_EQ(print.status, 200) << print.body;
    EXPECT_EQ(print.headers.get("Content-Type"), "application/pdf");
    EXPECT_TRUE(print.body.starts_with("%PDF-"));
    const auto info = pdf_info(print.body);
    EXPECT_TRUE(info.contains(size)) << info;
    EXPECT_GT(std::stoi(info.substr(info.find("Pages:") + 6)), 2) << "a cover and pages";
  }
  EXPECT_EQ(see(path + "?paper=a5").status, 400);
}

TEST_F(BooksTest, LeaveOutPicturesThatAreTooLarge) {
  const auto hero = new_hero();
  ASSERT_EQ(ask("/api/heroes/" + hero + "/avatar").status, 200);
  const auto row = run_task(store::hero(*database, user(), hero)).value();
  keep(row.avatar_key.value(), std::string(books::kMaxPictureBytes + 1, 'x'), "image/png");
  const auto path = "/api/stories/" + new_story(hero);
  const auto book = see(path + "/epub");
  ASSERT_EQ(book.status, 200) << book.body;
  EXPECT_FALSE(in_epub(book.body, "EPUB/package.opf").contains("image/png"));
}

TEST_F(BooksTest, AreTheirOwnersAlone) {
  const auto path = "/api/stories/" + new_story(new_hero());
  const auto other = join("bob@example.com");
  for (const std::string kind : {"/epub", "/pdf"}) {
    EXPECT_EQ(see(path + kind, other).status, 404);
    EXPECT_EQ(see("/api/stories/story_none" + kind).status, 404);
    EXPECT_EQ(get(path + kind).status, 401);
  }
}

}  // namespace
}  // namespace odeon::stories

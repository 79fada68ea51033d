#include "products/stories/books.hpp"

#include <cstdio>
#include <fstream>

#include "products/stories/house_test.hpp"

namespace odeon::stories {
namespace {

struct BooksTest : StoriesHouse {
  // What epubcheck has against it: nothing.
  std::string complaints(const std::string& bytes) {
    const auto path = folder / "story.epub";
    std::ofstream(path, std::ios::binary) << bytes;
    std::string output;
    FILE* pipe = popen(("java -jar /usr/share/java/epubcheck.jar -q " + path + " 2>&1").c_str(), "r");
    for (int c; (c = std::fgetc(pipe)) != EOF;) output += static_cast<char>(c);
    const int status = pclose(pipe);
    return status == 0 ? output : output + fmt::format("(status {})", status);
  }
};

TEST_F(BooksTest, PassEpubcheckWithPicturesAndSound) {
  const auto made =
      ask("/api/stories", {{"heroId", new_hero()}, {"eventType", "bedtime"}, {"generateIllustrations", true}});
  ended(made.at("jobs").at("audioGeneration"));
  ended(made.at("jobs").at("illustrationGeneration"));
  const auto path = "/api/stories/" + text(made.at("story").at("id"));
  ASSERT_EQ(patch(path, {{"title", "Tom & \"Jerry\" <3"}}).status, 200);
  const auto book = see(path + "/epub");
  ASSERT_EQ(book.status, 200) << book.body;
  EXPECT_EQ(book.headers.get("Content-Type"), "application/epub+zip");
  EXPECT_EQ(book.body.substr(30, 28), "mimetypeapplication/epub+zip");
  EXPECT_TRUE(book.body.contains("EPUB/story.smil"));
  EXPECT_TRUE(book.body.contains("EPUB/images/3.png"));
  EXPECT_EQ(complaints(book.body), "");
}

TEST_F(BooksTest, PassEpubcheckAsTextAlone) {
  const auto book = see("/api/stories/" + new_story(new_hero()) + "/epub");
  EXPECT_FALSE(book.body.contains("story.smil"));
  EXPECT_EQ(complaints(book.body), "");
  EXPECT_EQ(see("/api/stories/story_none/epub").status, 404);
}

}  // namespace
}  // namespace odeon::stories

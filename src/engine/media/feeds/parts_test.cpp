// The parts of the room: XML, Apple's categories, what is kept of feeds.
#include <gmock/gmock.h>

#include "engine/media/feeds/categories.hpp"
#include "engine/media/feeds/feed_cache.hpp"
#include "engine/media/feeds/feed_file.hpp"
#include "engine/media/feeds/xml.hpp"

namespace odeon::feeds {
namespace {

using ::testing::IsNull;
using ::testing::NotNull;

TEST(Categories, AreApples) {
  EXPECT_EQ(category_of("technology")->name, "Technology");
  EXPECT_EQ(category_of("Books")->name, "Arts");
  EXPECT_EQ(category_of("Books")->below, "Books");
  EXPECT_EQ(category_of(" society & culture > documentary ")->below, "Documentary");
  EXPECT_EQ(category_of("Fiction > Drama")->below, "Drama");
  for (const char* none : {"", "Tech", "Arts > Drama", "Books > Arts", ">"}) EXPECT_FALSE(category_of(none)) << none;
}

TEST(Xml, LeavesOutWhatItHasNoCharactersFor) {
  XmlWriter xml;
  xml.element("a", "\x01<b>&\"\xEF\xBF\xBE\xFF", {{"c", "\"\n"}});
  EXPECT_EQ(xml.take(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a c=\"&quot;\n\">&lt;b&gt;&amp;&quot;\xEF\xBF\xBD</a>\n");
}

TEST(FeedFile, IsCalledXml) {
  EXPECT_EQ(name_of({"mornings.xml"}), "mornings");
  for (const char* other : {"mornings", "mornings.xm", "", "xml"}) EXPECT_THROW(name_of({other}), Error) << other;
}

TEST(FeedFile, IsServedAsRss) {
  const auto document = document_of({.title = "Mornings", .changed = Instant(std::chrono::seconds(9))});
  EXPECT_EQ(document->content_type(), "application/rss+xml; charset=utf-8");
  EXPECT_EQ(document->modified(), Instant(std::chrono::seconds(9)));
  EXPECT_FALSE(document->etag().starts_with("W/"));
}

TEST(Cache, ForgetsWhatIsOldAndWhatIsTooMuch) {
  struct Text final : ReadableObject {
    std::uint64_t size() const override { return 10; }
    Task<std::size_t> read_at(std::uint64_t, std::span<char>) override { co_return 0; }
    std::string content_type() const override { return ""; }
    std::string etag() const override { return ""; }
    Instant modified() const override { return {}; }
  };
  FeedCache cache(25);
  cache.keep("a", 1, std::make_shared<Text>());
  cache.keep("b", 1, std::make_shared<Text>());
  EXPECT_THAT(cache.find("a", 1), NotNull());
  EXPECT_THAT(cache.find("a", 2), IsNull());
  cache.keep("c", 1, std::make_shared<Text>());
  EXPECT_THAT(cache.find("b", 1), IsNull()) << "not asked for the longest";
  EXPECT_THAT(cache.find("a", 1), NotNull());
  cache.keep("a", 2, std::make_shared<Text>());
  EXPECT_THAT(cache.find("a", 2), NotNull());
  EXPECT_THAT(cache.find("c", 1), NotNull());
}

}  // namespace
}  // namespace odeon::feeds

#include "engine/media/feeds/markdown.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <pugixml.hpp>

namespace odeon::feeds {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string html(std::string_view markdown) {
  return html_of_markdown(markdown, 8000);
}

TEST(Markdown, BecomesHtml) {
  EXPECT_EQ(html("About *tea*.\n\n## Links\n\n- <https://example.com/?a=1&b=2>\n- [more](https://example.com)"),
            "<p>About <em>tea</em>.</p>\n<h2>Links</h2>\n<ul>\n"
            "<li><a href=\"https://example.com/?a=1&amp;b=2\">https://example.com/?a=1&amp;b=2</a></li>\n"
            "<li><a href=\"https://example.com\">more</a></li>\n</ul>\n");
  EXPECT_EQ(html(""), "");
}

TEST(Markdown, IsNoWayIn) {
  EXPECT_THAT(html("<script>alert(1)</script>"), Not(HasSubstr("<script")));
  EXPECT_THAT(html("a <img src=\"https://example.com/x\" onerror=alert(1)>"), Not(HasSubstr("<img")));
  EXPECT_EQ(html("[x](javascript:alert(1)) [y](JavaScript&#58;alert(1))"),
            "<p><a href=\"\">x</a> <a href=\"\">y</a></p>\n");
  EXPECT_EQ(html("![x](data:text/html,y)"), "<p><img src=\"\" alt=\"x\" /></p>\n");
  EXPECT_THAT(html("\" href=\"javascript:x"), HasSubstr("&quot; href=&quot;javascript:x"));
}

TEST(Markdown, IsCutBetweenLines) {
  EXPECT_EQ(html_of_markdown("one\n\ntwo\n\nthree", 9), "<p>one</p>\n<p>two</p>\n");
  EXPECT_EQ(html_of_markdown("one long line", 5), "");
}

RC_GTEST_PROP(Markdown, IsWellFormedAndHarmlessWhateverIsInIt, ()) {
  const auto pieces = *rc::gen::container<std::vector<std::string>>(
      rc::gen::element<std::string>("<a href=\"", "[x](", "javascript:", "data:", "http://a", ")", "\"", ">", "![", "]",
                                    "\n", "- ", "# ", "**", "`", "<!--", "&lt;", "<script>", "\xFF", "é", "> ", "\\"));
  std::string markdown;
  for (const auto& piece : pieces) markdown += piece;
  const auto written = "<all>" + html(markdown) + "</all>";
  pugi::xml_document document;
  RC_ASSERT(static_cast<bool>(document.load_buffer(written.data(), written.size())));
  RC_ASSERT(document.select_nodes("//script").empty());
  for (const auto& found : document.select_nodes("//@href | //@src")) {
    const std::string_view address = found.attribute().value();
    RC_ASSERT(!address.starts_with("javascript:") && !address.starts_with("data:"));
  }
}

}  // namespace
}  // namespace odeon::feeds

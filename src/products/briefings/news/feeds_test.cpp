#include "products/briefings/news/feeds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/text.hpp"

namespace odeon::briefings {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const FeedOrigin kOrigin{"https://news.example/feed.xml", ""};

std::string rss(const std::string& items) {
  return "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
         "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:atom=\"http://www.w3.org/2005/Atom\">"
         "<channel><title>Meridian Wire</title><link>https://news.example/</link>" +
         items + "</channel></rss>";
}

Article only_article(const std::string& document, const FeedOrigin& origin = kOrigin) {
  const auto feed = parse_feed(document, origin);
  if (!feed) throw std::runtime_error(feed.error().code);
  if (feed->articles.size() != 1) throw std::runtime_error("not one article");
  return feed->articles.front();
}

std::string example(const std::string& name) {
  std::ifstream file(std::filesystem::path(ODEON_SOURCE_DIR) / "examples/feeds" / name, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

TEST(Feeds, RssGivesEveryField) {
  const auto article = only_article(
      rss("<item><title>Shares rise</title><link>/a?utm_source=rss&amp;id=7</link><guid>tag-7</guid>"
          "<pubDate>Fri, 20 Nov 2026 07:30:00 GMT</pubDate><description>Shares rose on Friday.</description></item>"));
  EXPECT_EQ(article.source, "Meridian Wire");
  EXPECT_EQ(article.title, "Shares rise");
  EXPECT_EQ(article.url, "https://news.example/a?id=7");
  EXPECT_EQ(article.guid, "tag-7");
  EXPECT_EQ(to_iso8601(article.published.value()), "2026-11-20T07:30:00Z");
  EXPECT_EQ(article.summary, "Shares rose on Friday.");
}

TEST(Feeds, AtomGivesEveryField) {
  const auto article = only_article(
      "<feed xmlns='http://www.w3.org/2005/Atom'><title>Harbour Street</title>"
      "<link rel='self' href='https://h.example/feed'/><link href='https://h.example/'/>"
      "<entry><title type='html'>Oil &amp;amp; gas &lt;b&gt;slip&lt;/b&gt;</title><id>urn:1</id>"
      "<link rel='edit' href='/edit'/><link rel='alternate' href='news/1'/>"
      "<updated>2026-11-20T09:30:00+02:00</updated><summary>1 &lt; 2, they say.</summary></entry></feed>");
  EXPECT_EQ(article.source, "Harbour Street");
  EXPECT_EQ(article.title, "Oil & gas slip");
  EXPECT_EQ(article.url, "https://h.example/news/1");
  EXPECT_EQ(article.guid, "urn:1");
  EXPECT_EQ(to_iso8601(article.published.value()), "2026-11-20T07:30:00Z");
  EXPECT_EQ(article.summary, "1 < 2, they say.");
}

TEST(Feeds, AtomWithAPrefixAndXhtml) {
  const auto article = only_article(
      "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:title>T</a:title><a:entry><a:title>News</a:title>"
      "<a:content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>One <b>bold</b> word.</p><p>Next.</p></div>"
      "</a:content></a:entry></a:feed>");
  EXPECT_EQ(article.summary, "One bold word.\nNext.");
}

TEST(Feeds, RdfHasItemsBesideTheChannel) {
  const auto article = only_article(
      "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' "
      "xmlns:dc='http://purl.org/dc/elements/1.1/'><channel rdf:about='x'><title>Circuit</title></channel>"
      "<item rdf:about='https://c.example/1'><title>Chips</title><link>https://c.example/1</link>"
      "<dc:date>2026-11-19T20:30Z</dc:date></item></rdf:RDF>");
  EXPECT_EQ(article.source, "Circuit");
  EXPECT_EQ(article.guid, "https://c.example/1");
  EXPECT_EQ(to_iso8601(article.published.value()), "2026-11-19T20:30:00Z");
}

TEST(Feeds, SkipsWithAReason) {
  const std::string bomb =
      "<?xml version='1.0'?><!DOCTYPE lolz [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;'>]><rss><channel><item>"
      "<title>&b;</title></item></channel></rss>";
  const std::pair<std::string, std::string> cases[] = {
      {"", "empty"},
      {" \r\n\t ", "empty"},
      {std::string(kMaxFeedBytes + 1, ' ') + "<rss/>", "too_large"},
      {"<!DOCTYPE html><html><body>Hello</body></html>", "web_page"},
      {"\n<!-- hello -->\n<HTML><p>unclosed", "web_page"},
      {"{\"version\":\"https://jsonfeed.org/version/1\"}", "not_a_feed"},
      {"Not found", "not_a_feed"},
      {"\x89PNG\r\n\x1A\n", "not_a_feed"},
      {"<?xml version='1.0'?><opml><body/></opml>", "not_a_feed"},
      {"<rss><channel><item><title>Cut off", "malformed"},
      {"<rss><channel></item></channel></rss>", "malformed"},
      {bomb, "entities"},
      {rss(""), "no_articles"},
      {rss("<item><guid>says nothing</guid></item>"), "no_articles"},
      {rss("<item><title>\xCF\xF0\xE8\xE2\xE5\xF2, \xEC\xE8\xF0</title></item>"), "charset"},
  };
  for (const auto& [document, code] : cases) {
    const auto feed = parse_feed(document, kOrigin);
    ASSERT_FALSE(feed.has_value()) << code;
    EXPECT_EQ(feed.error().code, code) << document.substr(0, 80);
    EXPECT_TRUE(feed.error().message.ends_with('.'));
  }
}

TEST(Feeds, AnExternalDoctypeOfOldRssIsHarmless) {
  const auto article = only_article(
      "<!DOCTYPE rss PUBLIC '-//Netscape Communications//DTD RSS 0.91//EN' 'http://my.netscape.com/rss-0.91.dtd'>"
      "<rss version='0.91'><channel><title>Old</title><item><title>Still here</title></item></channel></rss>");
  EXPECT_EQ(article.title, "Still here");
}

TEST(Feeds, CharsetsAreMadeOut) {
  const auto title = [](const std::string& declaration, const std::string& bytes, const std::string& type = "") {
    return only_article(declaration + "<rss><channel><item><title>" + bytes + "</title></item></channel></rss>",
                        {"https://n.example/", type})
        .title;
  };
  const std::string utf8 = "Caf\u00E9 \u2018rise\u2019";
  EXPECT_EQ(title("", utf8), utf8);
  EXPECT_EQ(title("\xEF\xBB\xBF<?xml version='1.0' encoding='ISO-8859-1'?>", utf8), utf8);
  EXPECT_EQ(title("<?xml version='1.0' encoding='ISO-8859-1'?>", "Caf\xE9"), "Caf\u00E9");
  EXPECT_EQ(title("", "\xCF\xF0\xE8\xE2\xE5\xF2", "text/xml; charset=\"windows-1251\""),
            "\u041F\u0440\u0438\u0432\u0435\u0442");
  EXPECT_EQ(
      title("<?xml version='1.0' encoding='windows-1251'?>", "\xCF\xF0\xE8\xE2\xE5\xF2", "text/xml; charset=utf-8"),
      "\u041F\u0440\u0438\u0432\u0435\u0442");
  // Lies that can be recognised.
  EXPECT_EQ(title("<?xml version='1.0' encoding='UTF-8'?>", "Caf\xE9 \x91rise\x92"), utf8) << "really Windows-1252";
  EXPECT_EQ(title("<?xml version='1.0' encoding='ISO-8859-1'?>", utf8), utf8) << "really UTF-8";
  EXPECT_EQ(title("<?xml version='1.0' encoding='ISO-8859-1'?>", "\x93rise\x94"), "\u201Crise\u201D") << "1252";
  EXPECT_EQ(title("<?xml version='1.0' encoding='utf-16'?>", utf8), utf8) << "read as ASCII, so no UTF-16";
  EXPECT_EQ(title("<?xml version='1.0' encoding='x-no-such'?>", utf8), utf8);
  EXPECT_EQ(title("", "Caf\u00E9 and Jos\xE9"), "Caf\u00E9 and Jos\u00E9") << "two halves of two minds";
}

TEST(Feeds, Utf16IsRead) {
  const std::string document = rss("<item><title>Caf\u00E9</title></item>");
  std::string wide = "\xFF\xFE";
  for (std::size_t i = 0; i < document.size(); ++i) {
    if (document[i] == '\xC3') {
      wide += "\xE9";
      ++i;
    } else {
      wide += document[i];
    }
    wide += '\0';
  }
  EXPECT_EQ(only_article(wide).title, "Caf\u00E9");
  EXPECT_EQ(only_article(wide.substr(2)).title, "Caf\u00E9") << "without a byte order mark";
}

TEST(Feeds, HtmlBecomesText) {
  const auto summary = [](const std::string& html) {
    return only_article(rss("<item><title>T</title><description><![CDATA[" + html + "]]></description></item>"))
        .summary;
  };
  EXPECT_EQ(summary("<p>Profit rose&nbsp;3&#37; &mdash; &#8364;5&nbsp;bn.</p>"), "Profit rose 3% \u2014 \u20AC5 bn.");
  EXPECT_EQ(summary("A<script>if (a < b) alert('x')</script> word<style>p{}</style>."), "A word.");
  EXPECT_EQ(summary("<figure><figcaption>Photo: me</figcaption></figure><p>News here.</p>"), "News here.");
  EXPECT_EQ(summary("Up 3 < 4 and 5 > 2."), "Up 3 < 4 and 5 > 2.");
  EXPECT_EQ(summary("<a title=\"a > b\" href='x'>Link</a> text."), "Link text.");
  EXPECT_EQ(summary("Soft\u00ADhy\u200Bphen."), "Softhyphen.");
  EXPECT_EQ(summary("&unknown; &copy; &#x41; &#146;."), "&unknown; \u00A9 A \u2019.");
  EXPECT_EQ(summary("<p>Text.</p><!-- hidden --><p>More"), "Text.\nMore");
}

TEST(Feeds, BoilerplateIsLeftOut) {
  const auto article =
      only_article(rss("<item><title>T</title><description>&lt;p&gt;Sales rose. Read more&lt;/p&gt;&lt;p&gt;The post T "
                       "appeared first on "
                       "X.&lt;/p&gt;&lt;p&gt;Continue reading&lt;/p&gt;&lt;p&gt;Sign up for our "
                       "newsletter!&lt;/p&gt;</description></item>"));
  EXPECT_EQ(article.summary, "Sales rose.");
}

TEST(Feeds, SummariesAreBoundedAtASentence) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "This sentence is there again. ";
  const auto article = only_article(rss("<item><title>T</title><description>" + text + "</description></item>"));
  EXPECT_LE(text::length(article.summary), kMaxSummaryLength);
  EXPECT_GT(text::length(article.summary), kMaxSummaryLength - 60);
  EXPECT_TRUE(article.summary.ends_with("again."));
}

TEST(Feeds, TheLongTextStandsInForAShortSummary) {
  const auto article =
      only_article(rss("<item><title>T</title><description>Read more</description>"
                       "<content:encoded><![CDATA[<p>Everything that is known about it, told at "
                       "length.</p>]]></content:encoded></item>"));
  EXPECT_EQ(article.summary, "Everything that is known about it, told at length.");
}

TEST(Feeds, OddDatesAndMissingPartsAreTolerated) {
  const auto date = [](const std::string& written) {
    const auto article = only_article(rss("<item><title>T</title><pubDate>" + written + "</pubDate></item>"));
    return article.published ? to_iso8601(*article.published) : "none";
  };
  EXPECT_EQ(date("Fri, 20 Nov 26 07:30 EST"), "2026-11-20T12:30:00Z");
  EXPECT_EQ(date("2026-11-20T07:30:00"), "2026-11-20T07:30:00Z");
  EXPECT_EQ(date("2026-11-20 07:30:00Z"), "2026-11-20T07:30:00Z");
  EXPECT_EQ(date("2026-11-20"), "2026-11-20T00:00:00Z");
  EXPECT_EQ(date("yesterday"), "none");
  EXPECT_EQ(date("Fri, 99 Nov 2026 07:30:00 GMT"), "none");
  EXPECT_EQ(date(""), "none");
  const auto bare = only_article(rss("<item><description>Only a text. And more.</description></item>"));
  EXPECT_EQ(bare.title, "Only a text.");
  EXPECT_EQ(bare.url, "");
  EXPECT_EQ(bare.guid, "");
}

TEST(Feeds, LinksOfEveryKind) {
  const auto link = [](const std::string& item) {
    return only_article(rss("<item><title>T</title>" + item + "</item>")).url;
  };
  EXPECT_EQ(link("<link>https://x.example/a b?fbclid=1#top</link>"), "https://x.example/a%20b#top");
  EXPECT_EQ(link("<link>//x.example/a</link>"), "https://x.example/a");
  EXPECT_EQ(link("<link>../a</link>"), "https://news.example/a");
  EXPECT_EQ(link("<link>https://user:secret@x.example/a</link>"), "https://x.example/a");
  EXPECT_EQ(link("<atom:link href='https://x.example/b'/>"), "https://x.example/b");
  EXPECT_EQ(link("<guid>https://x.example/c</guid>"), "https://x.example/c");
  EXPECT_EQ(link("<guid isPermaLink='false'>https://x.example/c</guid>"), "");
  EXPECT_EQ(link("<link>javascript:alert(1)</link>"), "");
}

TEST(Feeds, AFeedIsBounded) {
  std::string items;
  for (int i = 0; i < 300; ++i) items += "<item><title>Item " + std::to_string(i) + "</title></item>";
  const auto feed = parse_feed(rss(items), kOrigin);
  ASSERT_TRUE(feed.has_value());
  EXPECT_EQ(feed->articles.size(), kMaxFeedArticles);
  EXPECT_EQ(feed->articles.front().title, "Item 0");
}

TEST(Feeds, AFeedWithoutATitleIsNamedByItsAddress) {
  const auto feed = parse_feed("<rss><channel><item><title>T</title></item></channel></rss>", kOrigin);
  EXPECT_EQ(feed->title, "news.example");
}

TEST(Feeds, TheExamplesAreRead) {
  const std::tuple<std::string, std::string, std::size_t> cases[] = {
      {"meridian-wire.xml", "Meridian Wire - Business", 12}, {"harbour-street.xml", "Harbour Street Journal", 11},
      {"ledger-daily.xml", "The Ledger Daily", 8},           {"northgate-business.xml", "Northgate Business | RSS", 9},
      {"kestrel-energy.xml", "Kestrel Energy Report", 8},    {"circuit-and-signal.xml", "Circuit & Signal", 7}};
  for (const auto& [file, title, count] : cases) {
    const auto feed = parse_feed(example(file), {file, ""});
    ASSERT_TRUE(feed.has_value()) << file;
    EXPECT_EQ(feed->title, title);
    EXPECT_EQ(feed->articles.size(), count);
    for (const auto& article : feed->articles) {
      EXPECT_TRUE(article.published.has_value()) << article.title;
      EXPECT_FALSE(article.url.empty()) << article.title;
      EXPECT_GT(article.summary.size(), 100U) << article.title;
      EXPECT_THAT(article.summary, Not(HasSubstr("appeared first")));
    }
  }
  EXPECT_EQ(parse_feed(example("broken.xml"), kOrigin).error().code, "web_page");
}

RC_GTEST_PROP(FeedsProperty, AnyDamageGivesAReasonOrAValidFeed, ()) {
  const auto name = *rc::gen::element<std::string>("meridian-wire.xml", "harbour-street.xml", "ledger-daily.xml",
                                                   "northgate-business.xml", "circuit-and-signal.xml", "broken.xml");
  std::string document = example(name);
  const auto start = *rc::gen::inRange<std::size_t>(0, document.size());
  const auto size = *rc::gen::inRange<std::size_t>(0, document.size() + 1);
  if (*rc::gen::arbitrary<bool>()) document = document.substr(start, size);
  for (const auto& [at, piece] : *rc::gen::container<std::vector<std::pair<std::size_t, std::string>>>(rc::gen::pair(
           rc::gen::arbitrary<std::size_t>(),
           rc::gen::oneOf(
               rc::gen::arbitrary<std::string>(),
               rc::gen::element<std::string>("<", ">", "&", "<!--", "<![CDATA[", "]]>", "<item>", "</item>", "&#xD800;",
                                             "\xFF", "\xE2\x80", "<p a=\"", "<script>", "&#0;", "\xEF\xBB\xBF")))))
    document.insert(document.empty() ? 0 : at % document.size(), piece);

  const auto feed = parse_feed(document, kOrigin);
  if (!feed) {
    RC_ASSERT(!feed.error().code.empty() && !feed.error().message.empty());
    return;
  }
  RC_ASSERT(!feed->articles.empty() && feed->articles.size() <= kMaxFeedArticles);
  for (const auto& article : feed->articles) {
    for (const auto* field : {&article.source, &article.title, &article.url, &article.guid, &article.summary})
      RC_ASSERT(text::is_utf8(*field));
    RC_ASSERT(!article.title.empty() && text::length(article.title) <= kMaxTitleLength);
    RC_ASSERT(text::length(article.summary) <= kMaxSummaryLength);
    RC_ASSERT(article.url.empty() || article.url.starts_with("http"));
  }
}

}  // namespace
}  // namespace odeon::briefings

#include "products/briefings/news/feeds.hpp"

#include <pugixml.hpp>
#include <sstream>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "products/briefings/links.hpp"
#include "products/briefings/news/charset.hpp"
#include "products/briefings/news/markup.hpp"
#include "products/briefings/script/sentences.hpp"

namespace odeon::briefings {
namespace {

std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

// Text of an element. Elements inside it (XHTML that nobody escaped) come back as markup.
std::string content(const pugi::xml_node& node) {
  std::string out;
  bool elements = false;
  for (const auto& child : node.children()) {
    if (child.type() == pugi::node_element) elements = true;
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) out += child.value();
  }
  if (!elements) return out;
  std::ostringstream markup;
  for (const auto& child : node.children()) child.print(markup, "", pugi::format_raw, pugi::encoding_utf8);
  return std::move(markup).str();
}

// The text of the first of these children that has any.
std::string first_of(const pugi::xml_node& item, std::initializer_list<std::string> names) {
  for (const auto& name : names)
    for (const auto& child : item.children(name.c_str()))
      if (std::string found = content(child); !text::trim(found).empty()) return std::string(text::trim(found));
  return {};
}

// Dates as feeds have them: RFC 822, RFC 3339, and ISO 8601 without seconds, zone or time of day.
std::optional<Instant> date(std::string_view written) {
  const std::string when = text::collapse_spaces(written.substr(0, 64));
  if (auto found = parse_rfc822(when)) return found;
  for (const char* rest : {"", "Z", ":00Z", "T00:00:00Z"})
    if (auto found = parse_iso8601(when + rest)) return found;
  if (when.size() == 17 && when.ends_with('Z')) return parse_iso8601(when.substr(0, 16) + ":00Z");
  return std::nullopt;
}

std::string summary_of(const std::string& markup) {
  const std::string plain = plain_text(markup);
  return bounded(without_boilerplate(text::prefix(plain, 8 * kMaxSummaryLength)), kMaxSummaryLength);
}

// The short text if it says something, else the long one.
std::string better_summary(const std::string& brief, const std::string& full) {
  constexpr std::size_t telling = 60;
  std::string summary = summary_of(brief);
  if (full.empty() || text::length(summary) >= telling) return summary;
  std::string longer = summary_of(full);
  return text::length(longer) > text::length(summary) ? longer : summary;
}

// Fills in what is missing and bounds the rest; nothing for an item that says nothing.
std::optional<Article> finished(Article article, const std::string& title) {
  article.title = text::replace_all(plain_text(title), "\n", " ");
  if (article.title.empty()) {
    const auto sentences = split_sentences(article.summary);
    if (sentences.empty()) return std::nullopt;
    article.title = sentences.front();
  }
  article.title = std::string(text::trim(text::prefix(article.title, kMaxTitleLength)));
  article.guid = std::string(text::prefix(tidy(article.guid), kMaxTitleLength));
  return article;
}

std::string rss_link(const pugi::xml_node& item, const std::string& base) {
  for (const auto& name : {"feedburner:origLink", "link"})
    if (auto link = absolute_link(base, first_of(item, {name})); !link.empty()) return link;
  for (const auto& link : item.children("atom:link"))
    if (auto found = absolute_link(base, link.attribute("href").value()); !found.empty()) return found;
  const auto guid = item.child("guid");
  const bool permanent = std::string_view(guid.attribute("isPermaLink").value()) != "false";
  return permanent && is_web_address(first_of(item, {"guid"})) ? absolute_link(base, first_of(item, {"guid"}))
                                                               : std::string();
}

std::optional<Article> rss_article(const pugi::xml_node& item, const std::string& base) {
  Article article;
  article.url = rss_link(item, base);
  article.guid = first_of(item, {"guid"});
  if (article.guid.empty()) article.guid = item.attribute("rdf:about").value();
  article.published = date(first_of(item, {"pubDate", "dc:date", "published", "atom:updated"}));
  article.summary = better_summary(first_of(item, {"description", "dc:description", "summary", "itunes:summary"}),
                                   first_of(item, {"content:encoded", "content"}));
  return finished(std::move(article), first_of(item, {"title", "dc:title"}));
}

std::string atom_link(const pugi::xml_node& entry, const std::string& name, const std::string& base) {
  std::string other;
  for (const auto& link : entry.children(name.c_str())) {
    const std::string_view relation = link.attribute("rel").value();
    const auto found = absolute_link(base, link.attribute("href").value());
    if (relation.empty() || relation == "alternate") return found;
    if (relation != "self" && relation != "edit" && other.empty()) other = found;
  }
  return other;
}

// A text construct of Atom as markup: plain text is escaped, so that all go one way from here.
std::string atom_text(const pugi::xml_node& entry, const std::string& name) {
  const auto node = entry.child(name.c_str());
  const std::string_view type = node.attribute("type").value();
  const std::string found = content(node);
  const bool markup = type == "html" || type == "xhtml" || type == "text/html" ||
                      node.find_child([](const auto& n) { return n.type() == pugi::node_element; });
  return markup ? found : text::escape_html(found);
}

std::optional<Article> atom_article(const pugi::xml_node& entry, const std::string& prefix, std::string base) {
  if (const auto own = absolute_link(base, entry.attribute("xml:base").value()); !own.empty()) base = own;
  Article article;
  article.url = atom_link(entry, prefix + "link", base);
  article.guid = first_of(entry, {prefix + "id"});
  for (const auto* name : {"published", "issued", "updated", "modified"})
    if (!article.published) article.published = date(first_of(entry, {prefix + name}));
  article.summary = better_summary(atom_text(entry, prefix + "summary"), atom_text(entry, prefix + "content"));
  return finished(std::move(article), atom_text(entry, prefix + "title"));
}

template <class Read>
void collect(Feed& feed, const pugi::xml_node& parent, const std::string& name, Read read) {
  for (const auto& item : parent.children(name.c_str())) {
    if (feed.articles.size() == kMaxFeedArticles) return;
    if (auto article = read(item)) {
      article->source = feed.title;
      feed.articles.push_back(std::move(*article));
    }
  }
}

std::string feed_title(const std::string& markup, const FeedOrigin& origin) {
  const std::string title = text::replace_all(plain_text(markup), "\n", " ");
  return title.empty() ? short_name(origin.address) : std::string(text::prefix(title, kMaxTitleLength));
}

Feed read_rss(const pugi::xml_node& root, const FeedOrigin& origin) {
  const auto channel = root.child("channel");
  const std::string site = absolute_link(origin.address, first_of(channel, {"link"}));
  const std::string base = site.empty() ? origin.address : site;
  Feed feed{.title = feed_title(first_of(channel, {"title"}), origin)};
  const auto read = [&](const pugi::xml_node& item) { return rss_article(item, base); };
  collect(feed, channel, "item", read);
  collect(feed, root, "item", read);  // RSS 0.90 and RDF have the items beside the channel
  return feed;
}

Feed read_atom(const pugi::xml_node& root, const FeedOrigin& origin) {
  const std::string name = root.name();
  const std::string prefix = name.substr(0, name.size() - local_name(root).size());
  std::string base = absolute_link(origin.address, root.attribute("xml:base").value());
  if (base.empty()) base = atom_link(root, prefix + "link", origin.address);
  if (base.empty()) base = origin.address;
  Feed feed{.title = feed_title(atom_text(root, prefix + "title"), origin)};
  collect(feed, root, prefix + "entry", [&](const pugi::xml_node& entry) { return atom_article(entry, prefix, base); });
  return feed;
}

bool is_web_page(std::string_view document) {
  const std::string head = text::to_lower(document.substr(0, 2048));
  return head.find("<!doctype html") != std::string::npos || head.find("<html") != std::string::npos ||
         head.starts_with("<head") || head.starts_with("<body");
}

}  // namespace

std::unexpected<SkipReason> skip(std::string code, std::string message) {
  return std::unexpected(SkipReason{std::move(code), std::move(message)});
}

std::string article_id(const Article& article) {
  const std::string& key = !article.url.empty() ? article.url : !article.guid.empty() ? article.guid : article.title;
  return crypto::sha256_hex(article.source + '\n' + key).substr(0, 10);
}

std::expected<Feed, SkipReason> parse_feed(std::string_view bytes, const FeedOrigin& origin) {
  if (text::trim(bytes).empty()) return skip("empty", "This source gave an empty document.");
  if (bytes.size() > kMaxFeedBytes) return skip("too_large", "This feed is larger than 4 MB.");
  // '<' in one of the encodings, behind a byte order mark and white space.
  const auto start = bytes.find_first_not_of("\xEF\xBB\xBF\xFE\xFF \t\r\n\0");
  if (start == std::string_view::npos || bytes[start] != '<')
    return skip("not_a_feed", "This source gave something else than a feed.");
  const auto decoded = to_utf8(bytes, origin.content_type);
  if (!decoded) return skip("charset", "The characters of this feed could not be made out.");
  const std::string_view document = text::trim(*decoded);
  if (is_web_page(document)) return skip("web_page", "This address gave a web page, not a feed.");
  if (document.find("<!ENTITY") != std::string_view::npos)
    return skip("entities", "This feed declares entities of its own, which is not accepted.");

  pugi::xml_document xml;
  const auto outcome = xml.load_buffer(document.data(), document.size(), pugi::parse_default | pugi::parse_ws_pcdata,
                                       pugi::encoding_utf8);
  const auto root = xml.document_element();
  if (!outcome) return skip("malformed", "This feed is damaged: its XML cannot be read to the end.");
  const std::string_view kind = local_name(root);
  const bool rss = text::equals_ignoring_case(kind, "rss") || text::equals_ignoring_case(kind, "rdf");
  if (!rss && kind != "feed") return skip("not_a_feed", "This source gave something else than a feed.");
  Feed feed = rss ? read_rss(root, origin) : read_atom(root, origin);
  if (feed.articles.empty()) return skip("no_articles", "This feed has no articles at the moment.");
  return feed;
}

}  // namespace odeon::briefings

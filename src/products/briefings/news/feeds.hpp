// News feeds: RSS 0.9x, 1.0 (RDF) and 2.0, and Atom (RFC 4287), as they are found and not only as
// they should be. Every document gives either a feed or the reason why it is skipped.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"

namespace odeon::briefings {

// Texts are plain, valid UTF-8 and bounded. A summary has one line for each block of the original.
struct Article {
  std::string source;  // the title of the feed it came from
  std::string title;
  std::string url;   // http or https, or empty
  std::string guid;  // as the feed gives it, or empty
  std::optional<Instant> published;
  std::string summary;
  std::optional<std::vector<std::string>> tickers;  // what the source says it is about, where it says so

  bool operator==(const Article&) const = default;
};
BOOST_DESCRIBE_STRUCT(Article, (), (source, title, url, guid, published, summary, tickers))

// A short name that stays the same for one article: what the sentences of a script refer to.
std::string article_id(const Article& article);

struct Feed {
  std::string title;
  std::vector<Article> articles;  // in the feed's order, none without a title
};

// Why a source was not used: a stable code and a sentence for people.
struct SkipReason {
  std::string code;  // empty, too_large, web_page, not_a_feed, malformed, entities, charset, no_articles, …
  std::string message;

  bool operator==(const SkipReason&) const = default;
};
std::unexpected<SkipReason> skip(std::string code, std::string message);

// Where a document came from.
struct FeedOrigin {
  std::string address;       // makes relative links absolute, and names a feed without a title
  std::string content_type;  // of the HTTP answer, or empty
};

inline constexpr std::size_t kMaxFeedBytes = 4 * 1024 * 1024;
inline constexpr std::size_t kMaxFeedArticles = 100;
inline constexpr std::size_t kMaxTitleLength = 300;     // code points
inline constexpr std::size_t kMaxSummaryLength = 1600;  // code points

// Total: no input throws or takes more than linear time. Entities that a document declares itself are
// never expanded.
std::expected<Feed, SkipReason> parse_feed(std::string_view bytes, const FeedOrigin& origin);

}  // namespace odeon::briefings

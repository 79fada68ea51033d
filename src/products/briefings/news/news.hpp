// From the articles of all sources to the stories of an edition: the newest, each told once, the most
// telling first, and no subject crowding out the others.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "products/briefings/news/feeds.hpp"

namespace odeon::briefings {

enum class Theme { markets, economy, companies, energy, technology, world };
BOOST_DESCRIBE_ENUM(Theme, markets, economy, companies, energy, technology, world)

// One event, told by one article or more. The first article is the first that told it in the order
// given; there is always one.
struct Story {
  std::vector<Article> articles;
  Theme theme = Theme::companies;
  double score = 0;  // higher is told earlier; comparable within one edition

  const std::string& title() const { return articles.front().title; }
  // Names of the feeds, each once, in order.
  std::vector<std::string> sources() const;
};

struct NewsOptions {
  std::chrono::hours window{48};
  std::size_t max_articles = 200;
};

// The newest of `articles`, newest first; those without a date come last. Where none of the dated ones
// lies within the window before `now`, the window ends at the newest there is.
std::vector<Article> newest(std::vector<Article> articles, Instant now, const NewsOptions& options);

// Whether two articles tell one event: one address, one guid, or headlines that say the same.
bool same_event(const Article& a, const Article& b);

// One story for each event, in the order of their first articles. Merging the first articles of a
// result again gives the same stories.
std::vector<Story> merged(std::vector<Article> articles);

Theme theme_of(const Article& article);

// All of the above, with scores, in the order in which an edition tells the stories.
std::vector<Story> stories_from(std::vector<Article> articles, Instant now, const NewsOptions& options = {});

}  // namespace odeon::briefings

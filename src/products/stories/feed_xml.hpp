// A private podcast feed of stories as RSS 2.0 with Apple's tags.
#pragma once

#include <string>
#include <vector>

#include "base/time.hpp"
#include "products/stories/words/language.hpp"

namespace odeon::stories {

struct FeedItem {
  std::string id;
  std::string title;
  std::string description;
  std::string audio_url;
  std::int64_t audio_bytes = 0;  // 0 if nobody knows
  double seconds = 0;
  std::string picture_url;  // empty: none
  Instant published;
};

struct FeedChannel {
  std::string url;   // the feed's own
  std::string home;  // of the product
  Language language = Language::en;
  Instant changed;
  std::vector<FeedItem> items;
};

// Well-formed whatever is in it. The same channel gives the same bytes.
std::string write_feed(const FeedChannel& channel);

}  // namespace odeon::stories

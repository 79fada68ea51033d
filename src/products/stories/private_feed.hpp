// A podcast feed of a person's own stories, for any podcast app, at an address that is a secret
// (engine/media/feeds/private_feeds.hpp).
#pragma once

#include "engine/media/feeds/private_feeds.hpp"
#include "products/stories/media.hpp"

namespace odeon::stories {

inline constexpr Endpoint<Nothing, WithHeaders<feeds::FeedAddress>> feed_address{
    {.method = Method::get,
     .path = "/api/feed",
     .summary = "The address of a podcast feed of your own stories",
     .description = "Whoever knows it can listen. It is made when it is first asked for.",
     .auth = Auth::user,
     .rate = {100, http::per_minute}}};
inline constexpr Endpoint<Nothing, WithHeaders<feeds::FeedAddress>> rotate_feed{
    {.method = Method::post,
     .path = "/api/feed/rotate",
     .summary = "A new address; the old one is nothing from now on",
     .auth = Auth::user,
     .rate = {20, http::per_minute}}};
inline constexpr Endpoint<feeds::FeedRequest, http::File> read_feed{{.method = Method::get,
                                                                     .path = "/feeds/stories/{file}",
                                                                     .summary = "The feed, for podcast apps",
                                                                     .rate = {100, http::per_minute},
                                                                     .media_type = "application/rss+xml"}};

// Thread-safe; what it is given outlives it.
class PrivateFeed {
 public:
  // `secret` is at least 32 bytes, the same on all nodes.
  PrivateFeed(database::Database& database, const Media& media, std::string secret, const Clock& clock);

  Task<WithHeaders<feeds::FeedAddress>> address(http::Caller caller);
  Task<WithHeaders<feeds::FeedAddress>> rotate(http::Caller caller);
  Task<http::File> read(http::Caller caller, feeds::FeedRequest request);

  void mount(http::Api& api);

 private:
  database::Database& database_;
  const Media& media_;
  feeds::PrivateFeeds feeds_;
  const Clock& clock_;
};

}  // namespace odeon::stories

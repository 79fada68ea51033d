// A podcast feed of a person's own stories, for any podcast app, at an address that is a secret.
//
// The address can be shown again, since its token is derived from a secret of the server and a salt that a new address
// changes; only the token's hash is stored, for looking it up. What the feed names plays without headers for at least
// seven days: addresses are signed anew each day (UTC), so within a day the feed is the same to the byte, and a reader
// that has it is answered 304.
#pragma once

#include "products/stories/feed_store.hpp"
#include "products/stories/media.hpp"

namespace odeon::stories {

struct FeedAddress {
  std::string url;
};
BOOST_DESCRIBE_STRUCT(FeedAddress, (), (url))

struct FeedRequest {
  std::string file;  // <token>.xml
};
BOOST_DESCRIBE_STRUCT(FeedRequest, (), (file))

inline constexpr Endpoint<Nothing, WithHeaders<FeedAddress>> feed_address{
    {.method = Method::get,
     .path = "/api/feed",
     .summary = "The address of a podcast feed of your own stories",
     .description = "Whoever knows it can listen. It is made when it is first asked for.",
     .auth = Auth::user,
     .rate = {100, http::per_minute}}};
inline constexpr Endpoint<Nothing, WithHeaders<FeedAddress>> rotate_feed{
    {.method = Method::post,
     .path = "/api/feed/rotate",
     .summary = "A new address; the old one is nothing from now on",
     .auth = Auth::user,
     .rate = {20, http::per_minute}}};
inline constexpr Endpoint<FeedRequest, http::File> read_feed{{.method = Method::get,
                                                              .path = "/feeds/stories/{file}",
                                                              .summary = "The feed, for podcast apps",
                                                              .rate = {100, http::per_minute},
                                                              .media_type = "application/rss+xml"}};

// Thread-safe; what it is given outlives it.
class PrivateFeed {
 public:
  // `secret` is at least 32 bytes, the same on all nodes.
  PrivateFeed(database::Database& database, const Media& media, std::string secret, const Clock& clock);

  Task<WithHeaders<FeedAddress>> address(http::Caller caller);
  Task<WithHeaders<FeedAddress>> rotate(http::Caller caller);
  Task<http::File> read(http::Caller caller, FeedRequest request);

  void mount(http::Api& api);

 private:
  WithHeaders<FeedAddress> shown(const http::Caller& caller, std::string_view salt) const;
  std::string token_of(std::string_view user_id, std::string_view salt) const;

  database::Database& database_;
  const Media& media_;
  std::string secret_;
  const Clock& clock_;
};

}  // namespace odeon::stories

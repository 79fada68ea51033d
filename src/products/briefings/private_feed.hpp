// A podcast feed of a listener's own briefings, for any podcast app: RSS 2.0 with Apple's tags, at an address
// that is a secret.
//
// The address can be shown again, since its token is derived from a secret of the server and a salt that a new
// address changes; only the token's hash is stored, for looking it up. What the feed names plays without headers
// for at least seven days: addresses are signed anew each day (UTC), so within a day the feed is the same
// to the byte, and a reader that has it is answered 304.
#pragma once

#include "engine/billing/subscriptions.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "engine/storage/files.hpp"
#include "products/briefings/store.hpp"

namespace odeon::briefings {

struct FeedAddress {
  std::string url;
};
BOOST_DESCRIBE_STRUCT(FeedAddress, (), (url))

struct FeedRequest {
  std::string file;  // <token>.xml
};
BOOST_DESCRIBE_STRUCT(FeedRequest, (), (file))

inline constexpr Endpoint<http::Nothing, http::WithHeaders<FeedAddress>> feed_address{
    {.method = Method::get,
     .path = "/api/feed",
     .summary = "The address of a podcast feed of your own briefings",
     .description = "Whoever knows it can listen. It is made when it is first asked for.",
     .auth = Auth::user,
     .rate = kReading}};
inline constexpr Endpoint<http::Nothing, http::WithHeaders<FeedAddress>> rotate_feed{
    {.method = Method::post,
     .path = "/api/feed/rotate",
     .summary = "A new address; the old one is nothing from now on",
     .auth = Auth::user,
     .rate = {20, http::per_minute}}};
inline constexpr Endpoint<FeedRequest, http::File> read_feed{
    {.method = Method::get, .path = "/feeds/{file}", .summary = "The feed, for podcast apps", .rate = kReading}};

// What a feed tells of a briefing.
struct FeedItem {
  std::string id;
  std::string title;
  std::string description;
  std::string audio_url;
  std::int64_t audio_bytes = 0;
  double duration = 0;  // seconds
  Instant published;
};

struct FeedChannel {
  std::string url;   // the feed's own
  std::string home;  // of the product
  Instant changed;
  std::vector<FeedItem> items;
};

// Well-formed whatever is in it: characters that XML has none for are left out.
std::string write_feed(const FeedChannel& channel);

class PrivateFeed {
 public:
  // `secret` is at least 32 bytes, the same on all nodes.
  PrivateFeed(database::Database& database, Store& store, const storage::FileSigner& signer,
              billing::Subscriptions& subscriptions, std::string secret, const Clock& clock);

  Task<http::WithHeaders<FeedAddress>> address(http::Caller caller);
  Task<http::WithHeaders<FeedAddress>> rotate(http::Caller caller);
  Task<http::File> read(http::Caller caller, FeedRequest request);

  void mount(http::Api& api);

 private:
  Task<void> guard(std::string user_id);
  http::WithHeaders<FeedAddress> shown(const http::Caller& caller, std::string_view salt) const;
  std::string token_of(std::string_view user_id, std::string_view salt) const;
  Task<std::vector<BriefingRow>> briefings(std::string user_id, const billing::Plan& plan);

  database::Database& database_;
  Store& store_;
  const storage::FileSigner& signer_;
  billing::Subscriptions& subscriptions_;
  std::string secret_;
  const Clock& clock_;
};

}  // namespace odeon::briefings

// A podcast feed of a listener's own briefings, for any podcast app, at an address that is a secret
// (engine/media/feeds/private_feeds.hpp).
#pragma once

#include "engine/billing/subscriptions.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "engine/media/feeds/private_feeds.hpp"
#include "engine/storage/files.hpp"
#include "products/briefings/store.hpp"

namespace odeon::briefings {

inline constexpr Endpoint<http::Nothing, http::WithHeaders<feeds::FeedAddress>> feed_address{
    {.method = Method::get,
     .path = "/api/feed",
     .summary = "The address of a podcast feed of your own briefings",
     .description = "Whoever knows it can listen. It is made when it is first asked for.",
     .auth = Auth::user,
     .rate = kReading}};
inline constexpr Endpoint<http::Nothing, http::WithHeaders<feeds::FeedAddress>> rotate_feed{
    {.method = Method::post,
     .path = "/api/feed/rotate",
     .summary = "A new address; the old one is nothing from now on",
     .auth = Auth::user,
     .rate = {20, http::per_minute}}};
inline constexpr Endpoint<feeds::FeedRequest, http::File> read_feed{
    {.method = Method::get, .path = "/feeds/{file}", .summary = "The feed, for podcast apps", .rate = kReading}};

// Thread-safe; what it is given outlives it.
class PrivateFeed {
 public:
  // `secret` is at least 32 bytes, the same on all nodes.
  PrivateFeed(database::Database& database, Store& store, const storage::FileSigner& signer,
              billing::Subscriptions& subscriptions, std::string secret, const Clock& clock);

  Task<http::WithHeaders<feeds::FeedAddress>> address(http::Caller caller);
  Task<http::WithHeaders<feeds::FeedAddress>> rotate(http::Caller caller);
  Task<http::File> read(http::Caller caller, feeds::FeedRequest request);

  void mount(http::Api& api);

 private:
  Task<void> guard(std::string user_id);
  Task<std::vector<BriefingRow>> briefings(std::string user_id, const billing::Plan& plan);

  feeds::PrivateFeeds feeds_;
  Store& store_;
  const storage::FileSigner& signer_;
  billing::Subscriptions& subscriptions_;
  const Clock& clock_;
};

}  // namespace odeon::briefings

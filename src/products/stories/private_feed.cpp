#include "products/stories/private_feed.hpp"

#include "engine/http/binding.hpp"
#include "products/stories/feed_channel.hpp"
#include "products/stories/store.hpp"

namespace odeon::stories {
namespace {

constexpr std::int64_t kFeedItems = 100;

WithHeaders<feeds::FeedAddress> feed_address_of(const http::Caller& caller, std::string_view token) {
  return feeds::address_shown(fmt::format("{}/feeds/stories/{}.xml", caller.base_url, token));
}

}  // namespace

PrivateFeed::PrivateFeed(database::Database& database, const Media& media, std::string secret, const Clock& clock)
    : database_(database),
      media_(media),
      feeds_(database, std::string(kProduct), std::move(secret), clock),
      clock_(clock) {}

void PrivateFeed::mount(http::Api& api) {
  http::mount(api, feed_address, &PrivateFeed::address, *this);
  http::mount(api, rotate_feed, &PrivateFeed::rotate, *this);
  http::mount(api, read_feed, &PrivateFeed::read, *this);
}

Task<WithHeaders<feeds::FeedAddress>> PrivateFeed::address(http::Caller caller) {
  co_return feed_address_of(caller, co_await feeds_.token_of(caller.user_id));
}

Task<WithHeaders<feeds::FeedAddress>> PrivateFeed::rotate(http::Caller caller) {
  co_return feed_address_of(caller, co_await feeds_.replace(caller.user_id));
}

Task<http::File> PrivateFeed::read(http::Caller caller, feeds::FeedRequest request) {
  const auto owner = co_await feeds_.owner_of(request);
  const auto preferences = co_await store::preferences(database_, owner);
  auto channel = private_channel(preferences ? preferences->language : Language::en);
  channel.url = fmt::format("{}/feeds/stories/{}", caller.base_url, request.file);
  channel.home = caller.base_url;
  channel.changed = std::chrono::floor<std::chrono::days>(clock_.now());
  for (const auto& tale : co_await store::heard_tales(database_, owner, kFeedItems)) {
    channel.changed = std::max(channel.changed, tale.updated_at);
    auto item = item_of(tale);
    item.audio_url = media_.url(caller.base_url, tale.audio_key, feeds::kPlayable);
    if (tale.picture_key) item.picture_url = media_.url(caller.base_url, *tale.picture_key, feeds::kPlayable);
    channel.items.push_back(std::move(item));
  }
  co_return feeds::private_file(channel);
}

}  // namespace odeon::stories

#include "products/stories/private_feed.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "engine/http/binding.hpp"
#include "engine/http/document.hpp"
#include "products/stories/feed_xml.hpp"
#include "products/stories/store.hpp"

namespace odeon::stories {
namespace {

constexpr std::int64_t kFeedItems = 100;
constexpr const char* kFeedType = "application/rss+xml; charset=utf-8";
constexpr std::string_view kFeedSuffix = ".xml";
constexpr std::size_t kSaltBytes = 16, kTokenCharacters = 43;  // 256 bits in base64url
constexpr std::size_t kFeedDescription = 500;                  // code points of the story
constexpr std::chrono::days kPlayable{8};                      // from the day's start: seven at least

Error no_such_feed() {
  return Error(Fault::not_found, "FEED_NOT_FOUND", "There is no such feed.");
}

std::string hash_of_token(std::string_view token) {
  return crypto::sha256_hex(token);
}

std::string new_salt() {
  return crypto::to_hex(crypto::random_bytes(kSaltBytes));
}

std::string beginning_of(std::string_view content) {
  const auto begins = text::prefix(content, kFeedDescription);
  return begins.size() < content.size() ? fmt::format("{} …", begins) : std::string(begins);
}

}  // namespace

PrivateFeed::PrivateFeed(database::Database& database, const Media& media, std::string secret, const Clock& clock)
    : database_(database), media_(media), secret_(std::move(secret)), clock_(clock) {
  if (secret_.size() < 32) throw std::invalid_argument("private feeds need a secret of at least 32 bytes");
}

void PrivateFeed::mount(http::Api& api) {
  http::mount(api, feed_address, &PrivateFeed::address, *this);
  http::mount(api, rotate_feed, &PrivateFeed::rotate, *this);
  http::mount(api, read_feed, &PrivateFeed::read, *this);
}

std::string PrivateFeed::token_of(std::string_view user_id, std::string_view salt) const {
  return crypto::to_base64url(crypto::hmac_sha256(secret_, fmt::format("odeon stories feed 1\n{}\n{}", salt, user_id)));
}

WithHeaders<FeedAddress> PrivateFeed::shown(const http::Caller& caller, std::string_view salt) const {
  WithHeaders<FeedAddress> reply{
      .value = {fmt::format("{}/feeds/stories/{}{}", caller.base_url, token_of(caller.user_id, salt), kFeedSuffix)}};
  reply.headers.add("Cache-Control", "no-store");
  return reply;
}

Task<WithHeaders<FeedAddress>> PrivateFeed::address(http::Caller caller) {
  const std::string salt = new_salt();
  const auto kept = co_await store::keep_feed(database_, caller.user_id, salt,
                                              hash_of_token(token_of(caller.user_id, salt)), clock_.now());
  co_return shown(caller, kept);
}

Task<WithHeaders<FeedAddress>> PrivateFeed::rotate(http::Caller caller) {
  const std::string salt = new_salt();
  co_await store::replace_feed(database_, caller.user_id, salt, hash_of_token(token_of(caller.user_id, salt)),
                               clock_.now());
  co_return shown(caller, salt);
}

Task<http::File> PrivateFeed::read(http::Caller caller, FeedRequest request) {
  std::string_view token = request.file;
  if (!token.ends_with(kFeedSuffix)) throw no_such_feed();
  token.remove_suffix(kFeedSuffix.size());
  if (token.size() != kTokenCharacters) throw no_such_feed();
  const auto owner = co_await store::owner_of_feed(database_, hash_of_token(token));
  if (!owner) throw no_such_feed();

  const auto preferences = co_await store::preferences(database_, *owner);
  FeedChannel channel{.url = fmt::format("{}/feeds/stories/{}", caller.base_url, request.file),
                      .home = caller.base_url,
                      .language = preferences ? preferences->language : Language::en,
                      .changed = std::chrono::floor<std::chrono::days>(clock_.now())};
  for (const auto& tale : co_await store::heard_tales(database_, *owner, kFeedItems)) {
    channel.changed = std::max(channel.changed, tale.updated_at);
    channel.items.push_back(
        {.id = tale.id,
         .title = tale.title,
         .description = beginning_of(tale.content),
         .audio_url = media_.url(caller.base_url, tale.audio_key, kPlayable),
         .audio_bytes = tale.audio_bytes,
         .seconds = tale.audio_seconds,
         .picture_url = tale.picture_key ? media_.url(caller.base_url, *tale.picture_key, kPlayable) : "",
         .published = tale.created_at});
  }
  co_return http::File{.object = std::make_shared<http::Document>(kFeedType, write_feed(channel), channel.changed),
                       .cache_control = "private, max-age=300"};
}

}  // namespace odeon::stories

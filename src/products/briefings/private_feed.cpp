#include "products/briefings/private_feed.hpp"

#include "base/crypto.hpp"
#include "engine/http/binding.hpp"
#include "engine/http/document.hpp"
#include "products/briefings/news/store_feeds.hpp"

namespace odeon::briefings {
namespace {

constexpr std::int64_t kItems = 100;
constexpr const char* kFeedType = "application/rss+xml; charset=utf-8";
constexpr std::size_t kSaltBytes = 16, kTokenCharacters = 43;  // 256 bits in base64url
constexpr std::size_t kDescription = 1000;                     // code points of the transcript
constexpr std::chrono::days kPlayable{8};                      // from the day's start: seven at least

Error no_such_feed() {
  return Error(Fault::not_found, "FEED_NOT_FOUND", "There is no such feed.");
}

std::string hash_of(std::string_view token) {
  return crypto::sha256_hex(token);
}

std::string new_salt() {
  return crypto::to_hex(crypto::random_bytes(kSaltBytes));
}

std::string description_of(const BriefingRow& row) {
  const auto said = text::prefix(row.transcript, kDescription);
  std::string text = row.tickers.empty() ? "" : text::join(row.tickers, ", ") + "\n\n";
  text += said;
  return said.size() < row.transcript.size() ? text + " …" : text;
}

}  // namespace

PrivateFeed::PrivateFeed(database::Database& database, Store& store, const storage::FileSigner& signer,
                         billing::Subscriptions& subscriptions, std::string secret, const Clock& clock)
    : database_(database),
      store_(store),
      signer_(signer),
      subscriptions_(subscriptions),
      secret_(std::move(secret)),
      clock_(clock) {
  if (secret_.size() < 32) throw std::invalid_argument("private feeds need a secret of at least 32 bytes");
}

void PrivateFeed::mount(http::Api& api) {
  http::mount(api, feed_address, &PrivateFeed::address, *this);
  http::mount(api, rotate_feed, &PrivateFeed::rotate, *this);
  http::mount(api, read_feed, &PrivateFeed::read, *this);
}

std::string PrivateFeed::token_of(std::string_view user_id, std::string_view salt) const {
  return crypto::to_base64url(
      crypto::hmac_sha256(secret_, fmt::format("odeon briefings feed 1\n{}\n{}", salt, user_id)));
}

Task<void> PrivateFeed::guard(std::string user_id) {
  const auto entitled = co_await subscriptions_.entitlement(std::move(user_id), std::string(kProduct));
  if (!entitled.plan->has("private_feed"))
    throw Error(Fault::forbidden, "UPGRADE_REQUIRED", "A podcast feed of your own is part of the paid plans.")
        .with_upgrade_url(subscriptions_.plans_of(kProduct).upgrade_url);
}

http::WithHeaders<FeedAddress> PrivateFeed::shown(const http::Caller& caller, std::string_view salt) const {
  http::WithHeaders<FeedAddress> reply{
      .value = {fmt::format("{}/feeds/{}.xml", caller.base_url, token_of(caller.user_id, salt))}};
  reply.headers.add("Cache-Control", "no-store");
  return reply;
}

Task<http::WithHeaders<FeedAddress>> PrivateFeed::address(http::Caller caller) {
  co_await guard(caller.user_id);
  const std::string salt = new_salt();
  const auto kept =
      co_await store::keep_feed(database_, caller.user_id, salt, hash_of(token_of(caller.user_id, salt)), clock_.now());
  co_return shown(caller, kept);
}

Task<http::WithHeaders<FeedAddress>> PrivateFeed::rotate(http::Caller caller) {
  co_await guard(caller.user_id);
  const std::string salt = new_salt();
  co_await store::replace_feed(database_, caller.user_id, salt, hash_of(token_of(caller.user_id, salt)), clock_.now());
  co_return shown(caller, salt);
}

Task<std::vector<BriefingRow>> PrivateFeed::briefings(std::string user_id, const billing::Plan& plan) {
  const auto days = plan.limit("history_days");
  const Instant since = days == billing::kUnlimited ? Instant{} : clock_.now() - std::chrono::days(days);
  return store_.ready_since(std::move(user_id), since, kItems, 0);
}

Task<http::File> PrivateFeed::read(http::Caller caller, FeedRequest request) {
  std::string_view token = request.file;
  if (!token.ends_with(".xml")) throw no_such_feed();
  token.remove_suffix(4);
  if (token.size() != kTokenCharacters) throw no_such_feed();
  const auto owner = co_await store::owner_of_feed(database_, hash_of(token));
  if (!owner) throw no_such_feed();
  const auto entitled = co_await subscriptions_.entitlement(*owner, std::string(kProduct));
  if (!entitled.plan->has("private_feed"))
    throw Error(Fault::forbidden, "UPGRADE_REQUIRED", "This feed rests until its owner has a paid plan again.")
        .with_upgrade_url(subscriptions_.plans_of(kProduct).upgrade_url);

  const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now());
  const auto day = std::chrono::floor<std::chrono::days>(now);
  FeedChannel channel{
      .url = fmt::format("{}/feeds/{}", caller.base_url, request.file), .home = caller.base_url, .changed = day};
  for (const auto& row : co_await briefings(*owner, *entitled.plan)) {
    channel.changed = std::max(channel.changed, row.generated_at);
    channel.items.push_back({.id = row.id,
                             .title = row.title,
                             .description = description_of(row),
                             .audio_url = fmt::format("{}/api/audio/{}.mp3?{}", caller.base_url, row.id,
                                                      signer_.read_query(row.audio_key, day + kPlayable - now)),
                             .audio_bytes = row.audio_bytes,
                             .duration = row.duration,
                             .published = row.generated_at});
  }
  co_return http::File{.object = std::make_shared<http::Document>(kFeedType, write_feed(channel), channel.changed),
                       .cache_control = "private, max-age=300"};
}

}  // namespace odeon::briefings

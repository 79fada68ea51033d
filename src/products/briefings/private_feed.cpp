#include "products/briefings/private_feed.hpp"

#include <cmath>

#include "engine/http/binding.hpp"

namespace odeon::briefings {
namespace {

constexpr std::int64_t kItems = 100;
constexpr std::size_t kDescription = 1000;  // code points of the transcript

std::string description_of(const BriefingRow& row) {
  const auto said = text::prefix(row.transcript, kDescription);
  std::string text = row.tickers.empty() ? "" : text::join(row.tickers, ", ") + "\n\n";
  text += said;
  return said.size() < row.transcript.size() ? text + " …" : text;
}

feeds::Channel private_channel() {
  return {.title = "Your market briefings",
          .description = "Briefings about your own stocks. This address is yours alone: do not pass it on.",
          .author = "Odeon",
          .is_private = true,
          .category = "Business"};
}

feeds::Item item_of(const BriefingRow& row) {
  return {.guid = row.id,
          .title = row.title,
          .description = description_of(row),
          .published = row.generated_at,
          .audio_bytes = row.audio_bytes,
          .seconds = static_cast<std::int64_t>(std::ceil(row.duration))};
}

http::WithHeaders<feeds::FeedAddress> feed_address_of(const http::Caller& caller, std::string_view token) {
  return feeds::address_shown(fmt::format("{}/feeds/{}.xml", caller.base_url, token));
}

}  // namespace

PrivateFeed::PrivateFeed(database::Database& database, Store& store, const storage::FileSigner& signer,
                         billing::Subscriptions& subscriptions, std::string secret, const Clock& clock)
    : feeds_(database, std::string(kProduct), std::move(secret), clock),
      store_(store),
      signer_(signer),
      subscriptions_(subscriptions),
      clock_(clock) {}

void PrivateFeed::mount(http::Api& api) {
  http::mount(api, feed_address, &PrivateFeed::address, *this);
  http::mount(api, rotate_feed, &PrivateFeed::rotate, *this);
  http::mount(api, read_feed, &PrivateFeed::read, *this);
}

Task<void> PrivateFeed::guard(std::string user_id) {
  const auto entitled = co_await subscriptions_.entitlement(std::move(user_id), std::string(kProduct));
  if (!entitled.plan->has("private_feed"))
    throw Error(Fault::forbidden, "UPGRADE_REQUIRED", "A podcast feed of your own is part of the paid plans.")
        .with_upgrade_url(subscriptions_.plans_of(kProduct).upgrade_url);
}

Task<http::WithHeaders<feeds::FeedAddress>> PrivateFeed::address(http::Caller caller) {
  co_await guard(caller.user_id);
  co_return feed_address_of(caller, co_await feeds_.token_of(caller.user_id));
}

Task<http::WithHeaders<feeds::FeedAddress>> PrivateFeed::rotate(http::Caller caller) {
  co_await guard(caller.user_id);
  co_return feed_address_of(caller, co_await feeds_.replace(caller.user_id));
}

Task<std::vector<BriefingRow>> PrivateFeed::briefings(std::string user_id, const billing::Plan& plan) {
  const auto days = plan.limit("history_days");
  const Instant since = days == billing::kUnlimited ? Instant{} : clock_.now() - std::chrono::days(days);
  return store_.ready_since(std::move(user_id), since, kItems, 0);
}

Task<http::File> PrivateFeed::read(http::Caller caller, feeds::FeedRequest request) {
  const auto owner = co_await feeds_.owner_of(request);
  const auto entitled = co_await subscriptions_.entitlement(owner, std::string(kProduct));
  if (!entitled.plan->has("private_feed"))
    throw Error(Fault::forbidden, "UPGRADE_REQUIRED", "This feed rests until its owner has a paid plan again.")
        .with_upgrade_url(subscriptions_.plans_of(kProduct).upgrade_url);

  const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now());
  const auto day = std::chrono::floor<std::chrono::days>(now);
  auto channel = private_channel();
  channel.url = fmt::format("{}/feeds/{}", caller.base_url, request.file);
  channel.home = caller.base_url;
  channel.changed = day;
  for (const auto& row : co_await briefings(owner, *entitled.plan)) {
    channel.changed = std::max(channel.changed, row.generated_at);
    auto item = item_of(row);
    item.audio_url = fmt::format("{}/api/audio/{}.mp3?{}", caller.base_url, row.id,
                                 signer_.read_query(row.audio_key, day + feeds::kPlayable - now));
    channel.items.push_back(std::move(item));
  }
  co_return feeds::private_file(channel);
}

}  // namespace odeon::briefings

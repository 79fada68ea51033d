#include "products/briefings/editions.hpp"

#include "engine/http/binding.hpp"

namespace odeon::briefings {
namespace {

// Long enough to take a burst off the database, short enough that nobody notices.
constexpr std::chrono::seconds kLatestFor{10};
constexpr std::chrono::seconds kFirstEditionIn{15};

Edition edition_of(const BriefingRow& row) {
  return {.id = row.id,
          .title = row.title,
          .duration = row.duration,
          .generated_at = row.generated_at,
          .next_update_at = *row.slot + kEditionEvery,
          .ad_markers = row.ad_markers};
}
}  // namespace

Editions::Editions(Store& store, Playback& playback, coordination::Coordination& coordination, ai::Gateway& gateway,
                   billing::Subscriptions& subscriptions, const Clock& clock, bool has_feeds)
    : store_(store),
      playback_(playback),
      coordination_(coordination),
      gateway_(gateway),
      subscriptions_(subscriptions),
      clock_(clock),
      has_feeds_(has_feeds) {}

void Editions::mount(http::Api& api) {
  http::mount(api, latest_edition, &Editions::latest, *this);
  http::mount(api, current_edition, &Editions::current, *this);
  http::mount(api, edition_history, &Editions::history, *this);
  http::mount(api, mobile_health, &Editions::health, *this);
}

// The newest one, as it is kept for everybody.
Task<Edition> Editions::newest() {
  auto load = [this](this auto) -> Task<std::string> {
    const auto row = co_await store_.newest_ready_edition();
    co_return row ? json::write(edition_of(*row)) : std::string();
  };
  const std::string stored = co_await coordination::cached_or(coordination_, kLatestKey, kLatestFor, load);
  if (!stored.empty()) co_return json::from<Edition>(stored);
  co_await coordination_.forget(kLatestKey);
  if (!has_feeds_)
    throw Error(Fault::unavailable, "NO_NEWS_SOURCES", "No news source is configured. Set BRIEFINGS_FEEDS.");
  throw Error(Fault::unavailable, "NOT_READY_YET", "The first briefing is being made.")
      .with_retry_after(kFirstEditionIn)
      .with_fallback_action("retry");
}

// Who is signed in without paying hears one edition a day: the first that was served, until midnight.
Task<Edition> Editions::of_the_day(http::Caller caller, Edition newest) {
  const Instant today = billing::start_of(billing::Period::day, clock_.now());
  const std::string id = co_await store_.edition_of_day(caller.user_id, today, newest.id);
  if (id != newest.id)
    if (const auto row = co_await store_.briefing(id); row && row->status == Status::ready) newest = edition_of(*row);
  newest.next_update_at = *billing::end_of(billing::Period::day, clock_.now());
  newest.upgrade_url = subscriptions_.plans_of(kProduct).upgrade_url;
  co_return newest;
}

Task<Edition> Editions::latest(http::Caller caller) {
  Edition edition = co_await newest();
  if (!caller.anonymous()) {
    const auto entitled = co_await subscriptions_.entitlement(caller.user_id, std::string(kProduct));
    if (!entitled.plan->has("personalized_news")) edition = co_await of_the_day(caller, std::move(edition));
  }
  edition.audio_url = fmt::format("{}/api/audio/{}.mp3", caller.base_url, edition.id);
  // A late edition is not announced for the past.
  edition.next_update_at = std::max(edition.next_update_at, clock_.now());
  co_return edition;
}

Task<Briefing> Editions::current(http::Caller caller) {
  auto row = co_await store_.newest_edition();
  if (!row) throw Error(Fault::not_found, "NO_EDITION", "No briefing was asked for yet.");
  co_return co_await playback_.described(std::move(caller), std::move(*row));
}

Task<History> Editions::history(http::Caller caller, HistoryRequest request) {
  auto rows = co_await store_.ready_since("", clock_.now() - kEditionsKept, request.limit + 1, request.offset);
  History history{.has_more = rows.size() > static_cast<std::size_t>(request.limit)};
  if (history.has_more) rows.pop_back();
  for (const auto& row : rows)
    history.briefings.push_back({row.id, row.title, row.duration, row.generated_at, playback_.audio_url(caller, row)});
  co_return history;
}

Task<MobileHealth> Editions::health() {
  MobileHealth health{.api = "healthy", .kokoro = "not_configured", .min_app_version = "1.0.0"};
  for (const auto& model : gateway_.health())
    if (model.model.starts_with("kokoro/")) health.kokoro = model.available ? "healthy" : "unavailable";
  const auto row = co_await store_.newest_ready_edition();
  const auto used = row ? std::ranges::count_if(row->sources, &Source::used) : 0;
  if (!has_feeds_)
    health.news_api = "not_configured";
  else if (used == 0)
    health.news_api = "unavailable";
  else
    health.news_api = used == std::ssize(row->sources) ? "healthy" : "degraded";
  co_return health;
}

}  // namespace odeon::briefings

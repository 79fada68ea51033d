#include "products/briefings/alerts.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <ranges>
#include <set>

#include "engine/http/binding.hpp"

namespace odeon::briefings {
namespace {

constexpr std::int64_t kFollowersAtOnce = 100;
constexpr std::int64_t kLiveAtOnce = 1000;
constexpr int kAlertPriority = 2;
constexpr std::chrono::days kKeep{30};
// Transactions do not end in the order in which they looked at the clock.
constexpr std::chrono::minutes kOverlap{1};
// When announcements are lost or local (coordination.hpp).
constexpr std::chrono::seconds kSlowPoll{5};

std::string topic_of(std::string_view user_id) {
  return fmt::format("briefings.alerts:{}", user_id);
}

Alert shown_alert(AlertRow row) {
  return {.id = std::move(row.id),
          .kind = row.kind,
          .ticker = std::move(row.ticker),
          .title = std::move(row.title),
          .body = std::move(row.body),
          .url = row.url.empty() ? std::nullopt : std::optional(std::move(row.url)),
          .created_at = row.told_at};
}

notify::PushOrder announcement(const MarketEvent& event, const std::string& user_id) {
  json::object data{{"alert_id", event.id}, {"ticker", event.ticker}};
  if (!event.url.empty()) data["url"] = event.url;
  return {.user_id = user_id,
          .product = std::string(kProduct),
          .message = {.title = event.title, .body = event.body, .data = std::move(data)},
          .key = fmt::format("briefings.alert:{}:{}", event.id, user_id)};
}

Task<void> hear(coordination::Subscription& announcements) {
  co_await announcements.next();
}

}  // namespace

void Alerts::mount(http::Api& api) {
  http::mount(api, list_alerts, &Alerts::list, *this);
  http::mount(api, live_alerts, &Alerts::live, *this);
  http::mount(api, alert_wishes, &Alerts::wishes, *this);
  http::mount(api, change_alerts, &Alerts::change, *this);
}

void Alerts::install(jobs::Worker& worker) {
  worker.handle<WatchMarket>([this](WatchMarket, jobs::Job&) { return watch(); });
  worker.handle<TellFollowers>([this](TellFollowers job, jobs::Job&) { return tell(std::move(job.event_id)); });
  worker.handle<ForgetAlerts>([this](ForgetAlerts, jobs::Job&) { return store_.forget(parts_.clock.now() - kKeep); });
  // Whatever a minute missed, the next one finds.
  worker.schedule("briefings.watch_market", jobs::Cron("* * * * *"), WatchMarket{}, {.max_attempts = 1});
  worker.schedule("briefings.forget_alerts", jobs::Cron("50 3 * * *"), ForgetAlerts{});
}

// ---- for listeners ---------------------------------------------------------------------------------

Task<void> Alerts::guard(std::string user_id) {
  const auto entitled = co_await parts_.subscriptions.entitlement(std::move(user_id), std::string(kProduct));
  if (!entitled.plan->has("alerts"))
    throw Error(Fault::forbidden, "UPGRADE_REQUIRED", "Alerts are part of the Pro plan.")
        .with_upgrade_url(parts_.subscriptions.plans_of(kProduct).upgrade_url);
}

Task<AlertList> Alerts::list(http::Caller caller, AlertListRequest request) {
  co_await guard(caller.user_id);
  auto rows = co_await store_.told(caller.user_id, Instant{}, request.limit + 1, request.offset);
  AlertList list{.has_more = std::ssize(rows) > request.limit};
  if (list.has_more) rows.pop_back();
  for (auto& row : rows) list.alerts.push_back(shown_alert(std::move(row)));
  co_return list;
}

Task<AlertWishes> Alerts::wishes(http::Caller caller) {
  co_await guard(caller.user_id);
  co_return co_await store_.wishes(caller.user_id);
}

Task<AlertWishes> Alerts::change(http::Caller caller, ChangeAlerts request) {
  co_await guard(caller.user_id);
  AlertWishes wishes = co_await store_.wishes(caller.user_id);
  wishes.news = request.news.value_or(wishes.news);
  wishes.prices = request.prices.value_or(wishes.prices);
  if (request.price_move) wishes.price_move = *request.price_move;
  co_await store_.keep_wishes(caller.user_id, wishes);
  co_return wishes;
}

Task<http::Stream<Alert>> Alerts::live(http::Caller caller, LiveAlertsRequest request) {
  co_await guard(caller.user_id);
  const Instant since = request.since.value_or(parts_.clock.now());
  co_return http::Stream<Alert>{[this, user_id = caller.user_id, since](this auto, http::Events<Alert> events) {
    return follow(user_id, since, events);
  }};
}

// Ends with the client, by cancellation.
Task<void> Alerts::follow(std::string user_id, Instant since, http::Events<Alert> events) {
  using namespace asio::experimental::awaitable_operators;
  const auto announcements = parts_.coordination.listen(topic_of(user_id));
  std::set<std::string> sent;
  for (;;) {
    const Instant looked = parts_.clock.now();
    auto rows = co_await store_.told(user_id, since, kLiveAtOnce, 0);
    std::set<std::string> overlapping;
    for (auto& row : std::views::reverse(rows)) {
      overlapping.insert(row.id);
      if (sent.contains(row.id)) continue;
      Alert alert = shown_alert(std::move(row));
      const std::string id = alert.id;
      co_await events.send(std::move(alert), "alert", id);
    }
    sent = std::move(overlapping);
    since = std::max(since, looked - kOverlap);
    co_await (hear(*announcements) || parts_.clock.sleep_for(kSlowPoll));
  }
}

// ---- by themselves ---------------------------------------------------------------------------------

Task<void> Alerts::watch() {
  const auto tickers = co_await store_.followed();
  if (tickers.empty()) co_return;
  auto prices = co_await parts_.quotes.look(tickers);
  auto news = co_await parts_.newsroom.look(feeds_);
  const Instant now = parts_.clock.now();
  const auto known = co_await store_.events_since(now - kAlertMemory);
  const auto found = co_await run_blocking(parts_.pool, [&] {
    std::vector<Quote> quotes;
    for (std::size_t i = 0; i < tickers.size(); ++i) {
      Quote quote = prices.quotes[i].value_or(Quote{.ticker = tickers[i]});
      if (!prices.report.used) quote.price = quote.previous_close = 0;
      quotes.push_back(std::move(quote));
    }
    return events_in(quotes, news.articles, known, now);
  });
  for (const auto& event : found) {
    auto transaction = co_await parts_.database.begin(database::Isolation::statement);
    if (co_await store_.add(*transaction, event))
      co_await parts_.queue.enqueue(*transaction, TellFollowers{event.id},
                                    {.priority = kAlertPriority, .idempotency_key = event.id});
    co_await transaction->commit();
  }
}

Task<bool> Alerts::wants(std::string user_id, const MarketEvent& event) {
  const auto entitled = co_await parts_.subscriptions.entitlement(user_id, std::string(kProduct));
  if (!entitled.plan->has("alerts")) co_return false;
  const auto wishes = co_await store_.wishes(std::move(user_id));
  co_return event.kind == AlertKind::news ? wishes.news : wishes.prices&& std::abs(event.move) >= wishes.price_move;
}

// An attempt that follows a cut one begins again, and tells nobody twice.
Task<void> Alerts::tell(std::string event_id) {
  const auto event = co_await store_.event(std::move(event_id));
  // What comes so late is no alert any more.
  if (!event || parts_.clock.now() - event->at > kAlertWindow) co_return;
  std::string after;
  for (;;) {
    const auto page = co_await store_.followers(event->ticker, after, kFollowersAtOnce);
    if (page.empty()) co_return;
    after = page.back();
    std::vector<std::string> told;
    for (const auto& user_id : page)
      if (co_await wants(user_id, *event)) told.push_back(user_id);
    auto transaction = co_await parts_.database.begin(database::Isolation::statement);
    for (const auto& user_id : told)
      if (co_await store_.tell(*transaction, user_id, event->id, parts_.clock.now()))
        co_await parts_.push.send(*transaction, announcement(*event, user_id));
    co_await transaction->commit();
    for (const auto& user_id : told) parts_.coordination.announce(topic_of(user_id), event->id);
  }
}

}  // namespace odeon::briefings

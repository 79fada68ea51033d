// What happens to a listener's stocks, told at once: on their devices, and live to whoever listens.
//
// Every minute the feeds and the prices of all followed stocks are read. What is new becomes an event, once
// however many nodes look, and a job of its own tells the followers whose plan has alerts and who want it.
#pragma once

#include "engine/billing/subscriptions.hpp"
#include "engine/coordination/coordination.hpp"
#include "engine/http/events.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "engine/jobs/worker.hpp"
#include "engine/notify/push.hpp"
#include "products/briefings/briefings.hpp"
#include "products/briefings/news/newsroom.hpp"
#include "products/briefings/store_alerts.hpp"

namespace odeon::briefings {

struct Alert {
  std::string id;
  AlertKind kind = AlertKind::price;
  std::string ticker;
  std::string title;
  std::string body;
  std::optional<std::string> url;
  Instant created_at;
};
BOOST_DESCRIBE_STRUCT(Alert, (), (id, kind, ticker, title, body, url, created_at))

struct AlertList {
  std::vector<Alert> alerts;
  bool has_more = false;
};
BOOST_DESCRIBE_STRUCT(AlertList, (), (alerts, has_more))

struct AlertListRequest {
  Clamped<1, 100> limit = 30;
  Clamped<0, 100'000> offset = 0;
};
BOOST_DESCRIBE_STRUCT(AlertListRequest, (), (limit, offset))

struct LiveAlertsRequest {
  std::optional<Instant> since;  // else from now on
};
BOOST_DESCRIBE_STRUCT(LiveAlertsRequest, (), (since))

struct ChangeAlerts {
  std::optional<bool> news;
  std::optional<bool> prices;
  std::optional<Int<2, 100>> price_move;
};
BOOST_DESCRIBE_STRUCT(ChangeAlerts, (), (news, prices, price_move))

inline constexpr Endpoint<AlertListRequest, AlertList> list_alerts{{.method = Method::get,
                                                                    .path = "/api/alerts",
                                                                    .summary = "What you were told, newest first",
                                                                    .auth = Auth::user,
                                                                    .rate = kReading}};
inline constexpr Endpoint<LiveAlertsRequest, http::Stream<Alert>> live_alerts{
    {.method = Method::get,
     .path = "/api/alerts/events",
     .summary = "Alerts as they come, as server-sent events",
     .description = "Each is an event named alert. After a cut, `since` brings what came meanwhile.",
     .auth = Auth::user,
     .rate = {60, http::per_minute}}};
inline constexpr Endpoint<http::Nothing, AlertWishes> alert_wishes{{.method = Method::get,
                                                                    .path = "/api/alerts/settings",
                                                                    .summary = "What you want to be told of",
                                                                    .auth = Auth::user,
                                                                    .rate = kReading}};
inline constexpr Endpoint<ChangeAlerts, AlertWishes> change_alerts{
    {.method = Method::put,
     .path = "/api/alerts/settings",
     .summary = "Choose what you want to be told of",
     .description = "`price_move` is how many percent a price must move in a day, up or down. What is left out stays.",
     .auth = Auth::user,
     .rate = {60, http::per_minute}}};

// The jobs.
struct WatchMarket {
  static constexpr std::string_view kind = "briefings.watch_market";
};
BOOST_DESCRIBE_STRUCT(WatchMarket, (), ())

struct TellFollowers {
  static constexpr std::string_view kind = "briefings.tell_followers";
  std::string event_id;
};
BOOST_DESCRIBE_STRUCT(TellFollowers, (), (event_id))

struct ForgetAlerts {
  static constexpr std::string_view kind = "briefings.forget_alerts";
};
BOOST_DESCRIBE_STRUCT(ForgetAlerts, (), ())

// What it is given outlives it.
struct AlertParts {
  database::Database& database;
  jobs::Queue& queue;
  coordination::Coordination& coordination;
  Newsroom& newsroom;
  Quotes& quotes;
  notify::Push& push;
  billing::Subscriptions& subscriptions;
  ThreadPool& pool;
  Clock& clock;
};

class Alerts {
 public:
  Alerts(AlertParts parts, std::vector<std::string> feeds)
      : parts_(parts), store_(parts.database), feeds_(std::move(feeds)) {}

  Task<AlertList> list(http::Caller caller, AlertListRequest request);
  Task<http::Stream<Alert>> live(http::Caller caller, LiveAlertsRequest request);
  Task<AlertWishes> wishes(http::Caller caller);
  Task<AlertWishes> change(http::Caller caller, ChangeAlerts request);

  void mount(http::Api& api);
  // Registers the handlers and the schedules, before the worker starts.
  void install(jobs::Worker& worker);

 private:
  Task<void> guard(std::string user_id);
  Task<bool> wants(std::string user_id, const MarketEvent& event);
  Task<void> watch();
  Task<void> tell(std::string event_id);
  Task<void> follow(std::string user_id, Instant since, http::Events<Alert> events);

  AlertParts parts_;
  AlertStore store_;
  std::vector<std::string> feeds_;
};

}  // namespace odeon::briefings

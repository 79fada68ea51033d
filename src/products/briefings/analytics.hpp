// What players report, and what the operator learns from it.
//
// Reports come one by one or as a list; one that is sent twice counts once. They are kept for 30 days as they
// came, and for good as sums by account and day. Time is the server's: when a report came.
#pragma once

#include "base/metrics.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "engine/jobs/worker.hpp"
#include "products/briefings/briefings.hpp"
#include "products/briefings/store_analytics.hpp"

namespace odeon::briefings {

struct PlaybackReport {
  Text<1, 64> briefing_id;
  PlaybackEvent event = PlaybackEvent::started;
  double position = 0;  // seconds
  Text<1, 100> session_id;
  std::optional<bool> offline;  // played from the device
};
BOOST_DESCRIBE_STRUCT(PlaybackReport, (), (briefing_id, event, position, session_id, offline))

struct PerformanceReport {
  Metric metric = Metric::audio_load_time;
  double value = 0;  // milliseconds; of network errors: how many
  std::optional<json::object> context;
};
BOOST_DESCRIBE_STRUCT(PerformanceReport, (), (metric, value, context))

// A report, or {"events": [reports]}.
struct PlaybackReports {
  std::optional<Text<1, 64>> briefing_id;
  std::optional<PlaybackEvent> event;
  std::optional<double> position;
  std::optional<Text<1, 100>> session_id;
  std::optional<bool> offline;
  std::optional<List<PlaybackReport, 1, 100>> events;
};
BOOST_DESCRIBE_STRUCT(PlaybackReports, (), (briefing_id, event, position, session_id, offline, events))

// A report, or {"metrics": [reports]}.
struct PerformanceReports {
  std::optional<Metric> metric;
  std::optional<double> value;
  std::optional<json::object> context;
  std::optional<List<PerformanceReport, 1, 100>> metrics;
};
BOOST_DESCRIBE_STRUCT(PerformanceReports, (), (metric, value, context, metrics))

struct Taken {
  std::int64_t accepted = 0;  // that were not known
};
BOOST_DESCRIBE_STRUCT(Taken, (), (accepted))

inline constexpr Endpoint<PlaybackReports, http::Accepted<Taken>> report_playback{
    {.method = Method::post,
     .path = "/api/analytics/playback",
     .summary = "What was listened to",
     .description = "One report, or up to 100 under `events`. `offline` tells that it was played from the device.",
     .auth = Auth::user,
     .rate = {120, http::per_minute},
     .max_body = 128 * 1024}};
inline constexpr Endpoint<PerformanceReports, http::Accepted<Taken>> report_performance{
    {.method = Method::post,
     .path = "/api/analytics/performance",
     .summary = "How the app fares",
     .description = "One report, or up to 100 under `metrics`. Times are milliseconds; the value of network_error is "
                    "how many there were.",
     .auth = Auth::user,
     .rate = {120, http::per_minute},
     .max_body = 256 * 1024}};

struct ForgetReports {
  static constexpr std::string_view kind = "briefings.forget_reports";
};
BOOST_DESCRIBE_STRUCT(ForgetReports, (), ())

class Analytics {
 public:
  Analytics(database::Database& database, Metrics& metrics, const Clock& clock)
      : database_(database), metrics_(metrics), clock_(clock) {}

  Task<http::Accepted<Taken>> playback(http::Caller caller, PlaybackReports request);
  Task<http::Accepted<Taken>> performance(http::Caller caller, PerformanceReports request);

  void mount(http::Api& api);
  void install(jobs::Worker& worker);

 private:
  void count(const ListeningRow& sums, bool first_of_day);

  database::Database& database_;
  Metrics& metrics_;
  const Clock& clock_;
};

// The measures of one day, for people, and what stands above them.
std::string engagement_heading();
std::string describe(const Engagement& day);

}  // namespace odeon::briefings

#include "products/briefings/analytics.hpp"

#include <cmath>

#include "engine/http/binding.hpp"

namespace odeon::briefings {
namespace {

constexpr std::chrono::days kKeepReports{30};
constexpr double kLongestListening = 24 * 3600;  // seconds into a briefing
constexpr double kMostValue = 3'600'000;         // an hour in milliseconds
constexpr std::size_t kMaxContext = 2'000;       // bytes of JSON
const std::vector<double> kSeconds{0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30};
const std::vector<double> kLongSeconds{15, 30, 45, 60, 120, 300, 900, 3600, 14400};

// Where a report of a list, or the one that came alone, stands.
std::string path_of(std::string_view list, bool alone, std::size_t index, std::string_view member) {
  return alone ? std::string(member) : fmt::format("{}[{}].{}", list, index, member);
}

template <class T>
void require(json::Faults& faults, const std::optional<T>& value, const char* path) {
  if (!value) faults.add(path, "required", "This field is required.");
}

void check_range(json::Faults& faults, std::string path, double value, double most) {
  if (!(value >= 0 && value <= most))
    faults.add(std::move(path), "out_of_range", fmt::format("This must be a number from 0 to {}.", most));
}

double per(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

void Analytics::mount(http::Api& api) {
  http::mount(api, report_playback, &Analytics::playback, *this);
  http::mount(api, report_performance, &Analytics::performance, *this);
}

void Analytics::install(jobs::Worker& worker) {
  worker.handle<ForgetReports>(
      [this](ForgetReports, jobs::Job&) { return store::forget_reports(database_, clock_.now() - kKeepReports); });
  worker.schedule("briefings.forget_reports", jobs::Cron("45 3 * * *"), ForgetReports{});
}

Task<http::Accepted<Taken>> Analytics::playback(http::Caller caller, PlaybackReports request) {
  json::Faults faults;
  const bool alone = !request.events;
  if (alone) {
    require(faults, request.briefing_id, "briefing_id");
    require(faults, request.event, "event");
    require(faults, request.position, "position");
    require(faults, request.session_id, "session_id");
    faults.raise();
    request.events.emplace().push_back(
        {*request.briefing_id, *request.event, *request.position, *request.session_id, request.offline});
  }
  std::vector<PlaybackRow> rows;
  for (std::size_t i = 0; i < request.events->size(); ++i) {
    const PlaybackReport& report = (*request.events)[i];
    check_range(faults, path_of("events", alone, i, "position"), report.position, kLongestListening);
    if (faults.empty())
      rows.push_back({report.session_id, report.briefing_id, report.event, std::llround(report.position * 1000),
                      report.offline.value_or(false)});
  }
  faults.raise();

  const Instant now = clock_.now();
  ListeningRow sums;
  auto transaction = co_await database_.begin(database::Isolation::statement);
  const auto added = co_await store::add_playback(*transaction, caller.user_id, std::move(rows), now, sums);
  const bool first =
      co_await store::add_to_day(*transaction, caller.user_id, std::chrono::floor<std::chrono::days>(now), sums);
  co_await transaction->commit();
  count(sums, first);
  if (sums.first_plays > 0)
    metrics_
        .histogram("odeon_briefings_first_play_seconds",
                   "seconds from asking for a briefing to hearing it, averaged over a report", kLongSeconds)
        .observe(per(sums.first_play_time, sums.first_plays) / 1000);
  co_return http::Accepted<Taken>{{added}};
}

Task<http::Accepted<Taken>> Analytics::performance(http::Caller caller, PerformanceReports request) {
  json::Faults faults;
  const bool alone = !request.metrics;
  if (alone) {
    require(faults, request.metric, "metric");
    require(faults, request.value, "value");
    faults.raise();
    request.metrics.emplace().push_back({*request.metric, *request.value, std::move(request.context)});
  }
  std::vector<PerformanceRow> rows;
  for (std::size_t i = 0; i < request.metrics->size(); ++i) {
    const PerformanceReport& report = (*request.metrics)[i];
    check_range(faults, path_of("metrics", alone, i, "value"), report.value, kMostValue);
    std::string context = report.context ? json::write(*report.context) : "{}";
    if (context.size() > kMaxContext)
      faults.add(path_of("metrics", alone, i, "context"), "too_long", "This must be short: 2000 bytes at the most.");
    rows.push_back({report.metric, report.value, std::move(context)});
  }
  faults.raise();

  for (const auto& row : rows)
    if (row.metric != Metric::network_error)
      metrics_
          .histogram("odeon_briefings_app_seconds", "what apps measured", kSeconds,
                     {{"metric", std::string(json::enum_name(row.metric))}})
          .observe(row.value / 1000);
  const auto taken = std::ssize(rows);
  ListeningRow sums;
  auto transaction = co_await database_.begin(database::Isolation::statement);
  co_await store::add_performance(*transaction, caller.user_id, std::move(rows), clock_, sums);
  const bool first = co_await store::add_to_day(*transaction, caller.user_id,
                                                std::chrono::floor<std::chrono::days>(clock_.now()), sums);
  co_await transaction->commit();
  count(sums, first);
  co_return http::Accepted<Taken>{{taken}};
}

void Analytics::count(const ListeningRow& sums, bool first_of_day) {
  auto add = [this](const char* name, const char* help, std::int64_t amount, const Metrics::Labels& labels = {}) {
    if (amount > 0) metrics_.counter(name, help, labels).add(static_cast<double>(amount));
  };
  auto event = [&](PlaybackEvent kind, std::int64_t amount) {
    add("odeon_briefings_playback_events_total", "what players reported", amount,
        {{"event", std::string(json::enum_name(kind))}});
  };
  event(PlaybackEvent::started, sums.started);
  event(PlaybackEvent::paused, sums.paused);
  event(PlaybackEvent::completed, sums.completed);
  event(PlaybackEvent::skipped, sums.skipped);
  add("odeon_briefings_offline_starts_total", "briefings begun from the device", sums.offline);
  add("odeon_briefings_plays_total", "briefings that a listener began to hear, each once", sums.plays);
  add("odeon_briefings_plays_completed_total", "of these, heard to the end", sums.plays_completed);
  add("odeon_briefings_network_errors_total", "network errors that apps reported", sums.network_errors);
  // Each listener once a UTC day: its increase over a day is the number of daily active users.
  add("odeon_briefings_active_listeners_total", "listeners who reported anything, each once a UTC day",
      first_of_day ? 1 : 0);
}

std::string engagement_heading() {
  return "day         listeners  completed  to first play  audio loading   API answering  network errors   offline";
}

std::string describe(const Engagement& day) {
  return fmt::format("{}  {:>9}  {:>8.1f} %  {:>12.1f} s  {:>12.0f} ms  {:>12.0f} ms  {:>14}  {:>7.1f} %",
                     to_iso8601(day.day).substr(0, 10), day.listeners, 100 * per(day.plays_completed, day.plays),
                     per(day.first_play_time, day.first_plays) / 1000, per(day.audio_load_time, day.audio_loads),
                     per(day.response_time, day.responses), day.network_errors, 100 * per(day.offline, day.started));
}

}  // namespace odeon::briefings

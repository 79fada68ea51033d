// Personal briefings that come by themselves: "weekdays at 7:30, where I live".
#pragma once

#include "engine/jobs/worker.hpp"
#include "products/briefings/personal.hpp"
#include "products/briefings/store_schedules.hpp"

namespace odeon::briefings {

struct NewSchedule {
  Text<4, 5> time;        // "07:30"
  json::value days;       // ["mon", …], "weekdays", "weekends" or "daily"; left out: daily
  Text<1, 64> time_zone;  // "Europe/Berlin"
  std::optional<List<Text<1, 12>, 0, 100>> tickers;
  std::optional<Length> length;
  std::optional<Focus> focus;
  std::optional<Text<0, 100>> voice;
};
BOOST_DESCRIBE_STRUCT(NewSchedule, (), (time, days, time_zone, tickers, length, focus, voice))

struct Schedule {
  std::string id;
  std::string time;
  std::vector<std::string> days;
  std::string time_zone;
  std::optional<List<Text<1, 12>, 0, 100>> tickers;
  std::optional<Length> length;
  std::optional<Focus> focus;
  std::optional<Text<0, 100>> voice;
  Instant next_at;
  std::optional<ScheduleResult> last_result;
};
BOOST_DESCRIBE_STRUCT(Schedule, (), (id, time, days, time_zone, tickers, length, focus, voice, next_at, last_result))

struct ScheduleList {
  std::vector<Schedule> schedules;
};
BOOST_DESCRIBE_STRUCT(ScheduleList, (), (schedules))

struct ScheduleRequest {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(ScheduleRequest, (), (id))

inline constexpr Endpoint<http::Nothing, ScheduleList> list_schedules{
    {.method = Method::get,
     .path = "/api/schedules",
     .summary = "When your briefings come by themselves, and how it went last",
     .auth = Auth::user,
     .rate = kReading}};
inline constexpr Endpoint<NewSchedule, http::Created<Schedule>> add_schedule{
    {.method = Method::post,
     .path = "/api/schedules",
     .summary = "Let a briefing come by itself",
     .description = "Days are a list of mon, tue, wed, thu, fri, sat, sun, or weekdays, weekends or daily. The time "
                    "is that of the time zone's clocks: one that they jump over comes when they have jumped, one "
                    "that they show twice comes once. Each briefing counts as one that was asked for.",
     .auth = Auth::user,
     .rate = {60, http::per_minute}}};
inline constexpr Endpoint<ScheduleRequest, http::NoContent> remove_schedule{{.method = Method::delete_,
                                                                             .path = "/api/schedules/{id}",
                                                                             .summary = "Let it come no more",
                                                                             .auth = Auth::user,
                                                                             .rate = {60, http::per_minute}}};

// The jobs: each minute those that are due are handed out, each is a job of its own.
struct SchedulesDue {
  static constexpr std::string_view kind = "briefings.schedules_due";
};
BOOST_DESCRIBE_STRUCT(SchedulesDue, (), ())

struct RunSchedule {
  static constexpr std::string_view kind = "briefings.run_schedule";
  std::string id;
  Instant at;  // when it was due
};
BOOST_DESCRIBE_STRUCT(RunSchedule, (), (id, at))

class Schedules {
 public:
  static constexpr std::chrono::hours max_lateness{1};  // a time that is missed by more is left out

  Schedules(database::Database& database, jobs::Queue& queue, Personal& personal, billing::Subscriptions& subscriptions,
            billing::Allowances& allowances, ThreadPool& pool, const Clock& clock)
      : database_(database),
        store_(database),
        queue_(queue),
        personal_(personal),
        subscriptions_(subscriptions),
        allowances_(allowances),
        pool_(pool),
        clock_(clock) {}

  Task<ScheduleList> list(http::Caller caller);
  Task<http::Created<Schedule>> add(http::Caller caller, NewSchedule request);
  Task<http::NoContent> remove(http::Caller caller, ScheduleRequest request);

  void mount(http::Api& api);
  // Registers the handlers and the schedule, before the worker starts.
  void install(jobs::Worker& worker);

 private:
  Task<void> hand_out();
  Task<void> run(RunSchedule job, jobs::Job& handle);
  Task<void> ask(ScheduleRow row, Instant at, jobs::Job& handle);
  Task<Instant> next(ScheduleRow row, Instant after);

  database::Database& database_;
  ScheduleStore store_;
  jobs::Queue& queue_;
  Personal& personal_;
  billing::Subscriptions& subscriptions_;
  billing::Allowances& allowances_;
  ThreadPool& pool_;  // reads time zones
  const Clock& clock_;
};

}  // namespace odeon::briefings

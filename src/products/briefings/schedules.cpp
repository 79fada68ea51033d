#include "products/briefings/schedules.hpp"

#include "base/ids.hpp"
#include "engine/http/binding.hpp"
#include "products/briefings/local_times.hpp"

namespace odeon::briefings {
namespace {

constexpr std::int64_t kHandedOutAtOnce = 100;
constexpr int kSchedulePriority = 3, kScheduleAttempts = 10;
constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::int64_t kDaily = 0b1111111, kWeekdays = 0b0011111, kWeekends = 0b1100000;

// The bits of one word; 0 if it is no day.
std::int64_t days_of(const json::value& word) {
  const auto* text = word.if_string();
  if (text == nullptr) return 0;
  if (*text == "daily") return kDaily;
  if (*text == "weekdays") return kWeekdays;
  if (*text == "weekends") return kWeekends;
  const auto found = std::ranges::find(kDays, std::string_view(*text));
  return found == kDays.end() ? 0 : std::int64_t{1} << (found - kDays.begin());
}

// 0 if there is a word in it that is no day, or none.
std::int64_t days_in(const json::value& days) {
  if (days.is_null()) return kDaily;
  const auto* list = days.if_array();
  if (list == nullptr) return days_of(days);
  std::int64_t all = 0;
  for (const auto& word : *list) {
    const auto bits = days_of(word);
    if (bits == 0) return 0;
    all |= bits;
  }
  return all;
}

Schedule shown_schedule(ScheduleRow row) {
  Schedule schedule{.id = std::move(row.id),
                    .time = fmt::format("{:02}:{:02}", row.minute / 60, row.minute % 60),
                    .time_zone = std::move(row.time_zone),
                    .tickers = std::move(row.request.tickers),
                    .length = row.request.length,
                    .focus = row.request.focus,
                    .voice = std::move(row.request.voice),
                    .next_at = row.next_at,
                    .last_result = std::move(row.last_result)};
  for (std::size_t day = 0; day < kDays.size(); ++day)
    if ((row.days >> day & 1) != 0) schedule.days.emplace_back(kDays[day]);
  return schedule;
}

}  // namespace

void Schedules::mount(http::Api& api) {
  http::mount(api, list_schedules, &Schedules::list, *this);
  http::mount(api, add_schedule, &Schedules::add, *this);
  http::mount(api, remove_schedule, &Schedules::remove, *this);
}

void Schedules::install(jobs::Worker& worker) {
  worker.handle<SchedulesDue>([this](SchedulesDue, jobs::Job&) { return hand_out(); });
  worker.handle<RunSchedule>([this](RunSchedule job, jobs::Job& handle) { return run(std::move(job), handle); });
  worker.on_failure<RunSchedule>([this](RunSchedule job, database::Transaction& transaction, std::string error) {
    return store_.note(transaction, job.id, {.at = job.at, .result = Came::failed, .message = std::move(error)});
  });
  worker.schedule("briefings.schedules", jobs::Cron("* * * * *"), SchedulesDue{});
}

// ---- for listeners ---------------------------------------------------------------------------------

Task<ScheduleList> Schedules::list(http::Caller caller) {
  ScheduleList list;
  for (auto& row : co_await store_.of(caller.user_id)) list.schedules.push_back(shown_schedule(std::move(row)));
  co_return list;
}

Task<http::Created<Schedule>> Schedules::add(http::Caller caller, NewSchedule request) {
  const auto entitled = co_await subscriptions_.entitlement(caller.user_id, std::string(kProduct));
  if (!entitled.plan->has("schedules"))
    throw Error(Fault::forbidden, "UPGRADE_REQUIRED", "Briefings that come by themselves are part of the paid plans.")
        .with_upgrade_url(subscriptions_.plans_of(kProduct).upgrade_url);

  const auto minute = minute_of(request.time);
  const auto days = days_in(request.days);
  const bool zone_known = co_await run_blocking(pool_, [&] { return is_time_zone(request.time_zone); });
  json::Faults faults;
  if (!minute) faults.add("time", "invalid", "This must be a time of the day such as 07:30.");
  if (days == 0) faults.add("days", "not_allowed", "This must be days from mon to sun, or weekdays, weekends, daily.");
  if (!zone_known) faults.add("time_zone", "not_allowed", "This must be a time zone such as Europe/Berlin.");
  faults.raise();

  ScheduleRow row{.id = new_uuid(clock_),
                  .user_id = caller.user_id,
                  .minute = *minute,
                  .days = days,
                  .time_zone = std::move(request.time_zone),
                  .request = {.tickers = std::move(request.tickers),
                              .length = request.length,
                              .focus = request.focus,
                              .voice = std::move(request.voice)},
                  .created_at = clock_.now()};
  co_await personal_.check(caller.user_id, row.request);
  row.next_at = co_await next(row, row.created_at);

  auto transaction = co_await database_.begin(database::Isolation::statement);
  auto held = co_await allowances_.reserve(*transaction, caller.user_id, std::string(kProduct), "schedules");
  if (!held)
    throw Error(Fault::conflict, "TOO_MANY_SCHEDULES", fmt::format("There can be {} schedules.", held.error().limit));
  row.reservation = std::move(*held);
  co_await store_.add(*transaction, row);
  co_await transaction->commit();
  co_return http::Created<Schedule>{shown_schedule(std::move(row))};
}

Task<http::NoContent> Schedules::remove(http::Caller caller, ScheduleRequest request) {
  auto transaction = co_await database_.begin(database::Isolation::statement);
  const auto reservation = co_await store_.remove(*transaction, caller.user_id, request.id);
  if (!reservation) throw Error(Fault::not_found, "SCHEDULE_NOT_FOUND", "There is no such schedule.");
  co_await allowances_.release(*transaction, *reservation);
  co_await transaction->commit();
  co_return http::NoContent{};
}

// ---- by themselves ---------------------------------------------------------------------------------

Task<Instant> Schedules::next(ScheduleRow row, Instant after) {
  co_return co_await run_blocking(pool_, [&row, after] {
    return next_time({static_cast<int>(row.minute), static_cast<std::uint8_t>(row.days), row.time_zone}, after);
  });
}

// Moves every schedule that is due to its next time, and what is asked for is in the same transaction.
Task<void> Schedules::hand_out() {
  const Instant now = clock_.now();
  for (;;) {
    const auto due = co_await store_.due(now, kHandedOutAtOnce);
    if (due.empty()) co_return;
    std::vector<Instant> times;
    times.reserve(due.size());
    for (const auto& row : due) times.push_back(co_await next(row, now));
    auto transaction = co_await database_.begin(database::Isolation::statement);
    for (std::size_t i = 0; i < due.size(); ++i) {
      const auto& row = due[i];
      if (!co_await store_.claim(*transaction, row.id, row.next_at, times[i])) continue;
      if (now - row.next_at > max_lateness) {
        co_await store_.note(*transaction, row.id,
                             {.at = row.next_at, .result = Came::missed, .message = "The server was away."});
        continue;
      }
      co_await queue_.enqueue(*transaction, RunSchedule{row.id, row.next_at},
                              {.priority = kSchedulePriority,
                               .lane = row.user_id,
                               .max_attempts = kScheduleAttempts,
                               .idempotency_key = fmt::format("{}@{}", row.id, to_iso8601(row.next_at))});
    }
    co_await transaction->commit();
  }
}

Task<void> Schedules::run(RunSchedule job, jobs::Job& handle) {
  auto row = co_await store_.find(job.id);
  if (!row) co_return;
  if (clock_.now() - job.at > max_lateness) {
    co_await store_.note(database_, job.id,
                         {.at = job.at, .result = Came::missed, .message = "The server was away or busy."});
    co_return;
  }
  const auto entitled = co_await subscriptions_.entitlement(row->user_id, std::string(kProduct));
  if (!entitled.plan->has("schedules")) {
    co_await store_.note(
        database_, job.id,
        {.at = job.at, .result = Came::upgrade_required, .message = "Your plan no longer has schedules."});
    co_return;
  }
  auto outcome = co_await settle(ask(*row, job.at, handle));
  if (outcome) co_return;
  std::string message;
  Came result = Came::failed;
  try {
    std::rethrow_exception(outcome.error());
  } catch (const Error& error) {
    if (error.code == "RATE_LIMITED") result = Came::limited;
    // What passes by itself is tried again; whoever has lost the job has no say in it.
    if ((error.may_pass() && result == Came::failed) || error.code == "LEASE_LOST") throw;
    message = error.message;
  }
  co_await store_.note(database_, job.id, {.at = job.at, .result = result, .message = std::move(message)});
}

// Asks as the listener would. What is queued ends this job in the same transaction, so it is asked for once.
Task<void> Schedules::ask(ScheduleRow row, Instant at, jobs::Job& handle) {
  auto along = [this, id = row.id, at, &handle](this auto, database::Transaction& transaction,
                                                std::string briefing_id) -> Task<void> {
    co_await store_.note(transaction, id, {.at = at, .result = Came::queued, .briefing_id = std::move(briefing_id)});
    co_await handle.complete(transaction);
  };
  // A voice of a dearer plan is kept for its return, and not used meanwhile.
  if (!co_await personal_.has_voice(row.user_id, row.request)) row.request.voice.reset();
  row.request.time_zone = row.time_zone;
  const auto reply = co_await personal_.request_along({.user_id = row.user_id, .trace = handle.trace()},
                                                      std::move(row.request), along);
  if (reply.status == Answer::queued) co_return;
  co_await store_.note(database_, row.id,
                       {.at = at,
                        .result = reply.status == Answer::limited ? Came::limited : Came::upgrade_required,
                        .message = reply.message});
}

}  // namespace odeon::briefings

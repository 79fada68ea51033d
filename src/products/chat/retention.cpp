#include "products/chat/retention.hpp"

#include "engine/http/binding.hpp"
#include "products/chat/leftovers.hpp"

namespace odeon::chat {
namespace {

constexpr std::int64_t kEndedAtOnce = 100;
// No answer takes that long to end.
constexpr std::chrono::hours kBegunBefore{1};

std::optional<std::int64_t> days_of(const json::value& from) {
  if (from.is_null()) return std::nullopt;
  Int<1, kLongestRetentionDays> days;
  json::Faults faults;
  json::read(days, from, "retention_days", json::Source::body, faults);
  faults.raise();
  return days.value;
}

}  // namespace

void Retention::mount(http::Api& api) {
  http::mount(api, read_settings, &Retention::settings, *this);
  http::mount(api, change_settings, &Retention::change, *this);
}

void Retention::install(jobs::Worker& worker) {
  worker.handle<DeleteAged>([this](this auto, DeleteAged, jobs::Job&) -> Task<void> { co_await tidy(); });
  worker.handle<SweepLeftovers>([this](this auto, SweepLeftovers, jobs::Job&) -> Task<void> {
    co_await sweep_leftovers(database_, storage_, clock_.now());
  });
  worker.schedule("chat.delete_aged", jobs::Cron("25 2 * * *"), DeleteAged{});
  worker.schedule("chat.sweep_leftovers", jobs::Cron("40 * * * *"), SweepLeftovers{});
}

Task<SettingsReply> Retention::settings(http::Caller caller) {
  const auto row = co_await store::settings(database_, caller.user_id);
  co_return SettingsReply{row.retention_days.value_or(kUsualRetentionDays), !row.retention_days};
}

Task<SettingsReply> Retention::change(http::Caller caller, ChangeSettings request) {
  if (request.retention_days != json::value(ChangeSettings::kUnchanged))
    co_await store::keep_settings(database_, caller.user_id, {days_of(request.retention_days)}, clock_.now());
  co_return co_await settings(std::move(caller));
}

Task<std::int64_t> Retention::tidy() {
  co_await settle_left_over();
  std::int64_t gone = co_await store::let_go_aged_creations(database_, clock_.now(), kUsualRetentionDays);
  for (;;) {
    const auto rows = co_await store::aged(database_, clock_.now(), kUsualRetentionDays, kEndedAtOnce);
    auto tx = co_await database_.begin(database::Isolation::statement);
    for (const auto& row : rows) gone += co_await store::remove_aged(*tx, row) ? 1 : 0;
    co_await tx->commit();
    if (std::ssize(rows) < kEndedAtOnce) co_return gone;
  }
}

Task<void> Retention::settle_left_over() {
  for (;;) {
    const auto rows = co_await store::held_since(database_, clock_.now() - kBegunBefore, kEndedAtOnce);
    for (const auto& row : rows) {
      auto tx = co_await database_.begin(database::Isolation::statement);
      if (row.answered)
        co_await allowances_.settle(*tx, row.reservation);
      else
        co_await allowances_.release(*tx, row.reservation);
      co_await store::clear_reservation(*tx, row.id);
      co_await tx->commit();
    }
    if (std::ssize(rows) < kEndedAtOnce) co_return;
  }
}

}  // namespace odeon::chat

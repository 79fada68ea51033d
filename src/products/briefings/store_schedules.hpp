// SQL of schedules.
#pragma once

#include "engine/database/database.hpp"
#include "products/briefings/listeners.hpp"

namespace odeon::briefings {

enum class Came { queued, limited, upgrade_required, missed, failed };
BOOST_DESCRIBE_ENUM(Came, queued, limited, upgrade_required, missed, failed)

// What became of a schedule's last time.
struct ScheduleResult {
  Instant at;  // when it was due
  Came result = Came::queued;
  std::optional<std::string> message;      // why not
  std::optional<std::string> briefing_id;  // once queued
};
BOOST_DESCRIBE_STRUCT(ScheduleResult, (), (at, result, message, briefing_id))

struct ScheduleRow {
  std::string id;
  std::string user_id;
  std::int64_t minute = 0;
  std::int64_t days = 0;
  std::string time_zone;
  PersonalRequest request;
  std::string reservation;
  Instant next_at;
  std::optional<ScheduleResult> last_result;
  Instant created_at;
};
BOOST_DESCRIBE_STRUCT(ScheduleRow, (),
                      (id, user_id, minute, days, time_zone, request, reservation, next_at, last_result, created_at))

class ScheduleStore {
 public:
  explicit ScheduleStore(database::Database& database) : database_(database) {}

  Task<void> add(database::Transaction& transaction, ScheduleRow row);
  // The oldest first.
  Task<std::vector<ScheduleRow>> of(std::string user_id);
  Task<std::optional<ScheduleRow>> find(std::string id);
  // Its reservation, if the listener has such a schedule.
  Task<std::optional<std::string>> remove(database::Transaction& transaction, std::string user_id, std::string id);
  // The longest due first.
  Task<std::vector<ScheduleRow>> due(Instant now, std::int64_t limit);
  // False if somebody else was faster, or it is gone.
  Task<bool> claim(database::Transaction& transaction, std::string id, Instant due, Instant next);
  Task<void> note(database::Executor& executor, std::string id, ScheduleResult result);

 private:
  database::Database& database_;
};

}  // namespace odeon::briefings

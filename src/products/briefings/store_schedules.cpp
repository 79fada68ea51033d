#include "products/briefings/store_schedules.hpp"

namespace odeon::briefings {

Task<void> ScheduleStore::add(database::Transaction& transaction, ScheduleRow r) {
  co_await transaction.execute(
      "INSERT INTO briefings_schedules (id, user_id, minute, days, time_zone, request, reservation, next_at, "
      "created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      r.id, r.user_id, r.minute, r.days, r.time_zone, r.request, r.reservation, r.next_at, r.created_at);
}

Task<std::vector<ScheduleRow>> ScheduleStore::of(std::string user_id) {
  return database_.query<ScheduleRow>("SELECT * FROM briefings_schedules WHERE user_id = $1 ORDER BY created_at, id",
                                      user_id);
}

Task<std::optional<ScheduleRow>> ScheduleStore::find(std::string id) {
  return database_.find<ScheduleRow>("SELECT * FROM briefings_schedules WHERE id = $1", id);
}

Task<std::optional<std::string>> ScheduleStore::remove(database::Transaction& transaction, std::string user_id,
                                                       std::string id) {
  return transaction.find<std::string>(
      "DELETE FROM briefings_schedules WHERE user_id = $1 AND id = $2 RETURNING reservation", user_id, id);
}

Task<std::vector<ScheduleRow>> ScheduleStore::due(Instant now, std::int64_t limit) {
  return database_.query<ScheduleRow>("SELECT * FROM briefings_schedules WHERE next_at <= $1 ORDER BY next_at LIMIT $2",
                                      now, limit);
}

Task<bool> ScheduleStore::claim(database::Transaction& transaction, std::string id, Instant due, Instant next) {
  co_return co_await transaction.execute("UPDATE briefings_schedules SET next_at = $3 WHERE id = $1 AND next_at = $2",
                                         id, due, next) == 1;
}

Task<void> ScheduleStore::note(database::Executor& executor, std::string id, ScheduleResult result) {
  co_await executor.execute("UPDATE briefings_schedules SET last_result = $2 WHERE id = $1", id, result);
}

}  // namespace odeon::briefings

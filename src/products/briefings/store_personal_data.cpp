#include "products/briefings/store_personal_data.hpp"

namespace odeon::briefings::store {

Task<std::optional<ProfileTold>> profile(database::Executor& executor, std::string user_id) {
  return executor.find<ProfileTold>("SELECT voice, time_zone FROM briefings_profiles WHERE user_id = $1", user_id);
}

Task<std::vector<AlertTold>> alerts_told(database::Executor& executor, std::string user_id) {
  return executor.query<AlertTold>(
      "SELECT e.ticker, e.title, a.at FROM briefings_alerts a JOIN briefings_market_events e ON e.id = a.event_id "
      "WHERE a.user_id = $1 ORDER BY a.at",
      user_id);
}

Task<std::vector<PlayTold>> plays_of(database::Executor& executor, std::string user_id) {
  return executor.query<PlayTold>(
      "SELECT briefing_id, started_at, completed FROM briefings_plays WHERE user_id = $1 ORDER BY started_at", user_id);
}

Task<std::vector<BriefingRow>> briefings_of(database::Executor& executor, std::string user_id) {
  return executor.query<BriefingRow>("SELECT * FROM briefings_briefings WHERE user_id = $1 ORDER BY created_at",
                                     user_id);
}

Task<std::int64_t> forget_listener(database::Transaction& tx, std::string user_id) {
  std::int64_t rows = 0;
  rows += co_await tx.execute("DELETE FROM briefings_alerts WHERE user_id = $1", user_id);
  rows += co_await tx.execute("DELETE FROM briefings_alert_wishes WHERE user_id = $1", user_id);
  rows += co_await tx.execute("DELETE FROM briefings_briefings WHERE user_id = $1", user_id);
  rows += co_await tx.execute("DELETE FROM briefings_days WHERE user_id = $1", user_id);
  rows += co_await tx.execute("DELETE FROM briefings_listening WHERE user_id = $1", user_id);
  rows += co_await tx.execute("DELETE FROM briefings_performance WHERE user_id = $1", user_id);
  rows += co_await tx.execute("DELETE FROM briefings_playback WHERE user_id = $1", user_id);
  rows += co_await tx.execute("DELETE FROM briefings_plays WHERE user_id = $1", user_id);
  rows += co_await tx.execute("DELETE FROM briefings_positions WHERE user_id = $1", user_id);
  rows += co_await tx.execute("DELETE FROM briefings_profiles WHERE user_id = $1", user_id);
  rows += co_await tx.execute("DELETE FROM briefings_schedules WHERE user_id = $1", user_id);
  co_return rows;
}

}  // namespace odeon::briefings::store

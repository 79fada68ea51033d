#include "products/briefings/store_analytics.hpp"

#include <cmath>

#include "base/ids.hpp"

namespace odeon::briefings::store {
namespace {

using database::Transaction;

// Since a briefing of one's own was asked for; nothing for what is not the account's.
Task<std::optional<Instant>> asked_for(Transaction& transaction, std::string user_id, std::string briefing_id) {
  return transaction.find<Instant>("SELECT created_at FROM briefings_briefings WHERE id = $1 AND user_id = $2",
                                   briefing_id, user_id);
}

Task<void> begin_play(Transaction& transaction, std::string user_id, std::string briefing_id, Instant now,
                      ListeningRow& sums) {
  const bool first =
      co_await transaction.execute(
          "INSERT INTO briefings_plays (user_id, briefing_id, started_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
          user_id, briefing_id, now) == 1;
  if (!first) co_return;
  ++sums.plays;
  const auto asked = co_await asked_for(transaction, user_id, briefing_id);
  if (!asked) co_return;
  ++sums.first_plays;
  sums.first_play_time += std::chrono::duration_cast<std::chrono::milliseconds>(now - *asked).count();
}

Task<void> end_play(Transaction& transaction, std::string user_id, std::string briefing_id, ListeningRow& sums) {
  const bool first = co_await transaction.execute(
                         "UPDATE briefings_plays SET completed = TRUE WHERE user_id = $1 AND briefing_id = $2 AND "
                         "completed = FALSE",
                         user_id, briefing_id) == 1;
  if (first) ++sums.plays_completed;
}

}  // namespace

Task<std::int64_t> add_playback(Transaction& transaction, std::string user_id, std::vector<PlaybackRow> rows,
                                Instant now, ListeningRow& sums) {
  std::int64_t added = 0;
  for (const auto& row : rows) {
    const bool fresh =
        co_await transaction.execute(
            "INSERT INTO briefings_playback (user_id, session_id, briefing_id, event, position, offline, at) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
            user_id, row.session_id, row.briefing_id, row.event, row.position, row.offline, now) == 1;
    if (!fresh) continue;
    ++added;
    switch (row.event) {
      case PlaybackEvent::started:
        ++sums.started;
        if (row.offline) ++sums.offline;
        co_await begin_play(transaction, user_id, row.briefing_id, now, sums);
        break;
      case PlaybackEvent::paused:
        ++sums.paused;
        break;
      case PlaybackEvent::completed:
        ++sums.completed;
        co_await end_play(transaction, user_id, row.briefing_id, sums);
        break;
      case PlaybackEvent::skipped:
        ++sums.skipped;
        break;
    }
  }
  co_return added;
}

Task<void> add_performance(Transaction& transaction, std::string user_id, std::vector<PerformanceRow> rows,
                           const Clock& clock, ListeningRow& sums) {
  std::vector<std::tuple<std::string, std::string, Metric, double, std::string, Instant>> kept;
  for (auto& row : rows) {
    const auto whole = std::llround(row.value);
    switch (row.metric) {
      case Metric::audio_load_time:
        ++sums.audio_loads;
        sums.audio_load_time += whole;
        break;
      case Metric::api_response_time:
        ++sums.responses;
        sums.response_time += whole;
        break;
      case Metric::network_error:
        sums.network_errors += whole;
        break;
    }
    kept.emplace_back(new_uuid(clock), user_id, row.metric, row.value, std::move(row.context), clock.now());
  }
  co_await transaction.execute_each(
      "INSERT INTO briefings_performance (id, user_id, metric, value, context, at) VALUES ($1, $2, $3, $4, $5, $6)",
      std::move(kept));
}

Task<bool> add_to_day(Transaction& transaction, std::string user_id, Instant day, ListeningRow s) {
  const bool first =
      co_await transaction.execute(
          "INSERT INTO briefings_listening (day, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", day, user_id) == 1;
  co_await transaction.execute(
      "UPDATE briefings_listening SET started = started + $3, paused = paused + $4, completed = completed + $5, "
      "skipped = skipped + $6, offline = offline + $7, plays = plays + $8, plays_completed = plays_completed + $9, "
      "first_plays = first_plays + $10, first_play_time = first_play_time + $11, audio_loads = audio_loads + $12, "
      "audio_load_time = audio_load_time + $13, responses = responses + $14, response_time = response_time + $15, "
      "network_errors = network_errors + $16 WHERE day = $1 AND user_id = $2",
      day, user_id, s.started, s.paused, s.completed, s.skipped, s.offline, s.plays, s.plays_completed, s.first_plays,
      s.first_play_time, s.audio_loads, s.audio_load_time, s.responses, s.response_time, s.network_errors);
  co_return first;
}

Task<void> forget_reports(database::Database& database, Instant before) {
  co_await database.execute("DELETE FROM briefings_playback WHERE at < $1", before);
  co_await database.execute("DELETE FROM briefings_performance WHERE at < $1", before);
  co_await database.execute("DELETE FROM briefings_plays WHERE started_at < $1", before);
}

Task<std::vector<Engagement>> engagement(database::Database& database, Instant since) {
  return database.query<Engagement>(
      "SELECT day, COUNT(*) AS listeners, CAST(SUM(started) AS BIGINT) AS started, "
      "CAST(SUM(offline) AS BIGINT) AS offline, CAST(SUM(plays) AS BIGINT) AS plays, "
      "CAST(SUM(plays_completed) AS BIGINT) AS plays_completed, CAST(SUM(first_plays) AS BIGINT) AS first_plays, "
      "CAST(SUM(first_play_time) AS BIGINT) AS first_play_time, CAST(SUM(audio_loads) AS BIGINT) AS audio_loads, "
      "CAST(SUM(audio_load_time) AS BIGINT) AS audio_load_time, CAST(SUM(responses) AS BIGINT) AS responses, "
      "CAST(SUM(response_time) AS BIGINT) AS response_time, CAST(SUM(network_errors) AS BIGINT) AS network_errors "
      "FROM briefings_listening WHERE day >= $1 GROUP BY day ORDER BY day DESC",
      since);
}

}  // namespace odeon::briefings::store

// SQL of analytics.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "engine/database/database.hpp"

namespace odeon::briefings {

enum class PlaybackEvent { started, paused, completed, skipped };
BOOST_DESCRIBE_ENUM(PlaybackEvent, started, paused, completed, skipped)
enum class Metric { audio_load_time, api_response_time, network_error };
BOOST_DESCRIBE_ENUM(Metric, audio_load_time, api_response_time, network_error)

struct PlaybackRow {
  std::string session_id;
  std::string briefing_id;
  PlaybackEvent event = PlaybackEvent::started;
  std::int64_t position = 0;  // milliseconds
  bool offline = false;
};

struct PerformanceRow {
  Metric metric = Metric::audio_load_time;
  double value = 0;
  std::string context;  // JSON
};

// Sums of one account and day. A play is a briefing that an account began to hear, once however often.
struct ListeningRow {
  std::int64_t started = 0, paused = 0, completed = 0, skipped = 0;
  std::int64_t offline = 0;  // of `started`
  std::int64_t plays = 0, plays_completed = 0;
  std::int64_t first_plays = 0, first_play_time = 0;  // of personal briefings, and since they were asked for
  std::int64_t audio_loads = 0, audio_load_time = 0;
  std::int64_t responses = 0, response_time = 0;
  std::int64_t network_errors = 0;
};

// The measures of one day over all accounts.
struct Engagement {
  Instant day;
  std::int64_t listeners = 0;
  std::int64_t started = 0, offline = 0;
  std::int64_t plays = 0, plays_completed = 0;
  std::int64_t first_plays = 0, first_play_time = 0;
  std::int64_t audio_loads = 0, audio_load_time = 0;
  std::int64_t responses = 0, response_time = 0;
  std::int64_t network_errors = 0;
};
BOOST_DESCRIBE_STRUCT(Engagement, (),
                      (day, listeners, started, offline, plays, plays_completed, first_plays, first_play_time,
                       audio_loads, audio_load_time, responses, response_time, network_errors))

namespace store {

// Adds what is new of the reports, and to `sums` what they say; returns how many were new.
Task<std::int64_t> add_playback(database::Transaction& transaction, std::string user_id, std::vector<PlaybackRow> rows,
                                Instant now, ListeningRow& sums);
Task<void> add_performance(database::Transaction& transaction, std::string user_id, std::vector<PerformanceRow> rows,
                           const Clock& clock, ListeningRow& sums);
// True if it is the account's first of the day.
Task<bool> add_to_day(database::Transaction& transaction, std::string user_id, Instant day, ListeningRow sums);
Task<void> forget_reports(database::Database& database, Instant before);
// Of the days from `since` on, the newest first; days without anybody are left out.
Task<std::vector<Engagement>> engagement(database::Database& database, Instant since);

}  // namespace store
}  // namespace odeon::briefings

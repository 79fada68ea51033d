// All SQL of the product.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/database/database.hpp"
#include "engine/database/migrations.hpp"
#include "products/briefings/briefings.hpp"

namespace odeon::briefings {

// A briefing as it is stored: an edition (slot) or somebody's own (user_id).
struct BriefingRow {
  std::string id;
  std::string user_id;
  std::optional<Instant> slot;
  std::string tier;  // plan of whoever asked
  std::vector<std::string> tickers;
  double seconds = 0;  // of speech that was asked for
  std::string focus;
  std::string voice;
  std::string time_zone;                   // of the listener, or empty
  std::optional<std::string> request_key;  // the client's; unique among the listener's
  std::string reservation;                 // of the day's quota
  Status status = Status::queued;
  std::string job_id;
  std::string title;
  std::string audio_key;
  std::int64_t audio_bytes = 0;
  std::string audio_md5;  // hexadecimal
  double duration = 0;
  std::string transcript;
  std::string captions;
  std::vector<Source> sources;
  std::vector<AdMarker> ad_markers;
  std::vector<Chapter> chapters;
  std::string script_model;
  std::string speech_model;
  double loudness = 0;
  double true_peak = 0;
  std::string error;  // JSON of a Failure, or empty
  Instant created_at;
  Instant generated_at;
  std::optional<Instant> expires_at;  // removed then
};
BOOST_DESCRIBE_STRUCT(BriefingRow, (),
                      (id, user_id, slot, tier, tickers, seconds, focus, voice, time_zone, request_key, reservation,
                       status, job_id, title, audio_key, audio_bytes, audio_md5, duration, transcript, captions,
                       sources, ad_markers, chapters, script_model, speech_model, loudness, true_peak, error,
                       created_at, generated_at, expires_at))

// Where the audio of a listener's own briefing lies.
std::string personal_audio_key(std::string_view briefing_id);

// A stock that somebody follows. Shares and cost in millionths.
struct PositionRow {
  std::string ticker;
  std::optional<std::int64_t> shares;
  std::optional<std::int64_t> average_cost;
  std::int64_t priority = 5;  // 1 is told first
  std::string reservation;
};
BOOST_DESCRIBE_STRUCT(PositionRow, (), (ticker, shares, average_cost, priority, reservation))

class Store {
 public:
  explicit Store(database::Database& database) : database_(database) {}

  // False if its slot has an edition already, or its listener a briefing of its request key.
  Task<bool> add(database::Transaction& transaction, BriefingRow briefing);
  Task<std::optional<BriefingRow>> briefing(std::string id);
  Task<std::optional<BriefingRow>> briefing_of_request(database::Executor& executor, std::string user_id,
                                                       std::string request_key);
  Task<void> mark_processing(std::string id);
  Task<void> mark_ready(database::Transaction& transaction, BriefingRow briefing);
  Task<void> mark_failed(database::Transaction& transaction, std::string id, Failure failure);
  // Removes what expired before `before`, and the days before it; gives the keys of the audio.
  Task<std::vector<std::string>> remove_expired(Instant before);
  // Ready ones of one listener (empty: editions), the newest first.
  Task<std::vector<BriefingRow>> ready_since(std::string user_id, Instant since, std::int64_t limit,
                                             std::int64_t offset);

  Task<std::optional<BriefingRow>> edition_of_slot(database::Executor& executor, Instant slot);
  Task<std::optional<BriefingRow>> newest_edition();
  Task<std::optional<BriefingRow>> newest_ready_edition();
  // The edition that `user_id` has on the day that begins at `day`: `offered`, unless one was given before.
  Task<std::string> edition_of_day(std::string user_id, Instant day, std::string offered);

  Task<std::string> voice_of(std::string user_id);      // empty: none chosen
  Task<std::string> time_zone_of(std::string user_id);  // empty: unknown
  Task<void> keep_time_zone(database::Executor& executor, std::string user_id, std::string time_zone, Instant now);
  Task<void> choose_voice(std::string user_id, std::string voice, Instant now);

  // The most important first.
  Task<std::vector<PositionRow>> positions(std::string user_id);
  // Changes shares and cost where they are given, and the priority. False if it is not followed.
  Task<bool> change_position(database::Transaction& transaction, std::string user_id, PositionRow position);
  // False if it is followed already.
  Task<bool> add_position(database::Transaction& transaction, std::string user_id, PositionRow position, Instant now);
  // The removed position, if there was one.
  Task<std::optional<PositionRow>> remove_position(database::Transaction& transaction, std::string user_id,
                                                   std::string ticker);

  // JSON of a FeedState, or nothing.
  Task<std::optional<std::string>> feed_state(std::string address);
  Task<void> keep_feed_state(std::string address, std::string state, Instant now);

 private:
  database::Database& database_;
};

std::vector<database::Migration> migrations();

}  // namespace odeon::briefings

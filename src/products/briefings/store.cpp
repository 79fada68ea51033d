#include "products/briefings/store.hpp"

namespace odeon::briefings {

namespace embedded {
extern const std::string_view schema_sql, schema_2_sql;
}

std::string personal_audio_key(std::string_view briefing_id) {
  return fmt::format("briefings/personal/{}.mp3", briefing_id);
}

Task<bool> Store::add(database::Transaction& transaction, BriefingRow b) {
  co_return co_await transaction.execute(
      "INSERT INTO briefings_briefings (id, user_id, slot, tier, tickers, seconds, focus, voice, time_zone, "
      "request_key, reservation, status, job_id, created_at, expires_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'queued', $12, $13, $14) ON CONFLICT DO NOTHING",
      b.id, b.user_id, b.slot, b.tier, b.tickers, b.seconds, b.focus, b.voice, b.time_zone, b.request_key,
      b.reservation, b.job_id, b.created_at, b.expires_at) == 1;
}

Task<std::optional<BriefingRow>> Store::briefing(std::string id) {
  return database_.find<BriefingRow>("SELECT * FROM briefings_briefings WHERE id = $1", id);
}

Task<std::optional<BriefingRow>> Store::briefing_of_request(database::Executor& executor, std::string user_id,
                                                            std::string request_key) {
  return executor.find<BriefingRow>("SELECT * FROM briefings_briefings WHERE user_id = $1 AND request_key = $2",
                                    user_id, request_key);
}

Task<void> Store::mark_processing(std::string id) {
  co_await database_.execute(
      "UPDATE briefings_briefings SET status = 'processing', error = '' WHERE id = $1 AND status <> 'ready'", id);
}

Task<void> Store::mark_ready(database::Transaction& transaction, BriefingRow b) {
  co_await transaction.execute(
      "UPDATE briefings_briefings SET status = 'ready', title = $2, audio_key = $3, audio_bytes = $4, audio_md5 = $5, "
      "duration = $6, transcript = $7, captions = $8, sources = $9, ad_markers = $10, chapters = $11, "
      "script_model = $12, speech_model = $13, loudness = $14, true_peak = $15, error = '', generated_at = $16 "
      "WHERE id = $1",
      b.id, b.title, b.audio_key, b.audio_bytes, b.audio_md5, b.duration, b.transcript, b.captions, b.sources,
      b.ad_markers, b.chapters, b.script_model, b.speech_model, b.loudness, b.true_peak, b.generated_at);
}

Task<void> Store::mark_failed(database::Transaction& transaction, std::string id, Failure failure) {
  co_await transaction.execute("UPDATE briefings_briefings SET status = 'failed', error = $2 WHERE id = $1", id,
                               failure);
}

Task<std::vector<std::string>> Store::remove_expired(Instant before) {
  co_await database_.execute("DELETE FROM briefings_days WHERE day < $1", before - std::chrono::days(1));
  co_return co_await database_.query<std::string>(
      "DELETE FROM briefings_briefings WHERE expires_at < $1 RETURNING audio_key", before);
}

Task<std::vector<BriefingRow>> Store::ready_since(std::string user_id, Instant since, std::int64_t limit,
                                                  std::int64_t offset) {
  return database_.query<BriefingRow>(
      "SELECT * FROM briefings_briefings WHERE user_id = $1 AND status = 'ready' AND generated_at >= $2 "
      "ORDER BY generated_at DESC LIMIT $3 OFFSET $4",
      user_id, since, limit, offset);
}

// ---- editions --------------------------------------------------------------------------------------

Task<std::optional<BriefingRow>> Store::edition_of_slot(database::Executor& executor, Instant slot) {
  return executor.find<BriefingRow>("SELECT * FROM briefings_briefings WHERE slot = $1", slot);
}

Task<std::optional<BriefingRow>> Store::newest_edition() {
  return database_.find<BriefingRow>(
      "SELECT * FROM briefings_briefings WHERE slot IS NOT NULL ORDER BY slot DESC LIMIT 1");
}

Task<std::optional<BriefingRow>> Store::newest_ready_edition() {
  return database_.find<BriefingRow>(
      "SELECT * FROM briefings_briefings WHERE user_id = '' AND status = 'ready' ORDER BY generated_at DESC LIMIT 1");
}

Task<std::string> Store::edition_of_day(std::string user_id, Instant day, std::string offered) {
  co_await database_.execute(
      "INSERT INTO briefings_days (user_id, day, briefing_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", user_id, day,
      offered);
  auto given = co_await database_.find<std::string>(
      "SELECT briefing_id FROM briefings_days WHERE user_id = $1 AND day = $2", user_id, day);
  co_return given.value_or(offered);
}

// ---- listeners -------------------------------------------------------------------------------------

Task<std::string> Store::voice_of(std::string user_id) {
  auto voice = co_await database_.find<std::string>("SELECT voice FROM briefings_profiles WHERE user_id = $1", user_id);
  co_return voice.value_or("");
}

Task<std::string> Store::time_zone_of(std::string user_id) {
  auto zone =
      co_await database_.find<std::string>("SELECT time_zone FROM briefings_profiles WHERE user_id = $1", user_id);
  co_return zone.value_or("");
}

Task<void> Store::keep_time_zone(database::Executor& executor, std::string user_id, std::string time_zone,
                                 Instant now) {
  co_await executor.execute(
      "INSERT INTO briefings_profiles (user_id, voice, time_zone, updated_at) VALUES ($1, '', $2, $3) "
      "ON CONFLICT (user_id) DO UPDATE SET time_zone = excluded.time_zone, updated_at = excluded.updated_at",
      user_id, time_zone, now);
}

Task<void> Store::choose_voice(std::string user_id, std::string voice, Instant now) {
  co_await database_.execute(
      "INSERT INTO briefings_profiles (user_id, voice, updated_at) VALUES ($1, $2, $3) "
      "ON CONFLICT (user_id) DO UPDATE SET voice = excluded.voice, updated_at = excluded.updated_at",
      user_id, voice, now);
}

Task<std::vector<PositionRow>> Store::positions(std::string user_id) {
  return database_.query<PositionRow>(
      "SELECT ticker, shares, average_cost, priority, reservation FROM briefings_positions WHERE user_id = $1 "
      "ORDER BY priority, created_at, ticker",
      user_id);
}

Task<bool> Store::change_position(database::Transaction& transaction, std::string user_id, PositionRow p) {
  co_return co_await transaction.execute(
      "UPDATE briefings_positions SET shares = COALESCE($3, shares), average_cost = COALESCE($4, average_cost), "
      "priority = $5 WHERE user_id = $1 AND ticker = $2",
      user_id, p.ticker, p.shares, p.average_cost, p.priority) > 0;
}

Task<bool> Store::add_position(database::Transaction& transaction, std::string user_id, PositionRow p, Instant now) {
  co_return co_await transaction.execute(
      "INSERT INTO briefings_positions (user_id, ticker, shares, average_cost, priority, reservation, created_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (user_id, ticker) DO NOTHING",
      user_id, p.ticker, p.shares, p.average_cost, p.priority, p.reservation, now) == 1;
}

Task<std::optional<PositionRow>> Store::remove_position(database::Transaction& transaction, std::string user_id,
                                                        std::string ticker) {
  return transaction.find<PositionRow>(
      "DELETE FROM briefings_positions WHERE user_id = $1 AND ticker = $2 "
      "RETURNING ticker, shares, average_cost, priority, reservation",
      user_id, ticker);
}

// ---- feeds -----------------------------------------------------------------------------------------

Task<std::optional<std::string>> Store::feed_state(std::string address) {
  return database_.find<std::string>("SELECT state FROM briefings_feeds WHERE address = $1", address);
}

Task<void> Store::keep_feed_state(std::string address, std::string state, Instant now) {
  co_await database_.execute(
      "INSERT INTO briefings_feeds (address, state, fetched_at) VALUES ($1, $2, $3) "
      "ON CONFLICT (address) DO UPDATE SET state = excluded.state, fetched_at = excluded.fetched_at",
      address, state, now);
}

std::vector<database::Migration> migrations() {
  return {{"briefings", 1, embedded::schema_sql}, {"briefings", 2, embedded::schema_2_sql}};
}

}  // namespace odeon::briefings

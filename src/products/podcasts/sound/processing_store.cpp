#include "products/podcasts/sound/processing_store.hpp"

namespace odeon::podcasts::store {

Task<ProcessingOptions> options_of(Executor& executor, std::string episode_id) {
  const auto chosen =
      co_await executor.find<std::string>("SELECT options FROM podcasts_processing WHERE episode_id = $1", episode_id);
  co_return chosen ? merged(usual_options(), json::from<ProcessingOptions>(*chosen)) : usual_options();
}

Task<ProcessingOptions> choose(Transaction& tx, std::string episode_id, std::string user_id, ProcessingOptions given) {
  auto options = merged(co_await options_of(tx, episode_id), given);
  co_await tx.execute(
      "INSERT INTO podcasts_processing (episode_id, user_id, options) VALUES ($1, $2, $3) "
      "ON CONFLICT (episode_id) DO UPDATE SET options = EXCLUDED.options",
      episode_id, user_id, json::write(options));
  co_return options;
}

Task<std::optional<ProcessingRow>> processing(Executor& executor, std::string episode_id) {
  return executor.find<ProcessingRow>(
      "SELECT episode_id, user_id, options, job_id, begun_at, source_id, measurements FROM podcasts_processing "
      "WHERE episode_id = $1",
      episode_id);
}

Task<void> begin_processing(Transaction& tx, std::string episode_id, std::string user_id, std::string job_id,
                            Instant now) {
  co_await tx.execute(
      "INSERT INTO podcasts_processing (episode_id, user_id, options, job_id, begun_at) VALUES ($1, $2, '{}', $3, $4) "
      "ON CONFLICT (episode_id) DO UPDATE SET job_id = EXCLUDED.job_id, begun_at = EXCLUDED.begun_at, "
      "made = NULL",
      episode_id, user_id, job_id, now);
}

Task<bool> hand_on_processing(Transaction& tx, std::string episode_id, std::string job_id, std::string next_job_id) {
  co_return co_await tx.execute(
      "UPDATE podcasts_processing SET job_id = $3, made = NULL WHERE episode_id = $1 AND job_id = $2", episode_id,
      job_id, next_job_id) > 0;
}

Task<bool> is_wanted(Executor& executor, std::string episode_id, std::string source_id, std::string job_id) {
  const auto found = co_await executor.find<std::string>(
      "SELECT e.id FROM podcasts_episodes e JOIN podcasts_processing p ON p.episode_id = e.id "
      "WHERE e.id = $1 AND e.source_id = $2 AND p.job_id = $3",
      episode_id, source_id, job_id);
  co_return found.has_value();
}

Task<bool> hold_processing(Transaction& tx, std::string episode_id, std::string job_id) {
  return hand_on_processing(tx, std::move(episode_id), job_id, job_id);
}

Task<void> keep_made(Executor& executor, std::string episode_id, std::string job_id, std::string made) {
  co_await executor.execute("UPDATE podcasts_processing SET made = $3 WHERE episode_id = $1 AND job_id = $2",
                            episode_id, job_id, made);
}

Task<std::optional<std::string>> made(Executor& executor, std::string episode_id, std::string job_id) {
  return executor.find<std::string>(
      "SELECT made FROM podcasts_processing WHERE episode_id = $1 AND job_id = $2 AND made IS NOT NULL", episode_id,
      job_id);
}

Task<void> forget_made(Executor& executor, std::string episode_id, std::string job_id) {
  co_await executor.execute("UPDATE podcasts_processing SET made = NULL WHERE episode_id = $1 AND job_id = $2",
                            episode_id, job_id);
}

Task<void> keep_measured(Transaction& tx, std::string episode_id, MeasuredRow measured) {
  co_await tx.execute(
      "UPDATE podcasts_processing SET source_id = $2, measurements = $3, edits = $4, waveform = $5 "
      "WHERE episode_id = $1",
      episode_id, measured.source_id, measured.measurements, measured.edits, measured.waveform);
}

Task<void> keep_uncut(Transaction& tx, std::string episode_id, std::string user_id, std::string source_id,
                      std::string edits) {
  co_await tx.execute(
      "INSERT INTO podcasts_processing (episode_id, user_id, options, source_id, edits) VALUES ($1, $2, '{}', $3, $4) "
      "ON CONFLICT (episode_id) DO UPDATE SET source_id = EXCLUDED.source_id, edits = EXCLUDED.edits",
      episode_id, user_id, source_id, edits);
}

Task<std::optional<std::string>> waveform(Executor& executor, std::string episode_id) {
  return executor.find<std::string>(
      "SELECT waveform FROM podcasts_processing WHERE episode_id = $1 AND waveform IS NOT NULL", episode_id);
}

Task<std::optional<std::string>> edits(Executor& executor, std::string episode_id) {
  return executor.find<std::string>("SELECT edits FROM podcasts_processing WHERE episode_id = $1 AND edits IS NOT NULL",
                                    episode_id);
}

Task<void> forget_processing(Transaction& tx, std::string episode_id) {
  co_await tx.execute("DELETE FROM podcasts_processing WHERE episode_id = $1", episode_id);
}

}  // namespace odeon::podcasts::store

#include "products/chat/files/creation_store.hpp"

namespace odeon::chat {

std::string creation_folder(std::string_view id) {
  return "chat/creations/" + std::string(id) + "/";
}

namespace store {

Task<bool> add(Transaction& tx, CreationRow row) {
  co_return co_await tx.execute(
      "INSERT INTO chat_creations (id, user_id, conversation_id, kind, prompt, wish, tier, request_key, job_id, "
      "status, "
      "files, model, cost, error_code, error, removed, created_at, ended_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, FALSE, $16, $17) "
      "ON CONFLICT (user_id, request_key) DO NOTHING",
      row.id, row.user_id, row.conversation_id, row.kind, row.prompt, row.wish, row.tier, row.request_key, row.job_id,
      row.status, row.files, row.model, row.cost, row.error_code, row.error, row.created_at, row.ended_at) > 0;
}

Task<std::optional<CreationRow>> creation(Executor& executor, std::string user_id, std::string id) {
  return executor.find<CreationRow>(
      "SELECT id, user_id, conversation_id, kind, prompt, wish, tier, request_key, job_id, status, files, model, cost, "
      "error_code, error, created_at, ended_at FROM chat_creations WHERE id = $1 AND user_id = $2 AND NOT removed",
      id, user_id);
}

Task<std::optional<CreationRow>> creation(Executor& executor, std::string id) {
  return executor.find<CreationRow>(
      "SELECT id, user_id, conversation_id, kind, prompt, wish, tier, request_key, job_id, status, files, model, cost, "
      "error_code, error, created_at, ended_at FROM chat_creations WHERE id = $1 AND NOT removed",
      id);
}

Task<std::optional<CreationRow>> creation_of_request(Executor& executor, std::string user_id, std::string request_key) {
  return executor.find<CreationRow>(
      "SELECT id, user_id, conversation_id, kind, prompt, wish, tier, request_key, job_id, status, files, model, cost, "
      "error_code, error, created_at, ended_at FROM chat_creations WHERE user_id = $1 AND request_key = $2 "
      "AND NOT removed",
      user_id, request_key);
}

Task<std::vector<CreationRow>> creations(Executor& executor, std::string user_id, CreationKind kind,
                                         std::string conversation_id, std::string before, std::int64_t limit) {
  return executor.query<CreationRow>(
      "SELECT id, user_id, conversation_id, kind, prompt, wish, tier, request_key, job_id, status, files, model, cost, "
      "error_code, error, created_at, ended_at FROM chat_creations WHERE user_id = $1 AND kind = $2 AND NOT removed "
      "AND ($3 = '' OR conversation_id = $3) AND ($4 = '' OR id < $4) ORDER BY id DESC LIMIT $5",
      user_id, kind, conversation_id, before, limit);
}

Task<bool> mark_running(Executor& executor, std::string id) {
  co_return co_await executor.execute(
      "UPDATE chat_creations SET status = 'running' WHERE id = $1 AND status IN ('queued', 'running') AND NOT removed",
      id) > 0;
}

Task<bool> mark_ready(Executor& executor, std::string id, Made made, Instant now) {
  co_return co_await executor.execute(
      "UPDATE chat_creations SET status = 'ready', files = $2, model = $3, cost = $4, ended_at = $5 "
      "WHERE id = $1 AND status IN ('queued', 'running') AND NOT removed",
      id, made.files, made.model, made.cost, now) > 0;
}

Task<bool> mark_ended(Executor& executor, std::string id, CreationStatus status, std::string code, std::string message,
                      Instant now) {
  co_return co_await executor.execute(
      "UPDATE chat_creations SET status = $2, error_code = $3, error = $4, ended_at = $5 "
      "WHERE id = $1 AND status IN ('queued', 'running')",
      id, status, code, message, now) > 0;
}

Task<bool> let_go_creation(Executor& executor, std::string user_id, std::string id) {
  co_return co_await executor.execute(
      "UPDATE chat_creations SET removed = TRUE, request_key = NULL WHERE id = $1 AND user_id = $2 AND NOT removed", id,
      user_id) > 0;
}

Task<std::int64_t> let_go_aged_creations(Executor& executor, Instant now, std::int64_t usual_days) {
  return executor.execute(
      "UPDATE chat_creations SET removed = TRUE, request_key = NULL WHERE conversation_id IS NULL AND NOT removed "
      "AND created_at < $1 - COALESCE((SELECT s.retention_days FROM chat_settings s "
      "WHERE s.user_id = chat_creations.user_id), $2) * 86400000000",
      now, usual_days);
}

Task<std::vector<std::string>> let_go_creations(Executor& executor, std::int64_t limit) {
  return executor.query<std::string>("SELECT id FROM chat_creations WHERE removed ORDER BY id LIMIT $1", limit);
}

Task<void> remove_creation(Executor& executor, std::string id) {
  co_await executor.execute("DELETE FROM chat_creations WHERE id = $1 AND removed", id);
}

Task<std::vector<std::string>> creation_ids_of(Executor& executor, std::string user_id) {
  return executor.query<std::string>("SELECT id FROM chat_creations WHERE user_id = $1 ORDER BY id", user_id);
}

}  // namespace store
}  // namespace odeon::chat

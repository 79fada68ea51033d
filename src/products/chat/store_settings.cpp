#include "products/chat/store_settings.hpp"

#include "products/chat/memory/memory_store.hpp"

namespace odeon::chat::store {

Task<void> add_share(Transaction& tx, std::string token_hash, ShareRow share, Instant now) {
  co_await tx.execute(
      "INSERT INTO chat_shares (token_hash, conversation_id, leaf_id, alone, created_at) VALUES ($1, $2, $3, $4, $5)",
      token_hash, share.conversation_id, share.leaf_id, share.alone, now);
}

Task<std::optional<ShareRow>> share(Executor& executor, std::string token_hash) {
  return executor.find<ShareRow>(
      "SELECT s.conversation_id, s.leaf_id, s.alone, c.title FROM chat_shares s "
      "JOIN chat_conversations c ON c.id = s.conversation_id WHERE s.token_hash = $1",
      token_hash);
}

Task<std::vector<ShareMade>> shares(Executor& executor, std::string conversation_id) {
  return executor.query<ShareMade>(
      "SELECT leaf_id, alone, created_at FROM chat_shares WHERE conversation_id = $1 ORDER BY created_at, token_hash",
      conversation_id);
}

Task<std::int64_t> remove_share(Executor& executor, std::string user_id, std::string token_hash) {
  return executor.execute(
      "DELETE FROM chat_shares WHERE token_hash = $2 "
      "AND conversation_id IN (SELECT id FROM chat_conversations WHERE user_id = $1)",
      user_id, token_hash);
}

Task<std::int64_t> remove_shares(Executor& executor, std::string user_id, std::string conversation_id) {
  return executor.execute(
      "DELETE FROM chat_shares WHERE conversation_id = $2 "
      "AND conversation_id IN (SELECT id FROM chat_conversations WHERE user_id = $1)",
      user_id, conversation_id);
}

Task<SettingsRow> settings(Executor& executor, std::string user_id) {
  auto row =
      co_await executor.find<SettingsRow>("SELECT retention_days FROM chat_settings WHERE user_id = $1", user_id);
  co_return row.value_or(SettingsRow{});
}

Task<void> keep_settings(Executor& executor, std::string user_id, SettingsRow settings, Instant now) {
  co_await executor.execute(
      "INSERT INTO chat_settings (user_id, retention_days, updated_at) VALUES ($1, $2, $3) "
      "ON CONFLICT (user_id) DO UPDATE SET retention_days = excluded.retention_days, updated_at = excluded.updated_at",
      user_id, settings.retention_days, now);
}

Task<std::vector<AgedRow>> aged(Executor& executor, Instant now, std::int64_t usual_days, std::int64_t limit) {
  return executor.query<AgedRow>(
      "SELECT c.id, c.user_id, c.updated_at FROM chat_conversations c "
      "LEFT JOIN chat_settings s ON s.user_id = c.user_id "
      "WHERE c.updated_at < $1 - COALESCE(s.retention_days, $2) * 86400000000 ORDER BY c.updated_at LIMIT $3",
      now, usual_days, limit);
}

Task<bool> remove_aged(Transaction& tx, AgedRow row) {
  co_await hold_memories(tx, row.user_id);
  const auto still = co_await tx.execute(
      "UPDATE chat_conversations SET reservation = '' WHERE id = $1 AND updated_at = $2", row.id, row.updated_at);
  co_return still > 0 && co_await remove(tx, row.user_id, row.id);
}

Task<std::vector<HeldRow>> held_since(Executor& executor, Instant before, std::int64_t limit) {
  return executor.query<HeldRow>(
      "SELECT c.id, c.reservation, EXISTS (SELECT 1 FROM chat_messages m WHERE m.conversation_id = c.id "
      "AND m.role = 'assistant') AS answered FROM chat_conversations c "
      "WHERE c.reservation <> '' AND c.created_at < $1 LIMIT $2",
      before, limit);
}

Task<std::int64_t> forget(Transaction& tx, std::string user_id) {
  co_await hold_memories(tx, user_id);
  // Whoever writes into one of them at the moment is waited for, or finds it gone.
  co_await tx.execute("UPDATE chat_conversations SET reservation = '' WHERE user_id = $1", user_id);
  std::int64_t rows = co_await remove_memories(tx, user_id);
  co_await tx.execute("DELETE FROM chat_memory_settings WHERE user_id = $1", user_id);
  rows += co_await tx.execute(
      "DELETE FROM chat_shares WHERE conversation_id IN (SELECT id FROM chat_conversations WHERE user_id = $1)",
      user_id);
  rows += co_await tx.execute(
      "DELETE FROM chat_messages WHERE conversation_id IN (SELECT id FROM chat_conversations WHERE user_id = $1)",
      user_id);
  rows += co_await tx.execute("DELETE FROM chat_conversations WHERE user_id = $1", user_id);
  rows += co_await tx.execute("DELETE FROM chat_attachments WHERE user_id = $1", user_id);
  rows += co_await tx.execute("DELETE FROM chat_creations WHERE user_id = $1", user_id);
  rows += co_await tx.execute("DELETE FROM chat_settings WHERE user_id = $1", user_id);
  co_return rows;
}

}  // namespace odeon::chat::store

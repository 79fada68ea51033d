#include "products/chat/memory/memory_store.hpp"

#include "products/chat/folding.hpp"

namespace odeon::chat::store {

Task<PoliciesRow> policies(Executor& executor, std::string user_id, std::string conversation_id) {
  auto row = co_await executor.find<PoliciesRow>(
      "SELECT (SELECT policy FROM chat_memory_settings WHERE user_id = $1) AS person, "
      "(SELECT memory FROM chat_conversations WHERE id = $2 AND user_id = $1) AS conversation",
      user_id, conversation_id);
  co_return row.value_or(PoliciesRow{});
}

Task<void> choose_policy(Executor& executor, std::string user_id, std::optional<MemoryPolicy> policy) {
  co_await executor.execute(
      "INSERT INTO chat_memory_settings (user_id, policy) VALUES ($1, $2) "
      "ON CONFLICT (user_id) DO UPDATE SET policy = excluded.policy",
      user_id, policy);
}

Task<bool> choose_policy(Executor& executor, std::string user_id, std::string conversation_id,
                         std::optional<MemoryPolicy> policy) {
  co_return co_await executor.execute("UPDATE chat_conversations SET memory = $3 WHERE id = $2 AND user_id = $1",
                                      user_id, conversation_id, policy) > 0;
}

Task<void> hold_memories(Transaction& tx, std::string user_id) {
  co_await tx.execute(
      "INSERT INTO chat_memory_settings (user_id) VALUES ($1) "
      "ON CONFLICT (user_id) DO UPDATE SET policy = chat_memory_settings.policy",
      user_id);
}

Task<void> add(Transaction& tx, std::string user_id, MemoryRow row) {
  co_await tx.execute(
      "INSERT INTO chat_memories (id, user_id, text, words, topic, conversation_id, message_id, confidence, pinned, "
      "bound, replaces, created_at, updated_at, model) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '')",
      row.id, user_id, row.text, folded(row.text), row.topic, row.conversation_id, row.message_id, row.confidence,
      row.pinned, row.bound, row.replaces, row.created_at, row.updated_at);
}

Task<void> change(Executor& executor, std::string user_id, MemoryRow row) {
  co_await executor.execute(
      "UPDATE chat_memories SET text = $3, words = $4, topic = $5, conversation_id = $6, message_id = $7, "
      "confidence = $8, pinned = $9, bound = $10, replaces = $11, updated_at = $12, "
      "model = CASE WHEN text = $3 THEN model ELSE '' END WHERE id = $1 AND user_id = $2",
      row.id, user_id, row.text, folded(row.text), row.topic, row.conversation_id, row.message_id, row.confidence,
      row.pinned, row.bound, row.replaces, row.updated_at);
}

Task<std::int64_t> count_memories(Executor& executor, std::string user_id) {
  co_return (co_await executor.find<std::int64_t>("SELECT COUNT(*) FROM chat_memories WHERE user_id = $1", user_id))
      .value_or(0);
}

Task<void> remove_stalest(Transaction& tx, std::string user_id, std::int64_t count) {
  const auto ids = co_await tx.query<std::string>(
      "SELECT id FROM chat_memories WHERE user_id = $1 AND NOT pinned AND confidence < $3 "
      "ORDER BY updated_at, id LIMIT $2",
      user_id, count, kCertain);
  for (const auto& id : ids) co_await remove_memory(tx, user_id, id);
}

Task<std::optional<MemoryRow>> memory(Executor& executor, std::string user_id, std::string id) {
  return executor.find<MemoryRow>(
      "SELECT id, text, topic, conversation_id, message_id, confidence, pinned, bound, replaces, created_at, "
      "updated_at, (SELECT MAX(used_at) FROM chat_memory_uses WHERE memory_id = $2) AS last_used_at "
      "FROM chat_memories WHERE user_id = $1 AND id = $2",
      user_id, id);
}

Task<std::vector<MemoryRow>> memories(Executor& executor, std::string user_id, std::string part, Instant before,
                                      std::string id, std::int64_t limit) {
  return executor.query<MemoryRow>(
      "SELECT m.id, m.text, m.topic, m.conversation_id, m.message_id, m.confidence, m.pinned, m.bound, m.replaces, "
      "m.created_at, m.updated_at, "
      "(SELECT MAX(u.used_at) FROM chat_memory_uses u WHERE u.memory_id = m.id) AS last_used_at "
      "FROM chat_memories m WHERE m.user_id = $1 AND m.words LIKE $2 ESCAPE '!' "
      "AND (m.updated_at < $3 OR (m.updated_at = $3 AND m.id < $4)) "
      "ORDER BY m.updated_at DESC, m.id DESC LIMIT $5",
      user_id, pattern_of(part), before, id, limit);
}

Task<std::vector<MemoryRow>> known(Executor& executor, std::string user_id, std::string conversation_id, bool all) {
  return executor.query<MemoryRow>(
      "SELECT id, text, topic, conversation_id, message_id, confidence, pinned, bound, replaces, created_at, "
      "updated_at, NULL AS last_used_at FROM chat_memories "
      "WHERE user_id = $1 AND (conversation_id = $2 OR ($3 AND NOT bound)) ORDER BY updated_at DESC, id DESC",
      user_id, conversation_id, all);
}

Task<bool> remove_memory(Transaction& tx, std::string user_id, std::string id) {
  const auto gone = co_await tx.execute("DELETE FROM chat_memories WHERE user_id = $1 AND id = $2", user_id, id);
  if (gone > 0) co_await tx.execute("DELETE FROM chat_memory_uses WHERE memory_id = $1", id);
  co_return gone > 0;
}

Task<std::int64_t> remove_memories(Transaction& tx, std::string user_id) {
  co_await tx.execute("DELETE FROM chat_lessons WHERE user_id = $1", user_id);
  co_await tx.execute("DELETE FROM chat_memory_uses WHERE user_id = $1", user_id);
  co_return co_await tx.execute("DELETE FROM chat_memories WHERE user_id = $1", user_id);
}

Task<void> forget_until(Transaction& tx, std::string user_id, Instant now) {
  co_await tx.execute("UPDATE chat_memory_settings SET forgotten_at = $2 WHERE user_id = $1", user_id, now);
}

Task<bool> is_forgotten(Executor& executor, std::string user_id, Instant said_at) {
  const auto found = co_await executor.find<std::string>(
      "SELECT user_id FROM chat_memory_settings WHERE user_id = $1 AND forgotten_at >= $2", user_id, said_at);
  co_return found.has_value();
}

Task<void> leave_conversation(Transaction& tx, std::string user_id, std::string conversation_id, bool all) {
  co_await tx.execute(
      "DELETE FROM chat_memory_uses WHERE message_id IN (SELECT id FROM chat_messages WHERE conversation_id = $1)",
      conversation_id);
  const auto ids = co_await tx.query<std::string>(
      "SELECT id FROM chat_memories WHERE user_id = $1 AND conversation_id = $2 AND (bound OR $3)", user_id,
      conversation_id, all);
  for (const auto& id : ids) co_await remove_memory(tx, user_id, id);
  co_await tx.execute(
      "UPDATE chat_memories SET conversation_id = NULL, message_id = NULL WHERE user_id = $1 AND conversation_id = $2",
      user_id, conversation_id);
}

Task<void> add_uses(Transaction& tx, std::string user_id, std::string message_id, std::vector<std::string> memory_ids,
                    Instant now) {
  if (memory_ids.empty()) co_return;
  std::vector<std::tuple<std::string, std::string, std::string, Instant>> rows;
  for (auto& id : memory_ids) rows.emplace_back(message_id, std::move(id), user_id, now);
  // What was forgotten while the answer came, is.
  co_await tx.execute_each(
      "INSERT INTO chat_memory_uses (message_id, memory_id, user_id, used_at) "
      "SELECT CAST($1 AS TEXT), id, user_id, CAST($4 AS BIGINT) FROM chat_memories WHERE id = $2 AND user_id = $3",
      std::move(rows));
}

Task<std::vector<UseRow>> uses(Executor& executor, std::string user_id) {
  return executor.query<UseRow>(
      "SELECT message_id, memory_id, used_at FROM chat_memory_uses WHERE user_id = $1 "
      "ORDER BY used_at, message_id, memory_id",
      user_id);
}

Task<std::vector<MemoryRow>> used_by(Executor& executor, std::string user_id, std::string message_id) {
  return executor.query<MemoryRow>(
      "SELECT m.id, m.text, m.topic, m.conversation_id, m.message_id, m.confidence, m.pinned, m.bound, m.replaces, "
      "m.created_at, m.updated_at, "
      "(SELECT MAX(u.used_at) FROM chat_memory_uses u WHERE u.memory_id = m.id) AS last_used_at "
      "FROM chat_memory_uses used JOIN chat_memories m ON m.id = used.memory_id "
      "WHERE used.message_id = $2 AND m.user_id = $1 ORDER BY m.updated_at DESC, m.id DESC",
      user_id, message_id);
}

Task<std::vector<VectorRow>> vectors(Executor& executor, std::string user_id, std::string model) {
  return executor.query<VectorRow>("SELECT id, vector FROM chat_memories WHERE user_id = $1 AND model = $2", user_id,
                                   model);
}

Task<std::vector<MemoryText>> without_vector(Executor& executor, std::string user_id, std::string model,
                                             std::int64_t limit) {
  return executor.query<MemoryText>(
      "SELECT id, text FROM chat_memories WHERE user_id = $1 AND (model = '' OR ($2 <> '' AND model <> $2)) "
      "ORDER BY updated_at DESC LIMIT $3",
      user_id, model, limit);
}

Task<void> keep_vector(Executor& executor, MemoryText of, std::string model, database::Blob vector) {
  co_await executor.execute("UPDATE chat_memories SET model = $3, vector = $4 WHERE id = $1 AND text = $2", of.id,
                            of.text, model, vector);
}

}  // namespace odeon::chat::store

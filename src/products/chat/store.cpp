#include "products/chat/store.hpp"

#include "products/chat/folding.hpp"
#include "products/chat/memory/memory_store.hpp"

namespace odeon::chat {

namespace embedded {
extern const std::string_view schema_sql, schema_2_sql, schema_3_sql, schema_4_sql, schema_5_sql;
}

std::vector<database::Migration> migrations() {
  return {{"chat", 1, embedded::schema_sql},
          {"chat", 2, embedded::schema_2_sql},
          {"chat", 3, embedded::schema_3_sql},
          {"chat", 4, embedded::schema_4_sql},
          {"chat", 5, embedded::schema_5_sql}};
}

std::string MessageRow::text() const {
  std::string all;
  for (const auto& part : parts) all += part.text;
  return all;
}

namespace store {
namespace {

constexpr std::size_t kMostWords = 5;

}  // namespace

std::string pattern_of(std::string_view part) {
  std::string escaped = folded(part);
  for (const char* special : {"!", "%", "_"}) escaped = text::replace_all(escaped, special, "!" + std::string(special));
  return "%" + escaped + "%";
}

Task<void> add(Transaction& tx, ConversationRow row) {
  co_await tx.execute(
      "INSERT INTO chat_conversations (id, user_id, title, words, leaf_id, reservation, created_at, updated_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      row.id, row.user_id, row.title, folded(row.title), row.leaf_id, row.reservation, row.created_at, row.updated_at);
}

Task<std::optional<ConversationRow>> conversation(Executor& executor, std::string user_id, std::string id) {
  return executor.find<ConversationRow>(
      "SELECT id, user_id, title, leaf_id, reservation, created_at, updated_at FROM chat_conversations "
      "WHERE id = $1 AND user_id = $2",
      id, user_id);
}

Task<std::vector<ConversationRow>> conversations(Executor& executor, std::string user_id, Instant before,
                                                 std::string id, std::int64_t limit) {
  return executor.query<ConversationRow>(
      "SELECT id, user_id, title, leaf_id, reservation, created_at, updated_at FROM chat_conversations "
      "WHERE user_id = $1 AND (updated_at < $2 OR (updated_at = $2 AND id < $3)) "
      "ORDER BY updated_at DESC, id DESC LIMIT $4",
      user_id, before, id, limit);
}

Task<bool> rename(Executor& executor, std::string user_id, std::string id, std::string title) {
  co_return co_await executor.execute(
      "UPDATE chat_conversations SET title = $3, words = $4 WHERE id = $1 AND user_id = $2", id, user_id, title,
      folded(title)) > 0;
}

Task<bool> touch(Transaction& tx, std::string user_id, std::string id, Instant now) {
  co_return co_await tx.execute("UPDATE chat_conversations SET updated_at = $3 WHERE id = $1 AND user_id = $2", id,
                                user_id, now) > 0;
}

Task<void> show(Executor& executor, std::string id, std::string leaf_id) {
  co_await executor.execute("UPDATE chat_conversations SET leaf_id = $2 WHERE id = $1", id, leaf_id);
}

Task<void> show_after(Executor& executor, std::string id, std::string from, std::string leaf_id) {
  co_await executor.execute("UPDATE chat_conversations SET leaf_id = $3 WHERE id = $1 AND leaf_id = $2", id, from,
                            leaf_id);
}

Task<void> clear_reservation(Executor& executor, std::string id) {
  co_await executor.execute("UPDATE chat_conversations SET reservation = '' WHERE id = $1", id);
}

Task<bool> remove(Transaction& tx, std::string user_id, std::string id, bool memories) {
  co_await hold_memories(tx, user_id);  // before the conversation, as whoever else needs both
  const auto gone = co_await tx.execute("DELETE FROM chat_conversations WHERE id = $1 AND user_id = $2", id, user_id);
  if (gone == 0) co_return false;
  co_await leave_conversation(tx, user_id, id, memories);
  co_await tx.execute("DELETE FROM chat_messages WHERE conversation_id = $1", id);
  co_await tx.execute("DELETE FROM chat_shares WHERE conversation_id = $1", id);
  co_await tx.execute("UPDATE chat_attachments SET removed = TRUE WHERE conversation_id = $1", id);
  co_await tx.execute("UPDATE chat_creations SET removed = TRUE, request_key = NULL WHERE conversation_id = $1", id);
  co_return true;
}

Task<void> add(Transaction& tx, MessageRow row) {
  co_await tx.execute(
      "INSERT INTO chat_messages (id, conversation_id, parent_id, role, parts, words, model, route_reason, "
      "input_tokens, output_tokens, cost, finish, created_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
      row.id, row.conversation_id, row.parent_id, row.role, row.parts, folded(row.text()), row.model, row.route_reason,
      row.input_tokens, row.output_tokens, row.cost, row.finish, row.created_at);
}

Task<std::optional<MessageRow>> message(Executor& executor, std::string user_id, std::string id) {
  return executor.find<MessageRow>(
      "SELECT m.id, m.conversation_id, m.parent_id, m.role, m.parts, m.model, m.route_reason, m.input_tokens, "
      "m.output_tokens, m.cost, m.finish, m.created_at FROM chat_messages m "
      "JOIN chat_conversations c ON c.id = m.conversation_id WHERE m.id = $1 AND c.user_id = $2",
      id, user_id);
}

Task<std::vector<MessageRow>> messages(Executor& executor, std::string conversation_id) {
  return executor.query<MessageRow>(
      "SELECT id, conversation_id, parent_id, role, parts, model, route_reason, input_tokens, output_tokens, cost, "
      "finish, created_at FROM chat_messages WHERE conversation_id = $1 ORDER BY id",
      conversation_id);
}

Task<bool> remove_unanswered(Executor& executor, std::string id) {
  co_return co_await executor.execute(
      "DELETE FROM chat_messages WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM chat_messages m WHERE m.parent_id = $1)",
      id) > 0;
}

Task<std::vector<Hit>> search(Executor& executor, std::string user_id, std::vector<std::string> words,
                              std::int64_t limit) {
  std::vector<std::string> patterns;
  for (const auto& word : words) patterns.push_back(pattern_of(word));
  patterns.resize(kMostWords, "%");
  return executor.query<Hit>(
      "SELECT f.id, f.title, f.message_id, m.parts, f.updated_at FROM ("
      "SELECT c.id, c.title, c.updated_at, "
      // The message that has the first of the words itself, if there is one.
      "COALESCE(MAX(CASE WHEN m.words LIKE $2 ESCAPE '!' THEN m.id END), MAX(m.id)) AS message_id "
      "FROM chat_conversations c "
      "JOIN chat_messages m ON m.conversation_id = c.id WHERE c.user_id = $1 "
      "AND (c.words || ' ' || m.words) LIKE $2 ESCAPE '!' AND (c.words || ' ' || m.words) LIKE $3 ESCAPE '!' "
      "AND (c.words || ' ' || m.words) LIKE $4 ESCAPE '!' AND (c.words || ' ' || m.words) LIKE $5 ESCAPE '!' "
      "AND (c.words || ' ' || m.words) LIKE $6 ESCAPE '!' GROUP BY c.id, c.title, c.updated_at "
      "ORDER BY c.updated_at DESC, c.id DESC LIMIT $7) f "
      "JOIN chat_messages m ON m.id = f.message_id ORDER BY f.updated_at DESC, f.id DESC",
      user_id, patterns[0], patterns[1], patterns[2], patterns[3], patterns[4], limit);
}

}  // namespace store
}  // namespace odeon::chat

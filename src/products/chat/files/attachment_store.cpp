#include "products/chat/files/attachment_store.hpp"

namespace odeon::chat::store {

Task<void> add(Executor& executor, AttachmentRow row) {
  co_await executor.execute(
      "INSERT INTO chat_attachments (id, user_id, name, media_type, bytes, tokens, storage_key, conversation_id, "
      "message_id, removed, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, FALSE, $10)",
      row.id, row.user_id, row.name, row.media_type, row.bytes, row.tokens, row.storage_key, row.conversation_id,
      row.message_id, row.created_at);
}

Task<std::optional<AttachmentRow>> attachment(Executor& executor, std::string user_id, std::string id) {
  return executor.find<AttachmentRow>(
      "SELECT id, user_id, name, media_type, bytes, tokens, storage_key, conversation_id, message_id, created_at "
      "FROM chat_attachments WHERE id = $1 AND user_id = $2 AND NOT removed",
      id, user_id);
}

Task<std::optional<AttachmentRow>> attachment(Executor& executor, std::string id) {
  return executor.find<AttachmentRow>(
      "SELECT id, user_id, name, media_type, bytes, tokens, storage_key, conversation_id, message_id, created_at "
      "FROM chat_attachments WHERE id = $1 AND NOT removed",
      id);
}

Task<std::vector<AttachmentRow>> attachments(Executor& executor, std::string user_id, std::string after,
                                             std::int64_t limit) {
  return executor.query<AttachmentRow>(
      "SELECT id, user_id, name, media_type, bytes, tokens, storage_key, conversation_id, message_id, created_at "
      "FROM chat_attachments WHERE user_id = $1 AND id > $2 AND NOT removed ORDER BY id LIMIT $3",
      user_id, after, limit);
}

Task<bool> attach(Transaction& tx, std::string user_id, std::string id, MessageRow message) {
  co_return co_await tx.execute(
      "UPDATE chat_attachments SET conversation_id = $3, message_id = $4 "
      "WHERE id = $1 AND user_id = $2 AND message_id IS NULL AND NOT removed",
      id, user_id, message.conversation_id, message.id) > 0;
}

Task<void> detach(Transaction& tx, std::string message_id) {
  co_await tx.execute("UPDATE chat_attachments SET conversation_id = NULL, message_id = NULL WHERE message_id = $1",
                      message_id);
}

Task<bool> has_pictures(Executor& executor, std::string user_id, std::string conversation_id) {
  const auto found = co_await executor.find<std::string>(
      "SELECT id FROM chat_attachments WHERE conversation_id = $1 AND user_id = $2 AND media_type LIKE 'image/%' "
      "AND NOT removed LIMIT 1",
      conversation_id, user_id);
  co_return found.has_value();
}

Task<bool> let_go(Executor& executor, std::string user_id, std::string id) {
  co_return co_await executor.execute(
      "UPDATE chat_attachments SET removed = TRUE WHERE id = $1 AND user_id = $2 AND NOT removed", id, user_id) > 0;
}

Task<void> let_go_unused(Executor& executor, Instant before) {
  co_await executor.execute(
      "UPDATE chat_attachments SET removed = TRUE WHERE message_id IS NULL AND created_at < $1 AND NOT removed",
      before);
}

Task<std::vector<Leftover>> let_go_of(Executor& executor, std::int64_t limit) {
  return executor.query<Leftover>("SELECT id, storage_key FROM chat_attachments WHERE removed ORDER BY id LIMIT $1",
                                  limit);
}

Task<void> remove_attachment(Executor& executor, std::string id) {
  co_await executor.execute("DELETE FROM chat_attachments WHERE id = $1 AND removed", id);
}

Task<std::vector<Leftover>> objects_of(Executor& executor, std::string user_id) {
  return executor.query<Leftover>("SELECT id, storage_key FROM chat_attachments WHERE user_id = $1 ORDER BY id",
                                  user_id);
}

}  // namespace odeon::chat::store

// SQL of the files that people bring.
#pragma once

#include "products/chat/store.hpp"

namespace odeon::chat {

struct AttachmentRow {
  std::string id;
  std::string user_id;
  std::string name;
  std::string media_type;
  std::int64_t bytes = 0;
  std::int64_t tokens = 0;  // as a model reads it, estimated
  std::string storage_key;
  std::optional<std::string> conversation_id, message_id;  // once it is asked about
  Instant created_at;
};
BOOST_DESCRIBE_STRUCT(AttachmentRow, (),
                      (id, user_id, name, media_type, bytes, tokens, storage_key, conversation_id, message_id,
                       created_at))

// An object that nobody wants any more.
struct Leftover {
  std::string id;
  std::string storage_key;
};
BOOST_DESCRIBE_STRUCT(Leftover, (), (id, storage_key))

namespace store {

Task<void> add(Executor& executor, AttachmentRow row);
Task<std::optional<AttachmentRow>> attachment(Executor& executor, std::string user_id, std::string id);
// Whosever it is.
Task<std::optional<AttachmentRow>> attachment(Executor& executor, std::string id);
// From after the one with the id `after`, the oldest first.
Task<std::vector<AttachmentRow>> attachments(Executor& executor, std::string user_id, std::string after,
                                             std::int64_t limit);
// From now on it belongs to that message. False if it belongs to one already, or is not theirs.
Task<bool> attach(Transaction& tx, std::string user_id, std::string id, MessageRow message);
// They can be sent again.
Task<void> detach(Transaction& tx, std::string message_id);
// Whether a picture belongs to one of its messages.
Task<bool> has_pictures(Executor& executor, std::string user_id, std::string conversation_id);
// Nobody has it any more; its object is still to go. False if there is none.
Task<bool> let_go(Executor& executor, std::string user_id, std::string id);
// Those that were brought before then, and belong to nothing.
Task<void> let_go_unused(Executor& executor, Instant before);
Task<std::vector<Leftover>> let_go_of(Executor& executor, std::int64_t limit);
Task<void> remove_attachment(Executor& executor, std::string id);
// All of a person's, those that nobody has any more included.
Task<std::vector<Leftover>> objects_of(Executor& executor, std::string user_id);

}  // namespace store
}  // namespace odeon::chat

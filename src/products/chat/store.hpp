// All SQL of conversations and their messages. Whatever names a person finds only what is theirs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/database/database.hpp"
#include "engine/database/migrations.hpp"

namespace odeon::chat {

// The tables of this product.
std::vector<database::Migration> migrations();

enum class Role { user, assistant };
BOOST_DESCRIBE_ENUM(Role, user, assistant)

inline constexpr const char* kAttachment = "attachment";  // a part that is a file

// One piece of a message.
struct PartKept {
  std::string type;  // "text", or kAttachment
  std::string text;
  std::optional<std::string> id, name, media_type;  // of files, as the rest
  std::optional<std::int64_t> bytes, tokens;
};
BOOST_DESCRIBE_STRUCT(PartKept, (), (type, text, id, name, media_type, bytes, tokens))

struct MessageRow {
  std::string id;
  std::string conversation_id;
  std::optional<std::string> parent_id;  // the first has none
  Role role = Role::user;
  std::vector<PartKept> parts;
  std::string model;         // of answers, as the rest
  std::string route_reason;  // why that model
  std::int64_t input_tokens = 0, output_tokens = 0;
  std::int64_t cost = 0;  // nano-dollars
  std::string finish;     // stop, length, declined, or cut
  Instant created_at;

  std::string text() const;
};
BOOST_DESCRIBE_STRUCT(MessageRow, (),
                      (id, conversation_id, parent_id, role, parts, model, route_reason, input_tokens, output_tokens,
                       cost, finish, created_at))

struct ConversationRow {
  std::string id;
  std::string user_id;
  std::string title;
  std::string leaf_id;      // where the path that is shown ends
  std::string reservation;  // of the month's limit, until a model has answered; then empty
  Instant created_at;
  Instant updated_at;
};
BOOST_DESCRIBE_STRUCT(ConversationRow, (), (id, user_id, title, leaf_id, reservation, created_at, updated_at))

// What search found of a conversation: its newest message with all the words.
struct Hit {
  std::string id;
  std::string title;
  std::string message_id;
  std::vector<PartKept> parts;
  Instant updated_at;
};
BOOST_DESCRIBE_STRUCT(Hit, (), (id, title, message_id, parts, updated_at))

namespace store {

using database::Executor;
using database::Transaction;

Task<void> add(Transaction& tx, ConversationRow conversation);
Task<std::optional<ConversationRow>> conversation(Executor& executor, std::string user_id, std::string id);
// The newest first, from after the one that was changed at `before` and has the id `id`.
Task<std::vector<ConversationRow>> conversations(Executor& executor, std::string user_id, Instant before,
                                                 std::string id, std::int64_t limit);
// False if there is no such conversation.
Task<bool> rename(Executor& executor, std::string user_id, std::string id, std::string title);
// Holds it until the end of the transaction, so that what is written into it cannot be left behind by who deletes it.
// False if there is no such conversation.
Task<bool> touch(Transaction& tx, std::string user_id, std::string id, Instant now);
Task<void> show(Executor& executor, std::string id, std::string leaf_id);
// The same, if `from` is what is shown.
Task<void> show_after(Executor& executor, std::string id, std::string from, std::string leaf_id);
Task<void> clear_reservation(Executor& executor, std::string id);
// With all that is in it, and what is remembered of it alone; with `memories`, whatever was remembered of it last.
// Objects go later (leftovers.hpp). False if there is no such conversation.
Task<bool> remove(Transaction& tx, std::string user_id, std::string id, bool memories = false);

Task<void> add(Transaction& tx, MessageRow message);
Task<std::optional<MessageRow>> message(Executor& executor, std::string user_id, std::string id);
// Of one conversation, the oldest first.
Task<std::vector<MessageRow>> messages(Executor& executor, std::string conversation_id);
// Unless somebody has gone on from it meanwhile.
Task<bool> remove_unanswered(Executor& executor, std::string id);

// Conversations whose title and one message together have every one of `words`, at most five of them; the newest first.
Task<std::vector<Hit>> search(Executor& executor, std::string user_id, std::vector<std::string> words,
                              std::int64_t limit);

// What LIKE (with ESCAPE '!') finds `part` by in folded text, wherever it stands and whatever it has in it.
std::string pattern_of(std::string_view part);

}  // namespace store
}  // namespace odeon::chat

// All SQL of what is remembered of people. Whatever names a person finds only what is theirs.
#pragma once

#include "products/chat/memory/facts.hpp"
#include "products/chat/store.hpp"

namespace odeon::chat {

// How far memory reaches, the least first: nothing is used or learnt; a conversation knows what was learnt in it, and
// no other does; everything that is remembered is used everywhere.
enum class MemoryPolicy { off, conversation, everything };
BOOST_DESCRIBE_ENUM(MemoryPolicy, off, conversation, everything)

// The confidence of what its owner wrote. Nothing else is as sure.
inline constexpr double kCertain = 1;

struct MemoryRow {
  std::string id;
  std::string text;
  Topic topic = Topic::other;
  std::optional<std::string> conversation_id, message_id;  // where it was said last
  double confidence = 0;
  bool pinned = false;
  bool bound = false;                   // to that conversation
  std::optional<std::string> replaces;  // what stood in its place before
  Instant created_at;
  Instant updated_at;
  std::optional<Instant> last_used_at;  // by an answer that is still there
};
BOOST_DESCRIBE_STRUCT(MemoryRow, (),
                      (id, text, topic, conversation_id, message_id, confidence, pinned, bound, replaces, created_at,
                       updated_at, last_used_at))

struct PoliciesRow {
  std::optional<MemoryPolicy> person, conversation;  // nothing: what is usual
};
BOOST_DESCRIBE_STRUCT(PoliciesRow, (), (person, conversation))

// That an answer was given a memory.
struct UseRow {
  std::string message_id;
  std::string memory_id;
  Instant used_at;
};
BOOST_DESCRIBE_STRUCT(UseRow, (), (message_id, memory_id, used_at))

struct VectorRow {
  std::string id;
  database::Blob vector;
};
BOOST_DESCRIBE_STRUCT(VectorRow, (), (id, vector))

struct MemoryText {
  std::string id;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(MemoryText, (), (id, text))

namespace store {

// Of a person, and of one of their conversations (empty: none).
Task<PoliciesRow> policies(Executor& executor, std::string user_id, std::string conversation_id);
Task<void> choose_policy(Executor& executor, std::string user_id, std::optional<MemoryPolicy> policy);
// False if there is no such conversation.
Task<bool> choose_policy(Executor& executor, std::string user_id, std::string conversation_id,
                         std::optional<MemoryPolicy> policy);

// Until the end of the transaction nobody else changes what is remembered of them.
Task<void> hold_memories(Transaction& tx, std::string user_id);
Task<void> add(Transaction& tx, std::string user_id, MemoryRow row);
// All of it but when it was made. A vector is worth nothing once the text is another.
Task<void> change(Executor& executor, std::string user_id, MemoryRow row);
Task<std::int64_t> count_memories(Executor& executor, std::string user_id);
// Those that nobody has said for longest; none that is pinned, or that its owner wrote.
Task<void> remove_stalest(Transaction& tx, std::string user_id, std::int64_t count);

Task<std::optional<MemoryRow>> memory(Executor& executor, std::string user_id, std::string id);
// Those with `part` in their text, the newest first, from after the one that was changed at `before` and has the id
// `id`.
Task<std::vector<MemoryRow>> memories(Executor& executor, std::string user_id, std::string part, Instant before,
                                      std::string id, std::int64_t limit);
// What a conversation (empty: a new one) may know, the newest first: what was learnt in it, and with `all` whatever is
// not bound to another.
Task<std::vector<MemoryRow>> known(Executor& executor, std::string user_id, std::string conversation_id, bool all);
// False if there is none.
Task<bool> remove_memory(Transaction& tx, std::string user_id, std::string id);
// With what is still to be learnt from. Returns how many there were.
Task<std::int64_t> remove_memories(Transaction& tx, std::string user_id);
// Nothing is to be learnt from what was said until `now`. Whoever calls it holds the memories.
Task<void> forget_until(Transaction& tx, std::string user_id, Instant now);
// Whether that holds for what was said at `said_at`.
Task<bool> is_forgotten(Executor& executor, std::string user_id, Instant said_at);
// A conversation goes: with it, its answers' uses and what is bound to it, and with `all` whatever was said last in it.
Task<void> leave_conversation(Transaction& tx, std::string user_id, std::string conversation_id, bool all);

Task<void> add_uses(Transaction& tx, std::string user_id, std::string message_id, std::vector<std::string> memory_ids,
                    Instant now);
// All of a person's, the oldest first.
Task<std::vector<UseRow>> uses(Executor& executor, std::string user_id);
Task<std::vector<MemoryRow>> used_by(Executor& executor, std::string user_id, std::string message_id);

// Vectors of one model; texts without any, and, where a model is named, those that have another's.
Task<std::vector<VectorRow>> vectors(Executor& executor, std::string user_id, std::string model);
Task<std::vector<MemoryText>> without_vector(Executor& executor, std::string user_id, std::string model,
                                             std::int64_t limit);
// Unless it says something else by now.
Task<void> keep_vector(Executor& executor, MemoryText of, std::string model, database::Blob vector);

}  // namespace store
}  // namespace odeon::chat

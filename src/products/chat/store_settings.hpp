// SQL of what people have chosen, of links, and of what is too old.
#pragma once

#include "products/chat/store.hpp"

namespace odeon::chat {

struct ShareRow {
  std::string conversation_id;
  std::string leaf_id;
  bool alone = false;  // that message and nothing else
  std::string title;
};
BOOST_DESCRIBE_STRUCT(ShareRow, (), (conversation_id, leaf_id, alone, title))

// As its owner is told of it.
struct ShareMade {
  std::string leaf_id;
  bool alone = false;
  Instant created_at;
};
BOOST_DESCRIBE_STRUCT(ShareMade, (), (leaf_id, alone, created_at))

struct SettingsRow {
  std::optional<std::int64_t> retention_days;
};
BOOST_DESCRIBE_STRUCT(SettingsRow, (), (retention_days))

// A conversation whose time is over.
struct AgedRow {
  std::string id;
  std::string user_id;
  Instant updated_at;
};
BOOST_DESCRIBE_STRUCT(AgedRow, (), (id, user_id, updated_at))

// What a broken-off start has left of the month's limit.
struct HeldRow {
  std::string id;
  std::string reservation;
  bool answered = false;  // a model has: then it counts
};
BOOST_DESCRIBE_STRUCT(HeldRow, (), (id, reservation, answered))

namespace store {

Task<void> add_share(Transaction& tx, std::string token_hash, ShareRow share, Instant now);
Task<std::optional<ShareRow>> share(Executor& executor, std::string token_hash);
// Of a conversation, the oldest first.
Task<std::vector<ShareMade>> shares(Executor& executor, std::string conversation_id);
// Both tell how many there were.
Task<std::int64_t> remove_share(Executor& executor, std::string user_id, std::string token_hash);
Task<std::int64_t> remove_shares(Executor& executor, std::string user_id, std::string conversation_id);

Task<SettingsRow> settings(Executor& executor, std::string user_id);
Task<void> keep_settings(Executor& executor, std::string user_id, SettingsRow settings, Instant now);

// Nobody has written in them for as many days as their owner keeps them, by default `usual_days`.
Task<std::vector<AgedRow>> aged(Executor& executor, Instant now, std::int64_t usual_days, std::int64_t limit);
// With all that is in it, unless somebody has written in it meanwhile.
Task<bool> remove_aged(Transaction& tx, AgedRow row);
Task<std::vector<HeldRow>> held_since(Executor& executor, Instant before, std::int64_t limit);

// Every row of theirs. Returns how many there were.
Task<std::int64_t> forget(Transaction& tx, std::string user_id);

}  // namespace store
}  // namespace odeon::chat

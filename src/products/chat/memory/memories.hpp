// The Memory Inspector: what is remembered of oneself, seen, searched, written, changed, pinned and forgotten; what an
// answer was given of it; and how far memory reaches. Whoever has no plan with the Inspector can still see all of it,
// forget it, and turn memory off.
#pragma once

#include "engine/http/router.hpp"
#include "products/chat/conversations.hpp"
#include "products/chat/memory/memory_index.hpp"
#include "products/chat/memory/remembering.hpp"

namespace odeon::chat {

inline constexpr const char* kMemoryInspector = "memory_inspector";  // the feature of plans

struct MemoryShown {
  std::string id;
  std::string text;
  Topic topic = Topic::other;
  bool pinned = false;
  double confidence = 0;                          // 0 to 1
  MemoryPolicy scope = MemoryPolicy::everything;  // conversation: known in that one alone
  Nullable<std::string> conversation_id;          // where it was said last; null: written here, or that is deleted
  Nullable<std::string> message_id;
  Nullable<std::string> replaces;  // what it said before
  Instant created_at;
  Instant updated_at;
  Nullable<Instant> last_used_at;
};
BOOST_DESCRIBE_STRUCT(MemoryShown, (),
                      (id, text, topic, pinned, confidence, scope, conversation_id, message_id, replaces, created_at,
                       updated_at, last_used_at))
MemoryShown shown(MemoryRow row);

struct ListMemories {
  Text<0, 200> q;
  Clamped<1, 100> limit = 50;
  Text<0, 100> cursor;
};
BOOST_DESCRIBE_STRUCT(ListMemories, (), (q, limit, cursor))
struct MemoryList {
  std::vector<MemoryShown> memories;
  Nullable<std::string> next_cursor;  // null at the end
};
BOOST_DESCRIBE_STRUCT(MemoryList, (), (memories, next_cursor))

struct WriteMemory {
  Text<1, kLongestFact> text;
  std::optional<bool> pinned;
};
BOOST_DESCRIBE_STRUCT(WriteMemory, (), (text, pinned))
struct ChangeMemory {
  std::string id;
  std::optional<Text<1, kLongestFact>> text;
  std::optional<bool> pinned;
};
BOOST_DESCRIBE_STRUCT(ChangeMemory, (), (id, text, pinned))
struct MemoryRequest {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(MemoryRequest, (), (id))

struct MemoriesUsed {
  std::vector<MemoryShown> memories;
};
BOOST_DESCRIBE_STRUCT(MemoriesUsed, (), (memories))

struct ReadPolicy {
  std::optional<Text<1, 64>> conversation_id;
};
BOOST_DESCRIBE_STRUCT(ReadPolicy, (), (conversation_id))
struct ChoosePolicy {
  std::optional<MemoryPolicy> policy;  // left out: what is usual
  std::optional<Text<1, 64>> conversation_id;
};
BOOST_DESCRIBE_STRUCT(ChoosePolicy, (), (policy, conversation_id))
struct PolicyReply {
  MemoryPolicy policy = MemoryPolicy::everything;  // as it was chosen, here or for all
  bool is_default = true;
  std::optional<std::string> conversation_id;
  MemoryPolicy effective = MemoryPolicy::everything;  // with everything else that decides
};
BOOST_DESCRIBE_STRUCT(PolicyReply, (), (policy, is_default, conversation_id, effective))

inline constexpr Endpoint<ListMemories, MemoryList> list_memories{
    {.method = Method::get,
     .path = "/api/memories",
     .summary = "What is remembered of you, the newest first",
     .description = "`q` is a part of the text.",
     .auth = Auth::user,
     .rate = kReading}};
inline constexpr Endpoint<WriteMemory, http::Created<MemoryShown>> write_memory{
    {.method = Method::post,
     .path = "/api/memories",
     .summary = "Have something remembered",
     .description =
         "Part of plans with the feature memory_inspector. Passwords, keys and numbers of cards are refused.",
     .auth = Auth::user,
     .rate = kChanging}};
inline constexpr Endpoint<ChangeMemory, MemoryShown> change_memory{
    {.method = Method::patch,
     .path = "/api/memories/{id}",
     .summary = "Correct a memory, or pin it: then every answer is given it",
     .description = "Part of plans with the feature memory_inspector.",
     .auth = Auth::user,
     .rate = kChanging}};
inline constexpr Endpoint<MemoryRequest, http::NoContent> forget_memory{{.method = Method::delete_,
                                                                         .path = "/api/memories/{id}",
                                                                         .summary = "Forget one",
                                                                         .auth = Auth::user,
                                                                         .rate = kChanging}};
inline constexpr Endpoint<Nothing, http::NoContent> forget_memories{{.method = Method::delete_,
                                                                     .path = "/api/memories",
                                                                     .summary = "Forget everything",
                                                                     .auth = Auth::user,
                                                                     .rate = kChanging}};
inline constexpr Endpoint<MemoryRequest, MemoriesUsed> memories_used{
    {.method = Method::get,
     .path = "/api/messages/{id}/memories",
     .summary = "What an answer was given of your memories",
     .description =
         "As they are now; what was forgotten is not shown. Part of plans with the feature memory_inspector.",
     .auth = Auth::user,
     .rate = kReading}};
inline constexpr Endpoint<ReadPolicy, PolicyReply> read_policy{
    {.method = Method::get,
     .path = "/api/memory/policy",
     .summary = "How far memory reaches, for you or in one conversation",
     .auth = Auth::user,
     .rate = kReading}};
inline constexpr Endpoint<ChoosePolicy, PolicyReply> choose_policy{
    {.method = Method::put,
     .path = "/api/memory/policy",
     .summary = "Choose how far memory reaches, for you or in one conversation",
     .description =
         "`off`: nothing is used and nothing learnt. `conversation`: a conversation knows what was said in it, "
         "and no other does. `everything`: what is remembered is used everywhere. Of what is chosen for you "
         "and for a conversation, the one that reaches less far holds; without `policy` a choice is taken "
         "back.",
     .auth = Auth::user,
     .rate = kChanging}};

// Thread-safe; what it is given outlives it.
class Memories {
 public:
  Memories(database::Database& database, billing::Subscriptions& subscriptions, MemoryIndex& index, const Clock& clock)
      : database_(database), subscriptions_(subscriptions), index_(index), clock_(clock) {}

  Task<MemoryList> list(http::Caller caller, ListMemories request);
  Task<http::Created<MemoryShown>> write(http::Caller caller, WriteMemory request);
  Task<MemoryShown> change(http::Caller caller, ChangeMemory request);
  Task<http::NoContent> forget(http::Caller caller, MemoryRequest request);
  Task<http::NoContent> forget_all(http::Caller caller);
  Task<MemoriesUsed> used(http::Caller caller, MemoryRequest request);
  Task<PolicyReply> policy(http::Caller caller, ReadPolicy request);
  Task<PolicyReply> choose(http::Caller caller, ChoosePolicy request);

  void mount(http::Api& api);

 private:
  Task<void> check_inspector(std::string user_id);

  database::Database& database_;
  billing::Subscriptions& subscriptions_;
  MemoryIndex& index_;
  const Clock& clock_;
};

}  // namespace odeon::chat

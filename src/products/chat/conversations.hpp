// One's conversations: listed, read with their branches, renamed, searched, exported, deleted.
#pragma once

#include "engine/billing/allowances.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "products/chat/chat.hpp"
#include "products/chat/memory/memory_store.hpp"

namespace odeon::chat {

struct ConversationShown {
  std::string id;
  std::string title;
  Instant created_at;
  Instant updated_at;
};
BOOST_DESCRIBE_STRUCT(ConversationShown, (), (id, title, created_at, updated_at))
ConversationShown shown(const ConversationRow& row);

struct MessageTold {
  std::string id;
  std::optional<std::string> parent_id;  // the first has none
  Role role = Role::user;
  std::vector<PartKept> parts;
  std::string model;  // of answers, as the rest
  std::string route_reason;
  std::int64_t input_tokens = 0, output_tokens = 0;
  double cost_usd = 0;
  std::string finish;
  Instant created_at;
};
BOOST_DESCRIBE_STRUCT(MessageTold, (),
                      (id, parent_id, role, parts, model, route_reason, input_tokens, output_tokens, cost_usd, finish,
                       created_at))
// A public link, without its address: nobody knows that but who was given it.
struct ShareTold {
  std::string message_id;  // where the path that it shows ends
  bool alone = false;      // that message and nothing else
  Instant created_at;
};
BOOST_DESCRIBE_STRUCT(ShareTold, (), (message_id, alone, created_at))
// All of it: every branch.
struct ConversationTold {
  ConversationShown conversation;
  std::string leaf_id;                 // where the path that is shown ends
  std::optional<MemoryPolicy> memory;  // that was chosen for it
  std::vector<ShareTold> shares;
  std::vector<MessageTold> messages;
};
BOOST_DESCRIBE_STRUCT(ConversationTold, (), (conversation, leaf_id, memory, shares, messages))
Task<ConversationTold> told(database::Executor& executor, ConversationRow row);

struct ListConversations {
  Clamped<1, 100> limit = 30;
  Text<0, 100> cursor;
};
BOOST_DESCRIBE_STRUCT(ListConversations, (), (limit, cursor))
struct ConversationList {
  std::vector<ConversationShown> conversations;
  Nullable<std::string> next_cursor;  // null at the end
};
BOOST_DESCRIBE_STRUCT(ConversationList, (), (conversations, next_cursor))

// The address of its bytes is told by GET /api/attachments/{id}.
struct FileShown {
  std::string id;
  std::string name;
  std::string media_type;
};
BOOST_DESCRIBE_STRUCT(FileShown, (), (id, name, media_type))

struct MessageShown {
  std::string id;
  Nullable<std::string> parent_id;
  Role role = Role::user;
  std::string text;
  std::optional<std::vector<FileShown>> attachments;
  std::vector<std::string> branches;  // all that stand at this place, the oldest first, this one included
  std::optional<std::string> model;   // of answers, as the rest
  std::optional<std::string> route_reason;
  std::optional<std::int64_t> input_tokens, output_tokens;
  std::optional<double> cost_usd;
  std::optional<std::string> finish;  // stop, length, declined, or cut: it broke off
  Instant created_at;
};
BOOST_DESCRIBE_STRUCT(MessageShown, (),
                      (id, parent_id, role, text, attachments, branches, model, route_reason, input_tokens,
                       output_tokens, cost_usd, finish, created_at))

struct ConversationRequest {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(ConversationRequest, (), (id))
struct DeleteConversation {
  std::string id;
  std::optional<bool> forget;
};
BOOST_DESCRIBE_STRUCT(DeleteConversation, (), (id, forget))
struct ReadConversation {
  std::string id;
  std::optional<Text<1, 64>> branch;  // a message that the path is to go through
};
BOOST_DESCRIBE_STRUCT(ReadConversation, (), (id, branch))
struct ConversationReply {
  ConversationShown conversation;
  std::vector<MessageShown> messages;  // from the beginning to the end of the branch that is shown
};
BOOST_DESCRIBE_STRUCT(ConversationReply, (), (conversation, messages))

struct ChangeConversation {
  std::string id;
  std::optional<Text<1, 200>> title;
  std::optional<Text<1, 64>> branch;
};
BOOST_DESCRIBE_STRUCT(ChangeConversation, (), (id, title, branch))

struct SearchConversations {
  Text<1, 200> q;
  Clamped<1, 100> limit = 30;
};
BOOST_DESCRIBE_STRUCT(SearchConversations, (), (q, limit))
struct Found {
  std::string conversation_id;
  std::string title;
  std::string message_id;  // the newest with these words
  std::string excerpt;
  Instant updated_at;
};
BOOST_DESCRIBE_STRUCT(Found, (), (conversation_id, title, message_id, excerpt, updated_at))
struct SearchReply {
  std::vector<Found> results;
};
BOOST_DESCRIBE_STRUCT(SearchReply, (), (results))

enum class ExportForm { json, markdown };
BOOST_DESCRIBE_ENUM(ExportForm, json, markdown)
struct ExportConversation {
  std::string id;
  std::optional<ExportForm> format;
};
BOOST_DESCRIBE_STRUCT(ExportConversation, (), (id, format))

inline constexpr http::Rate kReading{240, http::per_minute}, kChanging{120, http::per_minute};

inline constexpr Endpoint<ListConversations, ConversationList> list_conversations{
    {.method = Method::get,
     .path = "/api/conversations",
     .summary = "Your conversations, the newest first",
     .auth = Auth::user,
     .rate = kReading}};
inline constexpr Endpoint<SearchConversations, SearchReply> search_conversations{
    {.method = Method::get,
     .path = "/api/conversations/search",
     .summary = "Conversations in which all these words stand",
     .description = "The first five words count; the title and one message together must have them all.",
     .auth = Auth::user,
     .rate = {60, http::per_minute}}};
inline constexpr Endpoint<ReadConversation, ConversationReply> read_conversation{
    {.method = Method::get,
     .path = "/api/conversations/{id}",
     .summary = "A conversation, with the branches beside what is shown",
     .description = "`branch` is the id of a message of another branch, to see that one.",
     .auth = Auth::user,
     .rate = kReading}};
inline constexpr Endpoint<ChangeConversation, ConversationShown> change_conversation{
    {.method = Method::patch,
     .path = "/api/conversations/{id}",
     .summary = "Rename a conversation, or go on from another branch",
     .auth = Auth::user,
     .rate = kChanging}};
inline constexpr Endpoint<DeleteConversation, http::NoContent> delete_conversation{
    {.method = Method::delete_,
     .path = "/api/conversations/{id}",
     .summary = "Delete a conversation with its links",
     .description = "What was remembered of it stays, unless it is bound to it or `forget` is true.",
     .auth = Auth::user,
     .rate = kChanging}};
inline constexpr Endpoint<ExportConversation, http::Content> export_conversation{
    {.method = Method::get,
     .path = "/api/conversations/{id}/export",
     .summary = "A conversation to keep: every branch as JSON, or what is shown as Markdown",
     .auth = Auth::user,
     .rate = kChanging}};

// Somebody else's is Error{not_found}, as is what does not exist.
Task<ConversationRow> own_conversation(database::Executor& executor, std::string user_id, std::string id);
Error no_such_conversation();

class Conversations {
 public:
  Conversations(database::Database& database, billing::Allowances& allowances)
      : database_(database), allowances_(allowances) {}

  Task<ConversationList> list(http::Caller caller, ListConversations request);
  Task<ConversationReply> read(http::Caller caller, ReadConversation request);
  Task<ConversationShown> change(http::Caller caller, ChangeConversation request);
  Task<http::NoContent> remove(http::Caller caller, DeleteConversation request);
  Task<SearchReply> search(http::Caller caller, SearchConversations request);
  Task<http::Content> take_away(http::Caller caller, ExportConversation request);

  void mount(http::Api& api);

 private:
  database::Database& database_;
  billing::Allowances& allowances_;
};

}  // namespace odeon::chat

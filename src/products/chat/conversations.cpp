#include "products/chat/conversations.hpp"

#include "base/nullable.hpp"
#include "engine/http/binding.hpp"
#include "products/chat/apis/question.hpp"
#include "products/chat/conversation_text.hpp"
#include "products/chat/files/file_parts.hpp"
#include "products/chat/money.hpp"
#include "products/chat/store_settings.hpp"

namespace odeon::chat {
namespace {

constexpr std::size_t kMostSought = 5;
constexpr const char* kInvalidConversation = "VALIDATION_ERROR";

MessageShown shown(const MessageRow& row, const Tree& tree) {
  MessageShown message{.id = row.id,
                       .parent_id = or_null(row.parent_id),
                       .role = row.role,
                       .text = row.text(),
                       .created_at = row.created_at};
  for (const auto& part : row.parts)
    if (is_file(part)) {
      if (!message.attachments) message.attachments.emplace();
      message.attachments->push_back({*part.id, *part.name, *part.media_type});
    }
  for (const auto* sibling : tree.siblings(row)) message.branches.push_back(sibling->id);
  if (row.role == Role::user) return message;
  message.model = row.model;
  message.route_reason = row.route_reason;
  message.input_tokens = row.input_tokens;
  message.output_tokens = row.output_tokens;
  message.cost_usd = dollars(row.cost);
  message.finish = row.finish;
  return message;
}

}  // namespace

ConversationShown shown(const ConversationRow& row) {
  return {row.id, row.title, row.created_at, row.updated_at};
}

Task<ConversationTold> told(database::Executor& executor, ConversationRow row) {
  ConversationTold told{.conversation = shown(row), .leaf_id = row.leaf_id, .memory = {}, .shares = {}, .messages = {}};
  told.memory = (co_await store::policies(executor, row.user_id, row.id)).conversation;
  for (auto& share : co_await store::shares(executor, row.id))
    told.shares.push_back({std::move(share.leaf_id), share.alone, share.created_at});
  for (auto& message : co_await store::messages(executor, row.id))
    told.messages.push_back({.id = std::move(message.id),
                             .parent_id = std::move(message.parent_id),
                             .role = message.role,
                             .parts = std::move(message.parts),
                             .model = std::move(message.model),
                             .route_reason = std::move(message.route_reason),
                             .input_tokens = message.input_tokens,
                             .output_tokens = message.output_tokens,
                             .cost_usd = dollars(message.cost),
                             .finish = std::move(message.finish),
                             .created_at = message.created_at});
  co_return told;
}

Error no_such_conversation() {
  return Error(Fault::not_found, "CONVERSATION_NOT_FOUND", "There is no such conversation.");
}

Task<ConversationRow> own_conversation(database::Executor& executor, std::string user_id, std::string id) {
  auto found = co_await store::conversation(executor, std::move(user_id), std::move(id));
  if (!found) throw no_such_conversation();
  co_return std::move(*found);
}

void Conversations::mount(http::Api& api) {
  http::mount(api, list_conversations, &Conversations::list, *this);
  http::mount(api, search_conversations, &Conversations::search, *this);
  http::mount(api, read_conversation, &Conversations::read, *this);
  http::mount(api, change_conversation, &Conversations::change, *this);
  http::mount(api, delete_conversation, &Conversations::remove, *this);
  http::mount(api, export_conversation, &Conversations::take_away, *this);
}

Task<ConversationList> Conversations::list(http::Caller caller, ListConversations request) {
  std::pair<Instant, std::string> from{Instant::max(), ""};
  if (!request.cursor.empty()) {
    auto place = place_of(request.cursor);
    if (!place) throw fault_at("cursor", kInvalidConversation, "This must be the next_cursor of an earlier answer.");
    from = std::move(*place);
  }
  const std::int64_t limit = request.limit;
  auto rows = co_await store::conversations(database_, caller.user_id, from.first, from.second, limit + 1);
  ConversationList list;
  if (std::ssize(rows) > limit) {
    rows.pop_back();
    list.next_cursor = cursor_of(rows.back().updated_at, rows.back().id);
  }
  for (const auto& row : rows) list.conversations.push_back(shown(row));
  co_return list;
}

Task<ConversationReply> Conversations::read(http::Caller caller, ReadConversation request) {
  const auto row = co_await own_conversation(database_, caller.user_id, request.id);
  const auto messages = co_await store::messages(database_, row.id);
  const Tree tree(messages);
  std::string leaf = row.leaf_id;
  if (request.branch) {
    auto through = tree.leaf_through(*request.branch);
    if (!through) throw fault_at("branch", kInvalidConversation, "This must be a message of this conversation.");
    leaf = std::move(*through);
  }
  ConversationReply reply{.conversation = shown(row), .messages = {}};
  for (const auto* message : tree.path(leaf)) reply.messages.push_back(shown(*message, tree));
  co_return reply;
}

Task<ConversationShown> Conversations::change(http::Caller caller, ChangeConversation request) {
  if (request.title && text::trim(*request.title).empty())
    throw fault_at("title", kInvalidConversation, "A title has words.");
  auto tx = co_await database_.begin(database::Isolation::statement);
  if (request.title) {
    const bool there = co_await store::rename(*tx, caller.user_id, request.id, text::collapse_spaces(*request.title));
    if (!there) throw no_such_conversation();
  }
  auto row = co_await own_conversation(*tx, caller.user_id, request.id);
  if (request.branch) {
    const auto messages = co_await store::messages(*tx, row.id);
    const auto leaf = Tree(messages).leaf_through(*request.branch);
    if (!leaf) throw fault_at("branch", kInvalidConversation, "This must be a message of this conversation.");
    co_await store::show(*tx, row.id, *leaf);
  }
  co_await tx->commit();
  co_return shown(row);
}

Task<http::NoContent> Conversations::remove(http::Caller caller, DeleteConversation request) {
  auto tx = co_await database_.begin(database::Isolation::statement);
  const auto row = co_await own_conversation(*tx, caller.user_id, request.id);
  if (!row.reservation.empty()) co_await allowances_.release(*tx, row.reservation);
  if (!co_await store::remove(*tx, caller.user_id, request.id, request.forget.value_or(false)))
    throw no_such_conversation();
  co_await tx->commit();
  co_return http::NoContent{};
}

Task<SearchReply> Conversations::search(http::Caller caller, SearchConversations request) {
  std::vector<std::string> words;
  const std::string line = text::collapse_spaces(request.q);
  for (const auto word : text::split(line, ' '))
    if (!word.empty() && words.size() < kMostSought) words.emplace_back(word);
  if (words.empty()) throw fault_at("q", kInvalidConversation, "There is nothing to look for.");
  SearchReply reply;
  for (const auto& hit : co_await store::search(database_, caller.user_id, words, request.limit)) {
    std::string text;
    for (const auto& part : hit.parts) text += part.text;
    reply.results.push_back({hit.id, hit.title, hit.message_id, excerpt_of(text, words), hit.updated_at});
  }
  co_return reply;
}

Task<http::Content> Conversations::take_away(http::Caller caller, ExportConversation request) {
  const auto row = co_await own_conversation(database_, caller.user_id, request.id);
  const bool markdown = request.format == ExportForm::markdown;
  http::Content content{
      .type = markdown ? "text/markdown; charset=utf-8" : "application/json", .body = "", .headers = {}};
  content.headers.add("Content-Disposition", http::attachment(row.title + (markdown ? ".md" : ".json")));
  content.headers.add("Cache-Control", "no-store");
  if (markdown) {
    const auto messages = co_await store::messages(database_, row.id);
    content.body = markdown_of(shown(row), Tree(messages).path(row.leaf_id));
  } else {
    content.body = json::write(co_await told(database_, row));
  }
  co_return content;
}

}  // namespace odeon::chat

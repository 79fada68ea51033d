#include "products/chat/asking.hpp"

#include "base/ids.hpp"
#include "products/chat/chat.hpp"
#include "products/chat/conversation_text.hpp"
#include "products/chat/files/attachments.hpp"
#include "products/chat/files/file_parts.hpp"
#include "products/chat/terms.hpp"
#include "products/chat/tree.hpp"

namespace odeon::chat {
namespace {

Error no_such_message() {
  return Error(Fault::not_found, "MESSAGE_NOT_FOUND", "There is no such message.");
}

// The rows of a path, to keep.
std::vector<MessageRow> copied(const std::vector<const MessageRow*>& path) {
  std::vector<MessageRow> rows;
  for (const auto* message : path) rows.push_back(*message);
  return rows;
}

}  // namespace

Task<Asker> Asking::member(std::string user_id) {
  const auto spend = co_await allowances_.of(std::move(user_id), std::string(kProduct), kSpend);
  const auto& upgrade_url = subscriptions_.plans_of(kProduct).upgrade_url;
  if (spend.limit == 0)
    throw Error(Fault::forbidden, "UPGRADE_REQUIRED", "Choose a plan to go on chatting.").with_upgrade_url(upgrade_url);
  const auto left = spend.left();
  co_return Asker{spend.plan, left == billing::kUnlimited ? ai::kNoLimit : left, upgrade_url};
}

Task<Asker> Asking::asker(http::Caller caller) {
  co_await require_terms(database_, clock_, caller);
  auto asker = co_await member(std::move(caller.user_id));
  if (asker.left == 0)
    throw Error(Fault::payment_required, "daily_budget_exceeded",
                "Today's budget for AI is used up. It begins anew at midnight UTC.")
        .with_upgrade_url(asker.upgrade_url);
  co_return asker;
}

Task<std::int64_t> Asking::budget_left(std::string user_id) {
  co_return (co_await allowances_.of(std::move(user_id), std::string(kProduct), kSpend)).left();
}

Task<std::string> Asking::begin(database::Transaction& tx, Asked& asked, std::string text) {
  auto held = co_await allowances_.reserve(tx, asked.user_id, std::string(kProduct), kConversations);
  if (!held)
    throw held.error().error("MONTHLY_LIMIT_REACHED",
                             "This month's conversations are used up. Go on in one that exists.");
  asked.reservation = *held;
  const std::string id = new_uuid(clock_);
  co_await store::add(tx, ConversationRow{.id = id,
                                          .user_id = asked.user_id,
                                          .title = title_of(text),
                                          .leaf_id = "",
                                          .reservation = *held,
                                          .created_at = clock_.now(),
                                          .updated_at = clock_.now()});
  co_return id;
}

Task<void> Asking::attach(database::Transaction& tx, std::string user_id, MessageRow question) {
  for (const auto& part : question.parts)
    if (is_file(part) && !co_await store::attach(tx, user_id, *part.id, question)) throw attached_elsewhere();
}

Task<Asked> Asking::put(std::string user_id, std::string text, std::optional<std::string> conversation_id,
                        std::vector<PartKept> files) {
  Asked asked{.user_id = std::move(user_id), .question_id = new_uuid(clock_), .is_new = true};
  auto tx = co_await database_.begin(database::Isolation::statement);
  if (conversation_id) {
    // Held first, so that what is shown is still so when the question is put behind it.
    if (!co_await store::touch(*tx, asked.user_id, *conversation_id, clock_.now())) throw no_such_conversation();
    const auto row = co_await own_conversation(*tx, asked.user_id, *conversation_id);
    const auto messages = co_await store::messages(*tx, row.id);
    asked.conversation_id = row.id;
    asked.shown_before = row.leaf_id;
    asked.path = copied(Tree(messages).path(row.leaf_id));
  } else {
    asked.conversation_id = co_await begin(*tx, asked, text);
  }
  MessageRow question{.id = asked.question_id,
                      .conversation_id = asked.conversation_id,
                      .role = Role::user,
                      .parts = std::move(files),
                      .created_at = clock_.now()};
  question.parts.push_back({"text", std::move(text)});
  if (!asked.path.empty()) question.parent_id = asked.path.back().id;
  co_await store::add(*tx, question);
  co_await attach(*tx, asked.user_id, question);
  co_await store::show(*tx, asked.conversation_id, question.id);
  co_await tx->commit();
  asked.path.push_back(std::move(question));
  co_return asked;
}

Task<Asked> Asking::again(std::string user_id, std::string message_id) {
  const auto message = co_await store::message(database_, user_id, message_id);
  if (!message) throw no_such_message();
  const bool is_question = message->role == Role::user;
  if (!is_question && !message->parent_id) throw no_such_message();
  Asked asked{.user_id = user_id,
              .conversation_id = message->conversation_id,
              .question_id = is_question ? message->id : *message->parent_id};
  const auto conversation = co_await own_conversation(database_, user_id, asked.conversation_id);
  const auto messages = co_await store::messages(database_, asked.conversation_id);
  asked.shown_before = conversation.leaf_id;
  asked.path = copied(Tree(messages).path(asked.question_id));
  if (asked.path.empty()) throw no_such_message();
  co_return asked;
}

Task<void> Asking::open(Asked asked) {
  co_await store::show(database_, asked.conversation_id, asked.question_id);
}

Task<void> Asking::answered(Asked asked) {
  if (asked.reservation.empty()) co_return;
  auto tx = co_await database_.begin(database::Isolation::statement);
  if (!co_await allowances_.settle(*tx, asked.reservation)) {
    // Given back with a conversation that was deleted while it was answered: there was an answer all the same.
    const auto again = co_await allowances_.reserve(*tx, asked.user_id, std::string(kProduct), kConversations);
    if (again) co_await allowances_.settle(*tx, *again);
  }
  co_await store::clear_reservation(*tx, asked.conversation_id);
  co_await tx->commit();
}

Task<void> Asking::take_back(Asked asked) {
  auto tx = co_await database_.begin(database::Isolation::statement);
  // Held, so that nobody goes on behind the question meanwhile. Deleted, there is nothing to take back.
  if (!co_await store::touch(*tx, asked.user_id, asked.conversation_id, clock_.now())) co_return;
  const bool removed = asked.is_new && co_await store::remove_unanswered(*tx, asked.question_id);
  if (removed) co_await store::detach(*tx, asked.question_id);
  if (removed || !asked.is_new)
    co_await store::show_after(*tx, asked.conversation_id, asked.question_id, asked.shown_before);
  if (!asked.reservation.empty()) {
    if (removed) {
      co_await allowances_.release(*tx, asked.reservation);
      co_await store::remove(*tx, asked.user_id, asked.conversation_id);
    } else {  // somebody went on in it
      co_await allowances_.settle(*tx, asked.reservation);
      co_await store::clear_reservation(*tx, asked.conversation_id);
    }
  }
  co_await tx->commit();
}

}  // namespace odeon::chat

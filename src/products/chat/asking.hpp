// Questions, and their places in the tree of a conversation. A question is stored before any model is asked; if nobody
// answers, it is taken back, and so is the conversation that it began, with its place in the month's limit.
#pragma once

#include "engine/billing/allowances.hpp"
#include "engine/http/services.hpp"
#include "products/chat/model_choice.hpp"
#include "products/chat/store.hpp"

namespace odeon::chat {

inline constexpr const char* kConversations = "conversations";  // the meter
inline constexpr const char* kSpend = "spend";                  // in nano-dollars

struct Asked {
  std::string user_id;
  std::string conversation_id;
  std::string question_id;
  std::vector<MessageRow> path;  // from the beginning to the question
  std::string shown_before;      // what the conversation showed until then
  std::string reservation;       // of a conversation that begins with it
  bool is_new = false;           // the question; else it is asked again
};

// Thread-safe; what it is given outlives it.
class Asking {
 public:
  Asking(database::Database& database, billing::Subscriptions& subscriptions, billing::Allowances& allowances,
         const Clock& clock)
      : database_(database), subscriptions_(subscriptions), allowances_(allowances), clock_(clock) {}

  // Throws Error: forbidden for who has not agreed to the terms or has no plan, payment_required for who has spent the
  // day's budget.
  Task<Asker> asker(http::Caller caller);
  // Who they are where nothing is asked of a model (yet): nothing may be left, nor agreed to.
  Task<Asker> member(std::string user_id);
  // Nano-dollars; kUnlimited where nothing is counted.
  Task<std::int64_t> budget_left(std::string user_id);

  // Stores a question with its files, in a conversation (Error{not_found} if it is not theirs) or as the beginning of
  // one (Error{forbidden} when the month's are used up). Error{conflict} for a file that belongs to another message.
  Task<Asked> put(std::string user_id, std::string text, std::optional<std::string> conversation_id,
                  std::vector<PartKept> files = {});
  // The question that a message is, or that it answers. Error{not_found} if it is not theirs. Changes nothing yet.
  Task<Asked> again(std::string user_id, std::string message_id);
  // From now on what is shown of its conversation ends with the question, until an answer is there.
  Task<void> open(Asked asked);
  // Somebody answers: a conversation that begins with it counts.
  Task<void> answered(Asked asked);
  // Nobody answers: everything is as it was before.
  Task<void> take_back(Asked asked);

 private:
  Task<std::string> begin(database::Transaction& tx, Asked& asked, std::string text);
  Task<void> attach(database::Transaction& tx, std::string user_id, MessageRow question);

  database::Database& database_;
  billing::Subscriptions& subscriptions_;
  billing::Allowances& allowances_;
  const Clock& clock_;
};

}  // namespace odeon::chat

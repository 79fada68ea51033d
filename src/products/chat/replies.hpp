// An answer on its way from the gateway to whoever asked, and into the conversation: it is stored when it ends,
// whatever kind of end that is.
#pragma once

#include <functional>

#include "engine/ai/gateway.hpp"
#include "products/chat/files/attachments.hpp"
#include "products/chat/memory/remembering.hpp"

namespace odeon::chat {

inline constexpr const char* kCut = "cut";  // how an answer ends that broke off

// One model's turn at a question.
struct Turn {
  Asked asked;
  Chosen chosen;
  Recalled recalled;
  std::string message_id;  // the answer's
  ai::TextRequest request;
  std::vector<Slot> slots;  // of its files, which are read when the model is asked
};

struct Ended {
  MessageRow row;  // as it is stored; no part: nothing was said, and nothing is stored
  std::vector<std::string> continued_by;
  std::int64_t budget_left = 0;  // nano-dollars; kUnlimited where nothing is counted
  std::exception_ptr failure;    // the answer is cut off
  bool unanswered = false;       // whoever was to answer failed before a word was said, and nothing is stored
};

// What one read of the provider's brought.
struct Heard {
  std::string continued_by;  // another model goes on from here; else empty
  std::string text;          // empty, where that was no text
};
using Hear = std::function<Task<void>(Heard heard)>;

// Thread-safe; what it is given outlives it.
class Replies {
 public:
  Replies(database::Database& database, Asking& asking, Attachments& attachments, Remembering& remembering,
          ai::Gateway& gateway, const ModelChoice& choice, const Clock& clock)
      : database_(database),
        asking_(asking),
        attachments_(attachments),
        remembering_(remembering),
        gateway_(gateway),
        choice_(choice),
        clock_(clock) {}

  Turn turn(Asked asked, Chosen chosen, Recalled recalled, const Asker& asker, std::optional<double> temperature,
            TraceContext trace);
  // Who will answer. Throws Error: unavailable with retry_after where nobody does; payment_required; invalid.
  Task<ai::StreamedReply> ask(Turn turn);
  // Passes on what comes until the end. What `hear` throws cuts the answer off, as a cancellation does; afterwards the
  // task can be cancelled again.
  Task<Ended> follow(Turn turn, ai::StreamedReply answer, Hear hear);

 private:
  // What an answer leaves behind, beside itself.
  struct Traces {
    std::vector<std::string> memory_ids;  // that it was given
    std::string learn_from;               // the question's text, where it is to be learnt from
    TraceContext trace;
  };
  Task<void> keep(std::string user_id, MessageRow row, Traces traces);

  database::Database& database_;
  Asking& asking_;
  Attachments& attachments_;
  Remembering& remembering_;
  ai::Gateway& gateway_;
  const ModelChoice& choice_;
  const Clock& clock_;
};

}  // namespace odeon::chat

// Chatting: a question, and the answer while it is being written; the same question again, to another model.
#pragma once

#include "engine/http/router.hpp"
#include "products/chat/conversations.hpp"
#include "products/chat/replies.hpp"

namespace odeon::chat {

struct ChatRequest {
  std::optional<Text<1, 64>> conversation_id;  // else a new one begins
  std::optional<Text<1, 100>> model;           // "auto" unless it says otherwise
  Text<1, 100'000> text;
  std::optional<AttachmentIds> attachments;
  std::optional<bool> memory;         // false: this exchange neither uses it nor adds to it
  std::optional<double> temperature;  // 0–2
  std::optional<bool> continue_;      // true: where an answer is cut off, another model goes on
};
BOOST_DESCRIBE_STRUCT(ChatRequest, (), (conversation_id, model, text, attachments, memory, temperature, continue_))

struct RegenerateRequest {
  Text<1, 64> message_id;  // the answer that is not wanted, or the question
  std::optional<Text<1, 100>> model;
  std::optional<bool> memory;
  std::optional<double> temperature;
  std::optional<bool> continue_;
};
BOOST_DESCRIBE_STRUCT(RegenerateRequest, (), (message_id, model, memory, temperature, continue_))

// ---- the events ----------------------------------------------------------------------------------------

struct Meta {
  std::string conversation_id;
  std::string message_id;
  std::string user_message_id;
  std::string model;  // who answers
  std::string route_reason;
  std::vector<std::string> memories;  // what the answer is given of them
  bool cached = false;                // the answer was given before, and costs nothing
};
BOOST_DESCRIBE_STRUCT(Meta, (), (conversation_id, message_id, user_message_id, model, route_reason, memories, cached))
struct Delta {
  std::string text;
};
BOOST_DESCRIBE_STRUCT(Delta, (), (text))
// The answer was cut off here; what follows is another model's.
struct ContinuedTold {
  std::string model;
};
BOOST_DESCRIBE_STRUCT(ContinuedTold, (), (model))
struct UsageTold {
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  double cost_usd = 0;
  double budget_left_usd = 0;  // of today; −1: unlimited
};
BOOST_DESCRIBE_STRUCT(UsageTold, (), (input_tokens, output_tokens, cost_usd, budget_left_usd))
struct Done {
  std::string finish;  // stop, length, declined
};
BOOST_DESCRIBE_STRUCT(Done, (), (finish))

// All of it as one object.
struct ChatReply {
  std::string conversation_id;
  std::string message_id;
  std::string user_message_id;
  std::string model;
  std::string route_reason;
  std::vector<std::string> memories;
  bool cached = false;
  std::vector<std::string> continued;  // models that went on where another was cut off
  std::string text;
  UsageTold usage;
  std::string finish;
};
BOOST_DESCRIBE_STRUCT(ChatReply, (),
                      (conversation_id, message_id, user_message_id, model, route_reason, memories, cached, continued,
                       text, usage, finish))

inline constexpr http::Rate kChatting{60, http::per_minute};

inline constexpr Endpoint<ChatRequest, http::Response> send_message{
    {.method = Method::post,
     .path = "/api/chat",
     .summary = "Say something, and read the answer while it is being written",
     .description =
         "Server-sent events: `meta` (conversation_id, message_id, user_message_id, model, route_reason, memories, "
         "cached), "
         "`delta` (text) as often as something comes, then `usage` (input_tokens, output_tokens, cost_usd, "
         "budget_left_usd) and `done` (finish); or `error` (code, message, retry_after), after which the answer stays "
         "as far as it came. With `continue`, where it is cut off another model goes on instead: `continued` (model), "
         "then its words. "
         "With `Accept: application/json` one object. `model` is a name, or `auto`. "
         "`attachments` are ids of files of yours that belong to no other message.",
     .auth = Auth::user,
     .rate = kChatting}};
inline constexpr Endpoint<RegenerateRequest, http::Response> regenerate{
    {.method = Method::post,
     .path = "/api/chat/regenerate",
     .summary = "Another answer to the same question, as a branch beside the first",
     .description = "`message_id` is the answer, or the question. Answers as `/api/chat` does.",
     .auth = Auth::user,
     .rate = kChatting}};

// Thread-safe; what it is given outlives it.
class Answers {
 public:
  Answers(Asking& asking, Attachments& attachments, Recall& recall, Replies& replies, const ModelChoice& choice)
      : asking_(asking), attachments_(attachments), recall_(recall), replies_(replies), choice_(choice) {}

  Task<http::Response> chat(http::Caller caller, ChatRequest request);
  Task<http::Response> again(http::Caller caller, RegenerateRequest request);

  void mount(http::Api& api);

 private:
  Task<http::Response> answer(http::Caller caller, Turn turn);
  Task<void> tell(Turn turn, ai::StreamedReply answer, http::BodyWriter& body);
  // As Replies::follow; afterwards the question counts, or is taken back.
  Task<Ended> follow(Turn turn, ai::StreamedReply answer, Hear hear);

  Asking& asking_;
  Attachments& attachments_;
  Recall& recall_;
  Replies& replies_;
  const ModelChoice& choice_;
};

// ---- for whoever else answers --------------------------------------------------------------------------

// Throws Error{invalid} for a text without any character to read, and a temperature outside of 0–2.
void check_question(std::optional<std::string_view> text, std::optional<double> temperature);
UsageTold usage_of(const Ended& ended);
// JSON, where the client asks for it by name; else events.
bool wants_json(const http::Caller& caller);
http::Response json_response(std::string body);

}  // namespace odeon::chat

// Text as a capability: a conversation in, the next message out; at once, or while it is being written
// (text_stream.hpp). What providers have in common has a field here, and survives the way there and back: tools,
// pictures, reasoning with the signatures that its owner wants to see again.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/task.hpp"
#include "base/trace.hpp"
#include "engine/ai/usage.hpp"

namespace odeon::ai {

enum class MessageRole {
  system,  // the rules; wherever it stands, providers that know one place for them get it there
  user,
  assistant,
  tool,  // holds ToolResults only
};

struct TextPart {
  std::string text;      // UTF-8
  bool refusal = false;  // it says that there is no answer, where the provider tells that apart
  auto operator<=>(const TextPart&) const = default;
};
// How closely a model looks, where it can be told: a fleeting look costs less.
enum class PictureDetail { usual, low, high };
// One of the two is set.
struct Picture {
  std::string media_type;  // image/png, image/jpeg, image/webp, image/gif
  std::string bytes;       // not encoded
  std::string url;         // https: the provider fetches it
  PictureDetail detail = PictureDetail::usual;
  auto operator<=>(const Picture&) const = default;
};
struct ToolCall {
  std::string id;  // never empty: what a provider leaves out is made up here
  std::string name;
  std::string arguments;  // a JSON object as the model wrote it: not always valid
  std::string signature;  // of the thought that led to it, for its owner only (Gemini)
  auto operator<=>(const ToolCall&) const = default;
};
struct ToolResult {
  std::string id;    // of the call
  std::string name;  // of the tool
  std::string content;
  bool failed = false;
  auto operator<=>(const ToolResult&) const = default;
};
// What the model thought before it spoke: a summary or all of it, or only what its owner can read.
struct Reasoning {
  std::string text;
  std::string signature;  // opaque, and worthless to another provider
  bool redacted = false;  // `signature` holds it all (Anthropic)
  auto operator<=>(const Reasoning&) const = default;
};
using Part = std::variant<TextPart, Picture, ToolCall, ToolResult, Reasoning>;

struct Message {
  Message() = default;
  Message(MessageRole role, std::string text) : role(role), parts{TextPart{std::move(text)}} {}
  Message(MessageRole role, std::vector<Part> parts) : role(role), parts(std::move(parts)) {}

  // All its text, one piece after the other.
  std::string text() const;

  MessageRole role = MessageRole::user;
  std::vector<Part> parts;
  auto operator<=>(const Message&) const = default;
};

struct Tool {
  std::string name;  // letters, digits, _ and -: at most 64
  std::string description;
  std::string parameters;  // JSON Schema of an object; empty: none
  bool strict = false;     // the arguments must match, where the provider can promise that
};

struct ToolChoice {
  enum class Mode { automatic, none, required, named };
  Mode mode = Mode::automatic;
  std::string name;            // of `named`
  bool one_at_a_time = false;  // no calls side by side
};

// How long a model that can think first should. Models that cannot are not told.
enum class Effort { unset, none, low, medium, high };

// The form of the answer.
struct AnswerForm {
  enum class Kind { text, json, schema };
  Kind kind = Kind::text;
  std::string name;         // of the schema
  std::string description;  // of what it is for
  std::string schema;       // JSON Schema
  bool strict = false;      // the answer must match, where the provider can promise that; not every schema will do then
};

// Every task has an honest offline answer: the product composes it, deterministically, from the data
// that the prompt was made of.
using Composer = std::function<std::string()>;

// Whether an answer that was given before to the very same request will do, for a day. A person's own are nobody
// else's, unless they are shared: for what no person's data is in.
enum class Caching { none, own, shared };

struct TextRequest {
  std::string task;  // "briefings.script": for routing, metrics and the ledger
  std::vector<Message> messages;
  int max_tokens = 1024;                    // of the answer
  std::optional<double> temperature = 0.7;  // 0–2; nothing: the model's own
  std::optional<double> top_p;              // 0–1
  std::vector<std::string> stop;            // at most 4
  AnswerForm form;
  std::vector<Tool> tools;
  ToolChoice tool_choice;
  Effort effort = Effort::unset;
  Caching caching = Caching::none;
  bool may_continue = false;  // where a stream of text is cut off, another model may go on, and says so (Continued)
  bool refusal_is_answer = false;  // pass a refusal on (Finish::declined); else the next model is asked
  // Pass on what a limit cut off (Finish::length), however little there is of it. Else the next model is asked where
  // that is nothing, or half a document.
  bool cut_is_answer = false;
  std::vector<std::string> models;  // names of the catalogue or "provider/model", first choice first; empty: any
  // Whom to ask when none of `models` has answered, by how the last of them failed. Empty: nobody.
  std::function<std::vector<std::string>(Fault)> otherwise;
  std::int64_t input_tokens = 0;  // of all that, as a guess; 0: the gateway counts
  Composer offline;               // used when no provider answers; empty: then the call fails
  Payer payer;
  TraceContext trace;  // of whoever asks
};

// A call that failed after the provider had begun to charge for it.
class FailedAfterUse : public Error {
 public:
  FailedAfterUse(Error error, Usage usage) : Error(std::move(error)), usage(usage) {}
  Usage usage;
};

// Error code of an answer that is a refusal (or was withheld by a filter): the model works, and another
// one may answer.
inline constexpr const char* kDeclined = "MODEL_DECLINED";
// Error code of an answer that came to its limit before it was of use: the model works.
inline constexpr const char* kCutShort = "CUT_SHORT";
// Error code, with Fault::invalid, of a request that the model's window does not hold: another one's may.
inline constexpr const char* kTooLong = "CONTEXT_TOO_LONG";
// Error code, with Fault::invalid, of a request for which this provider's API has no words: it was not asked, and
// another one may have them.
inline constexpr const char* kUnsupported = "UNSUPPORTED_BY_MODEL";

enum class Finish {
  stop,
  length,      // at max_tokens, or at the end of the model's window
  tool_calls,  // it waits for their results
  declined,    // it refused, or a filter withheld the rest; what came before stands
};

struct TextReply {
  // A reply of text alone.
  static TextReply of(std::string text, std::string model = "", Usage usage = {});
  std::string text() const { return message.text(); }

  Message message{MessageRole::assistant, std::vector<Part>{}};
  Finish finish = Finish::stop;
  std::string model;  // what answered: "openai/gpt-4o-mini", "odeon-offline"
  std::string id;     // the provider's own, for its support; may be empty
  Usage usage;
  std::string stop_word;  // that ended it, where the provider says so
  bool cached = false;    // it was given before; costs nothing
};

class TextStream;

class TextModel {
 public:
  virtual ~TextModel() = default;
  virtual std::string name() const = 0;  // "openai/gpt-4o-mini"
  // Failures are Errors: upstream, unavailable, rate_limited (with retry_after), timeout,
  // unauthenticated, and invalid where the request itself is at fault.
  // The request outlives the task; `place` is that of this attempt, in the trace of whoever asks.
  virtual Task<TextReply> complete(const TextRequest& request, TraceContext place) = 0;
  // The same, while it is being written. Returns once the provider has said that it will answer.
  // Of a model that cannot: the whole reply at once.
  virtual Task<std::unique_ptr<TextStream>> stream(const TextRequest& request, TraceContext place);
  // Tokens that it may use, and charge for, beside the request's max_tokens: for what it thinks.
  virtual std::int64_t room_to_think(const TextRequest&) const { return 0; }
};

}  // namespace odeon::ai

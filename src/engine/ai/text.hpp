// Text as a capability: messages in, an answer out.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/task.hpp"
#include "base/trace.hpp"

namespace odeon::ai {

enum class MessageRole { system, user, assistant };

struct Message {
  MessageRole role = MessageRole::user;
  std::string content;
};

// Every task has an honest offline answer: the product composes it, deterministically, from the data
// that the prompt was made of.
using Composer = std::function<std::string()>;

struct TextRequest {
  std::string task;  // "briefings.script": for routing, metrics and the ledger
  std::vector<Message> messages;
  int max_tokens = 1024;     // of the answer
  double temperature = 0.7;  // 0–2
  bool json = false;         // the answer must be one JSON document
  std::string model;         // "provider/model" to insist on one; empty: the gateway picks
  Composer offline;          // used when no provider answers; empty: then the call fails
  TraceContext trace;        // of whoever asks; a model is given the place of its own attempt
};

struct Usage {
  std::int64_t input_tokens = 0;   // all of the input, cached included
  std::int64_t cached_tokens = 0;  // of the input
  std::int64_t output_tokens = 0;  // reasoning included
  std::int64_t reasoning_tokens = 0;
  std::int64_t characters = 0;  // speech
  double seconds = 0;           // sound
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

struct TextReply {
  std::string text;
  std::string model;  // what answered: "openai/gpt-4o-mini", "odeon-offline"
  Usage usage;
  bool truncated = false;  // it stopped at max_tokens
};

class TextModel {
 public:
  virtual ~TextModel() = default;
  virtual std::string name() const = 0;  // "openai/gpt-4o-mini"
  // Failures are Errors: upstream, unavailable, rate_limited (with retry_after), timeout,
  // unauthenticated, and invalid where the request itself is at fault.
  virtual Task<TextReply> complete(TextRequest request) = 0;
};

}  // namespace odeon::ai

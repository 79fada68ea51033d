// How an answer is told to a client, in the words of its API.
#pragma once

#include <memory>
#include <string>

#include "base/error.hpp"
#include "base/time.hpp"
#include "engine/ai/text_stream.hpp"

namespace odeon::chat {

// Seconds, as OpenAI writes times.
inline std::int64_t unix_time(Instant when) {
  return std::chrono::floor<std::chrono::seconds>(when.time_since_epoch()).count();
}

struct AnswerLabel {
  std::string id;     // "chatcmpl-…", "msg_…"
  std::string model;  // by its name in the catalogue
  Instant created_at;
  std::string request_id;         // for faults
  std::int64_t input_tokens = 0;  // as far as they can be guessed: what is true is known at the end
};

// Of one answer that streams, from the first events on. What it appends is whole server-sent events.
class AnswerTeller {
 public:
  virtual ~AnswerTeller() = default;
  // All that came by one read.
  virtual void take(const ai::TextEvents& events, std::string& out) = 0;
  // The answer broke off: the last that is told.
  virtual void fail(const Error& error, std::string& out) = 0;
};

}  // namespace odeon::chat

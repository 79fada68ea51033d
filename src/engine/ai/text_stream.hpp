// A message while it is being written. What one read of the provider's bytes brought is passed on together, so that
// whoever sends it on writes once for each read.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "engine/ai/text.hpp"

namespace odeon::ai {

struct TextDelta {
  std::string text;  // whole characters of UTF-8; never empty
  bool refusal = false;
  auto operator<=>(const TextDelta&) const = default;
};
struct ReasoningDelta {
  std::string text;
  std::string signature;  // comes at the end of a thought, or stands for all of it
  bool redacted = false;
  bool begins = false;  // a further thought, not more of the one before
  auto operator<=>(const ReasoningDelta&) const = default;
};
// A call of a tool begins; calls may be written side by side.
struct ToolCallBegin {
  std::size_t index = 0;  // 0, 1, … in order of beginning
  std::string id, name;
  std::string signature;
  auto operator<=>(const ToolCallBegin&) const = default;
};
struct ToolCallDelta {
  std::size_t index = 0;
  std::string arguments;  // more of them
  auto operator<=>(const ToolCallDelta&) const = default;
};
// The answer was cut off here, and another model goes on.
struct Continued {
  std::string model;  // "anthropic/claude-sonnet-4-5"
  auto operator<=>(const Continued&) const = default;
};
// The last event, exactly once.
struct Finished {
  Finish finish = Finish::stop;
  Usage usage;
  std::string id;         // the provider's own; may be empty
  std::string stop_word;  // may be empty
};
using TextEvent = std::variant<TextDelta, ReasoningDelta, ToolCallBegin, ToolCallDelta, Continued, Finished>;
using TextEvents = std::vector<TextEvent>;

// Not thread-safe; used on the loop that opened it. Destroying it before the end closes the call.
class TextStream {
 public:
  virtual ~TextStream() = default;
  // What came next, at least one event; after Finished, nothing. An answer that is cut off, or that an error ends, is
  // FailedAfterUse with what was used as far as anybody knows: never a silent end.
  virtual Task<TextEvents> next() = 0;
  // What the provider has counted so far.
  virtual Usage used() const { return {}; }
};

// Puts a reply together from its events.
class ReplyBuilder {
 public:
  void take(TextEvent event);
  // After Finished.
  TextReply finish() &&;
  // What there is so far.
  const TextReply& so_far() const { return reply_; }

 private:
  TextReply reply_;
  std::vector<std::size_t> calls_;  // where each call of a tool stands among the parts
};

// A reply that is there already, as a stream of one read: for models that do not stream.
std::unique_ptr<TextStream> stream_of(TextReply reply);
TextEvents events_of(const TextReply& reply);

// The rest of a stream as a reply.
Task<TextReply> collect(TextStream& stream);

}  // namespace odeon::ai

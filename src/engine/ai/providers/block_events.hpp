// Content that comes as numbered blocks, whole or in pieces, as events: what Anthropic and Bedrock have in common.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>

#include "engine/ai/text_stream.hpp"

namespace odeon::ai {

// Pieces of calls that did not begin are passed over, as are empty ones. Not thread-safe.
class BlockEvents {
 public:
  void text(std::string_view piece, TextEvents& events);
  void thought(std::int64_t block, std::string_view piece, std::string_view signature, TextEvents& events);
  void redacted(std::string_view data, TextEvents& events);
  void call(std::int64_t block, std::string_view id, std::string_view name, TextEvents& events);
  void arguments(std::int64_t block, std::string_view piece, TextEvents& events);
  // The block is complete: a call that brought no arguments has none.
  void end(std::int64_t block, TextEvents& events);

 private:
  struct Call {
    std::size_t index = 0;
    bool has_arguments = false;
  };

  std::map<std::int64_t, Call> calls_;
  std::int64_t thought_ = -1;  // the block of the thought that goes on
};

// The reply that events come to, Finished among them.
TextReply reply_of(const TextEvents& events);

}  // namespace odeon::ai

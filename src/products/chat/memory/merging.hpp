// What new facts do to those that are remembered. Pure.
#pragma once

#include "products/chat/memory/memory_store.hpp"

namespace odeon::chat {

// Where facts come from.
struct Source {
  std::string conversation_id, message_id;
  bool bound = false;  // to that conversation
  Instant said_at;
};

struct Merged {
  std::vector<MemoryRow> added;  // without an id
  std::vector<MemoryRow> changed;
};

// A fact that is remembered is believed more, and was said now; one that contradicts takes the place of what it
// contradicts; any other is new. The same message says a thing once, however often it is read, and
// what was said later is not changed by what was said before. What its owner pinned or wrote is never changed: a fact
// that contradicts it stands beside it.
Merged merge(std::vector<MemoryRow> known, std::vector<Fact> facts, const Source& source);

}  // namespace odeon::chat

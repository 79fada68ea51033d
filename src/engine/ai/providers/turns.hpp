// A conversation as providers want it that know rules and two speakers who take turns: Anthropic, Bedrock.
#pragma once

#include <string_view>
#include <vector>

#include "engine/ai/text.hpp"

namespace odeon::ai {

struct Turn {
  bool assistant = false;          // else the user, who also brings what tools came to
  std::vector<const Part*> parts;  // at least one; results of tools first, as they must stand right after their calls
};

// Views of the messages that it was made of, which outlive it.
struct Conversation {
  std::vector<std::string_view> rules;  // of the system, from wherever they stood; none is blank
  std::vector<Turn> turns;              // at least one; the user begins, and no one speaks twice in a row
};

// Blank texts are left out, and thoughts that no such provider signed. Throws Error{invalid} for a part that has no
// place in a message of its role.
Conversation take_turns(const std::vector<Message>& messages);

// A conversation that tells of tools has to declare them: those of the request, or else, by name alone, those that
// were called.
std::vector<Tool> tools_told_of(const TextRequest& request, const Conversation& conversation);

// The id of a call as these providers take it: letters, digits, _ and -, at most 64.
std::string plain_call_id(std::string_view id);

[[noreturn]] void cannot_say(std::string detail);

}  // namespace odeon::ai

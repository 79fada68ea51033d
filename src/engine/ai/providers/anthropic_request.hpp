// The parts of a request to Anthropic, from ours. Pure.
#pragma once

#include <boost/json.hpp>

#include "engine/ai/providers/claude.hpp"

namespace odeon::ai::anthropic {

boost::json::array system(const Conversation& conversation, const AnswerForm& form, bool cached);
boost::json::array messages(const Conversation& conversation, const Part* cached);
boost::json::array tools(const std::vector<Tool>& tools, bool cached);
boost::json::object tool_choice(const ToolChoice& choice, bool has_tools);

}  // namespace odeon::ai::anthropic

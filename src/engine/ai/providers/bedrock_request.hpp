// The parts of a request to Bedrock, from ours. Pure.
#pragma once

#include <boost/json.hpp>

#include "engine/ai/providers/claude.hpp"

namespace odeon::ai::bedrock {

boost::json::array system(const Conversation& conversation, const AnswerForm& form, bool cached);
boost::json::array messages(const Conversation& conversation, const Part* cached);
// Empty where none are to be declared.
boost::json::object tool_config(const TextRequest& request, const std::vector<Tool>& tools, bool cached);

}  // namespace odeon::ai::bedrock

// What OpenAI and its imitators count.
#pragma once

#include <boost/json.hpp>

#include "engine/ai/providers/json_view.hpp"
#include "engine/ai/usage.hpp"

namespace odeon::ai {

// Of a `usage` object; nothing of anything else. Where parts are said to be more than their whole, they are cut.
Usage openai_usage(const boost::json::value* usage);
Usage openai_usage(wire::View usage);

}  // namespace odeon::ai

// The last look at what a model wrote, however it came.
#pragma once

#include <string>

#include "engine/ai/text.hpp"

namespace odeon::ai {

// The reply in valid UTF-8, and without a fence around its JSON where JSON was asked for. Throws
// FailedAfterUse{upstream, "NO_TEXT" or "NOT_JSON"} for one that nobody can use.
TextReply checked_reply(TextReply reply, bool json, const std::string& provider);

}  // namespace odeon::ai

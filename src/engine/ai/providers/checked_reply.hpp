// The last look at what a model wrote, however it came.
#pragma once

#include <string>

#include "engine/ai/wanted.hpp"

namespace odeon::ai {

// The reply in valid UTF-8, and without a fence around its JSON where JSON was asked for; beside calls of tools text is
// no document. Throws FailedAfterUse{upstream, "NO_TEXT", "NOT_JSON" or "CUT_SHORT"} for one that nobody can use.
TextReply checked_reply(TextReply reply, const Wanted& wanted, const std::string& provider);

}  // namespace odeon::ai

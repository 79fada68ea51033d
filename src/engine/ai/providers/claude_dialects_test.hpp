// How Claude is asked by its maker and by Amazon.
#pragma once

#include "engine/ai/providers/anthropic.hpp"
#include "engine/ai/providers/bedrock.hpp"

namespace odeon::ai {

inline const Anthropic kAnthropic;
inline const Bedrock kBedrock;

}  // namespace odeon::ai

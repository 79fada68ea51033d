// Thoughts in the shape of OpenRouter's `reasoning_details`, so that a signature comes back with the text that it is
// of: what is marked as ours is opaque to everybody else, and what others have marked means nothing to our models.
#pragma once

#include "products/chat/apis/openai_api.hpp"

namespace odeon::chat {

// Of an assistant's message that a client sends back.
std::vector<ai::Part> openai_thoughts(const OpenAiMessage& message);

// One detail, or a piece of it. `index` tells the thoughts of a message apart.
json::object openai_detail(std::string_view text, std::string_view signature, bool redacted, std::size_t index);

}  // namespace odeon::chat

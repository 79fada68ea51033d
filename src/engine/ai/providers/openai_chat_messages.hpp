// A conversation as OpenAI's chat completions have it.
#pragma once

#include <string>
#include <vector>

#include "engine/ai/providers/dialect.hpp"
#include "engine/ai/providers/openai_flavour.hpp"

namespace odeon::ai {

// Appends them as JSON. Throws Error{invalid} for a picture that is not a user's.
void write_openai_messages(std::string& out, const std::vector<Message>& messages, const OpenAiFlavour& flavour,
                           const ModelTraits& model);

}  // namespace odeon::ai

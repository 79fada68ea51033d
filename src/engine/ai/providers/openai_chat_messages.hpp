// A conversation as OpenAI's chat completions have it.
#pragma once

#include <boost/json.hpp>
#include <vector>

#include "engine/ai/providers/dialect.hpp"
#include "engine/ai/providers/openai_flavour.hpp"

namespace odeon::ai {

// Throws Error{invalid} for a picture that is not a user's.
boost::json::array openai_messages(const std::vector<Message>& messages, const OpenAiFlavour& flavour,
                                   const ModelTraits& model);

}  // namespace odeon::ai

// What all of OpenAI's endpoints beside chat have in common.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "engine/ai/providers/provider_call.hpp"

namespace odeon::ai {

struct OpenAiOptions {
  std::string provider = "openai";                     // first half of the models' names
  std::string base_url = "https://api.openai.com/v1";  // with or without /v1 (openai_base)
  std::string key;                                     // empty where none is needed
  std::chrono::milliseconds limit{120'000};            // for one call as a whole
};

// A call whose body and limits are to be set. `path` is below the version: "/embeddings".
ProviderCall openai_call(const OpenAiOptions& options, std::string_view path, TraceContext trace);

// An answer that should be a JSON object. Throws Error as provider_errors.hpp has them, also for an error that came
// with a status of success.
boost::json::object openai_object(const ProviderAnswer& answer, const std::string& provider);

}  // namespace odeon::ai

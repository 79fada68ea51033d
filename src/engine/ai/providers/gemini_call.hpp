// What Google's models have in common, whatever they make, on AI Studio and on Vertex AI.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "engine/ai/providers/provider_call.hpp"

namespace odeon::ai {

// Paths from the base address up to a model's id.
inline constexpr const char* kStudioModels = "/v1beta/models/";
std::string vertex_models(std::string_view project, std::string_view location);

// Since Gemini 3, thinking has levels instead of a budget, calls of tools must be signed, a temperature makes models
// repeat themselves, and pictures come in several sizes. A name without a number is the newest.
bool is_gemini_3(std::string_view id);

struct GeminiOptions {
  std::string provider = "gemini";  // first half of the models' names
  std::string base_url = "https://generativelanguage.googleapis.com";
  std::string models = kStudioModels;
  std::shared_ptr<Credentials> credentials;
  std::chrono::milliseconds limit{120'000};  // for one call as a whole
};

// A call whose body and limits are to be set; `verb` is "generateContent".
ProviderCall gemini_call(const GeminiOptions& options, const std::string& model, std::string_view verb,
                         TraceContext trace);

}  // namespace odeon::ai

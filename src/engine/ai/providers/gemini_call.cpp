#include "engine/ai/providers/gemini_call.hpp"

#include "base/text.hpp"

namespace odeon::ai {

std::string vertex_models(std::string_view project, std::string_view location) {
  return fmt::format("/v1/projects/{}/locations/{}/publishers/google/models/", text::percent_encode(project),
                     text::percent_encode(location));
}

bool is_gemini_3(std::string_view id) {
  return id.starts_with("gemini-") && !id.starts_with("gemini-1") && !id.starts_with("gemini-2");
}

ProviderCall gemini_call(const GeminiOptions& options, const std::string& model, std::string_view verb,
                         TraceContext trace) {
  return {.provider = options.provider,
          .url = fmt::format("{}{}{}:{}", options.base_url, options.models, text::percent_encode(model), verb),
          .credentials = options.credentials,
          .limit = options.limit,
          .trace = trace};
}

}  // namespace odeon::ai

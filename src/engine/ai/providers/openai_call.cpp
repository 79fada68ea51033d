#include "engine/ai/providers/openai_call.hpp"

#include "engine/ai/providers/openai_flavour.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {

ProviderCall openai_call(const OpenAiOptions& options, std::string_view path, TraceContext trace) {
  ProviderCall call{.provider = options.provider,
                    .url = openai_base(options.base_url).append(path),
                    .limit = options.limit,
                    .trace = trace};
  if (!options.key.empty()) call.headers.set("Authorization", "Bearer " + options.key);
  return call;
}

boost::json::object openai_object(const ProviderAnswer& answer, const std::string& provider) {
  auto object = wire::object_of(answer.body, provider);
  if (const auto* error = wire::member(object, "error")) throw error_in_answer(*error, provider);
  return object;
}

}  // namespace odeon::ai

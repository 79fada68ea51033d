// What the APIs for batches have in common: JSON about a batch, and files of lines with its results.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "engine/ai/providers/batch_answers.hpp"
#include "engine/ai/providers/provider_call.hpp"
#include "engine/ai/providers/remote_text.hpp"

namespace odeon::ai {

// Bytes of all requests of one batch. They are held in memory, which the providers' own limits (200 MB) would be hard
// on.
inline constexpr std::size_t kMostBatchBytes = 32U << 20;

// A call with nothing to send yet. `path` is below the provider's address.
ProviderCall batch_call(const Provider& provider, http::Method method, std::string_view path);
// Throws Error{too_large}.
void check_batch_size(std::size_t bytes);

// The JSON object that comes back; nothing for a status of `call.accepted`.
Task<std::optional<boost::json::object>> batch_object(http::Client& client, const Clock& clock, ProviderCall call);
// An id that a provider gave, fit to stand in a path. Throws Error{upstream, "BAD_ANSWER"}.
std::string batch_id(const boost::json::value* id, const std::string& provider);
// Every line of the answer. False for a status of `call.accepted`. Throws Error for an answer that is cut off.
Task<bool> read_batch_lines(http::Client& client, const Clock& clock, ProviderCall call, BatchAnswers& answers,
                            const BatchAnswers::Read& read);

}  // namespace odeon::ai

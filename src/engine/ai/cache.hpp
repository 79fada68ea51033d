// Answers that were given before: exact, replayed with the boundaries of their first time.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/ai/text_stream.hpp"

namespace odeon::ai {

inline constexpr std::chrono::hours kAnswersLast{24}, kEmbeddingsLast{24 * 7};
inline constexpr std::size_t kLongestKept = 512 * 1024;  // bytes as kept; longer ones are not

// Values that may be lost at any time (coordination implements it; wiring joins them). Thread-safe.
class Cache {
 public:
  virtual ~Cache() = default;
  virtual Task<std::optional<std::string>> find(std::string key) = 0;
  virtual Task<void> keep(std::string key, std::string value, std::chrono::seconds lifetime) = 0;
};

// What an answer is known by: a hash of everything in the request that matters for it, and of who asks.
std::string cache_key(const TextRequest& request);

struct KeptAnswer {
  std::string model;
  std::vector<TextEvents> reads;  // as they came; the last ends with Finished
};
std::string write(const KeptAnswer& answer);
// Nothing, where the text is no answer that `write` wrote.
std::optional<KeptAnswer> read_kept_answer(std::string_view text);

// Costs nothing: so says its usage.
std::unique_ptr<TextStream> replay(KeptAnswer answer);
TextReply reply_of(const KeptAnswer& answer);

// Passes an answer on and hands all of it over once it has come to an end of its own.
std::unique_ptr<TextStream> overheard(std::unique_ptr<TextStream> answer, std::string model,
                                      std::function<void(KeptAnswer)> hear);

// Vectors, as bytes.
std::string embedding_key(const std::string& user_id, const std::string& model, int dimensions, std::string_view text);
std::string write(const std::vector<float>& vector);
std::optional<std::vector<float>> read_vector(std::string_view bytes);

}  // namespace odeon::ai

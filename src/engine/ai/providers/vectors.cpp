#include "engine/ai/providers/vectors.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "engine/ai/providers/provider_errors.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {

std::vector<float> vector_of(const boost::json::value* from) {
  std::vector<float> vector;
  for (const auto& number : wire::list_of(from))
    vector.push_back(static_cast<float>(json::as_number(number, json::Source::body).value_or(NAN)));
  const auto bytes = crypto::from_base64(wire::text_of(from)).value_or("");
  if (bytes.empty() || bytes.size() % sizeof(float) != 0) return vector;
  static_assert(std::endian::native == std::endian::little);
  vector.resize(bytes.size() / sizeof(float));
  std::memcpy(vector.data(), bytes.data(), bytes.size());
  return vector;
}

void check_vectors(const std::vector<std::vector<float>>& vectors, const std::string& provider) {
  for (const auto& vector : vectors)
    if (vector.empty() || vector.size() != vectors.front().size() ||
        !std::ranges::all_of(vector, [](float number) { return std::isfinite(number); }))
      throw unusable("BAD_ANSWER", provider, "vectors that are missing or broken");
}

void to_length_one(std::vector<float>& vector) {
  double sum = 0;
  for (const float number : vector) sum += double{number} * number;
  if (!(sum > 0)) return;
  const auto scale = static_cast<float>(1 / std::sqrt(sum));
  for (float& number : vector) number *= scale;
}

}  // namespace odeon::ai

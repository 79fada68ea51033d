#include "products/chat/memory/vectors.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace odeon::chat {
namespace {

constexpr float kGreatest = 127;

std::int64_t value_of(std::byte byte) {
  return static_cast<std::int8_t>(byte);
}

}  // namespace

database::Blob packed(const std::vector<float>& vector) {
  float greatest = 0;
  for (const float value : vector)
    if (std::isfinite(value)) greatest = std::max(greatest, std::abs(value));
  database::Blob bytes;
  bytes.reserve(vector.size());
  for (const float value : vector) {
    const float scaled = greatest > 0 && std::isfinite(value) ? std::round(value / greatest * kGreatest) : 0;
    bytes.push_back(static_cast<std::byte>(static_cast<std::int8_t>(scaled)));
  }
  return bytes;
}

double similarity(const database::Blob& a, const database::Blob& b) {
  if (a.size() != b.size()) return 0;
  std::int64_t both = 0, of_a = 0, of_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    both += value_of(a[i]) * value_of(b[i]);
    of_a += value_of(a[i]) * value_of(a[i]);
    of_b += value_of(b[i]) * value_of(b[i]);
  }
  if (of_a == 0 || of_b == 0) return 0;
  return static_cast<double>(both) / std::sqrt(static_cast<double>(of_a) * static_cast<double>(of_b));
}

std::vector<std::size_t> best_first(const std::vector<double>& weights) {
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(-weights[i], i); });
  return order;
}

}  // namespace odeon::chat

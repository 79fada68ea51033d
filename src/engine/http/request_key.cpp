#include "engine/http/request_key.hpp"

#include <algorithm>

namespace odeon::http {
namespace {

constexpr std::size_t kLongest = 255;

}  // namespace

std::optional<std::string> request_key_of(const Caller& caller) {
  const std::string& key = caller.idempotency_key;
  if (key.empty()) return std::nullopt;
  const bool printable = std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; });
  if (!printable || key.size() > kLongest)
    throw Error(Fault::invalid, "INVALID_IDEMPOTENCY_KEY",
                fmt::format("An Idempotency-Key is at most {} printable ASCII characters.", kLongest));
  return key;
}

}  // namespace odeon::http

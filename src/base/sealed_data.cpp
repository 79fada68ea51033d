#include "base/sealed_data.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace odeon {
namespace {

std::string opened(const KeyRing& ring, const SealedData& data, const SealedValue& value) {
  try {
    return ring.open_or_plain(value.text, value.purpose);
  } catch (Error& error) {
    error.detail = fmt::format("{}/{}: {}", data.room(), value.id, error.detail);
    throw;
  }
}

}  // namespace

Task<std::int64_t> reseal(SealedData& data, const KeyRing& ring, Reseal which) {
  const std::string current = ring.current_prefix();
  if (current.empty()) co_return 0;
  const std::string prefix = which == Reseal::plain ? std::string(kSealed) : current;
  std::int64_t count = 0;
  for (std::string after;;) {
    const auto some = co_await data.values(prefix, after);
    if (some.empty()) co_return count;
    after = some.back().id;
    for (const auto& value : some)
      count += co_await data.replace(value, ring.seal(opened(ring, data, value), value.purpose)) ? 1 : 0;
  }
}

Task<std::map<std::string, std::int64_t>> count_by_key(SealedData& data) {
  std::map<std::string, std::int64_t> counts;
  for (std::string after;;) {
    const auto some = co_await data.values("", after);
    if (some.empty()) co_return counts;
    after = some.back().id;
    for (const auto& value : some) ++counts[std::string(sealing_key_of(value.text))];
  }
}

}  // namespace odeon

#include "engine/coordination/redis_values.hpp"

#include <bit>
#include <cstring>

namespace odeon::coordination::redis {
namespace {

static_assert(std::endian::native == std::endian::little, "nodes agree on the order of bytes");
constexpr std::size_t kHead = sizeof(std::int64_t);

}  // namespace

std::string pack(const std::string& value, Instant ends) {
  const std::int64_t at = ends.time_since_epoch().count();
  std::string packed(kHead, '\0');
  std::memcpy(packed.data(), &at, kHead);
  return packed += value;
}

std::optional<std::string> unpack(std::string packed, Instant now) {
  if (packed.size() < kHead) return std::nullopt;
  std::int64_t at = 0;
  std::memcpy(&at, packed.data(), kHead);
  if (at <= now.time_since_epoch().count()) return std::nullopt;
  return std::move(packed.erase(0, kHead));
}

}  // namespace odeon::coordination::redis

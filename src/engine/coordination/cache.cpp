#include "engine/coordination/cache.hpp"

#include <algorithm>

namespace odeon::coordination {
namespace {

// Two nodes, a bucket, and what the allocator adds to them.
constexpr std::size_t kOverhead = 192;
// Large enough for any value worth keeping; small caches have one shard and an exact order.
constexpr std::size_t kShardBytes = 4 * 1024 * 1024;

std::size_t cost(const std::string& key, const std::string& value) {
  return key.capacity() + value.capacity() + kOverhead;
}

}  // namespace

Cache::Cache(std::size_t max_bytes) : shards_(std::clamp<std::size_t>(max_bytes / kShardBytes, 1, 64)) {
  bytes_per_shard_ = max_bytes / shards_.size();
}

Cache::Shard& Cache::shard_of(const Name& name) {
  return shards_[(name.hash >> 32) % shards_.size()];
}

void Cache::Shard::drop(Items::iterator item) {
  bytes -= cost(item->key, item->value.value);
  items.erase(item);
}

std::optional<std::string> Cache::get(std::string_view key, Instant now) {
  const Name name(key);
  Shard& shard = shard_of(name);
  std::lock_guard lock(shard.mutex);
  const auto found = shard.items.use(name);
  if (found == shard.items.end()) return std::nullopt;
  if (found->value.expires_at > now) return found->value.value;
  shard.drop(found);
  return std::nullopt;
}

void Cache::put(std::string key, std::string value, Instant expires_at) {
  const Name name(key);
  Shard& shard = shard_of(name);
  std::lock_guard lock(shard.mutex);
  if (const auto old = shard.items.use(name); old != shard.items.end()) shard.drop(old);
  const std::size_t needed = cost(key, value);
  if (needed > bytes_per_shard_) return;
  while (shard.bytes + needed > bytes_per_shard_) shard.drop(shard.items.begin());
  const auto added = shard.items.add(std::move(key), name, Item{std::move(value), expires_at});
  shard.bytes += cost(added->key, added->value.value);
}

void Cache::forget(std::string_view key) {
  const Name name(key);
  Shard& shard = shard_of(name);
  std::lock_guard lock(shard.mutex);
  if (const auto found = shard.items.use(name); found != shard.items.end()) shard.drop(found);
}

std::size_t Cache::bytes() const {
  std::size_t total = 0;
  for (const auto& shard : shards_) {
    std::lock_guard lock(shard.mutex);
    total += shard.bytes;
  }
  return total;
}

}  // namespace odeon::coordination

// A small memory of what was looked up a moment ago.
#pragma once

#include <array>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "engine/coordination/recent.hpp"

namespace odeon::coordination {

// A bounded table that forgets what was not used for long. Thread-safe.
template <class Value>
class RecentTable {
 public:
  explicit RecentTable(std::size_t max_entries) : max_per_shard_(max_entries / kShards) {}

  std::optional<Value> find(std::string_view key) {
    const Name name(key);
    auto& shard = shard_of(name);
    std::lock_guard lock(shard.mutex);
    const auto entry = shard.map.use(name);
    return entry == shard.map.end() ? std::nullopt : std::optional(entry->value);
  }

  void put(std::string key, Value value) {
    const Name name(key);
    auto& shard = shard_of(name);
    std::lock_guard lock(shard.mutex);
    if (const auto entry = shard.map.use(name); entry != shard.map.end()) {
      entry->value = std::move(value);
      return;
    }
    if (shard.map.size() >= max_per_shard_) shard.map.erase(shard.map.begin());
    shard.map.add(std::move(key), name, std::move(value));
  }

  void forget(std::string_view key) {
    const Name name(key);
    auto& shard = shard_of(name);
    std::lock_guard lock(shard.mutex);
    if (const auto entry = shard.map.use(name); entry != shard.map.end()) shard.map.erase(entry);
  }

 private:
  static constexpr std::size_t kShards = 16;
  struct Shard {
    std::mutex mutex;
    RecentMap<Value> map;
  };
  Shard& shard_of(const Name& name) { return shards_[(name.hash >> 7) % kShards]; }

  std::array<Shard, kShards> shards_;
  std::size_t max_per_shard_;
};

}  // namespace odeon::coordination

// Short-lived values of this node, the least recently used giving way.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "engine/coordination/recent.hpp"

namespace odeon::coordination {

// Thread-safe. Never above `max_bytes`, keys and bookkeeping included; a value too large for its share
// of them is not kept.
class Cache {
 public:
  explicit Cache(std::size_t max_bytes);
  std::optional<std::string> get(std::string_view key, Instant now);
  void put(std::string key, std::string value, Instant expires_at);
  void forget(std::string_view key);
  std::size_t bytes() const;

 private:
  struct Item {
    std::string value;
    Instant expires_at;
  };
  using Items = RecentMap<Item>;
  struct alignas(64) Shard {
    mutable std::mutex mutex;
    Items items;
    std::size_t bytes = 0;
    void drop(Items::iterator item);
  };
  Shard& shard_of(const Name& name);

  std::vector<Shard> shards_;
  std::size_t bytes_per_shard_;
};

}  // namespace odeon::coordination

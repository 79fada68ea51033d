// Whom credentials stand for, remembered for less than a second, so that a busy caller costs the database
// one look a second and a revocation is felt within that time.
#pragma once

#include <array>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "base/time.hpp"
#include "engine/coordination/recent.hpp"

namespace odeon::identity {

struct Person {
  std::string account_id;
  std::string mail;     // empty if they have none
  std::string product;  // that the credentials were made for
  std::vector<std::string> scopes;
};

// A bounded table that forgets what was not used for long. Thread-safe.
template <class Value>
class RecentTable {
 public:
  explicit RecentTable(std::size_t max_entries) : max_per_shard_(max_entries / kShards) {}

  std::optional<Value> find(std::string_view key) {
    const coordination::Name name(key);
    auto& shard = shard_of(name);
    std::lock_guard lock(shard.mutex);
    const auto entry = shard.map.use(name);
    return entry == shard.map.end() ? std::nullopt : std::optional(entry->value);
  }

  void put(std::string key, Value value) {
    const coordination::Name name(key);
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
    const coordination::Name name(key);
    auto& shard = shard_of(name);
    std::lock_guard lock(shard.mutex);
    if (const auto entry = shard.map.use(name); entry != shard.map.end()) shard.map.erase(entry);
  }

 private:
  static constexpr std::size_t kShards = 16;
  struct Shard {
    std::mutex mutex;
    coordination::RecentMap<Value> map;
  };
  Shard& shard_of(const coordination::Name& name) { return shards_[(name.hash >> 7) % kShards]; }

  std::array<Shard, kShards> shards_;
  std::size_t max_per_shard_;
};

class Liveness {
 public:
  static constexpr Micros max_age = std::chrono::milliseconds(900);

  // What `look` found less than `max_age` before `now`, else what it finds. Nobody is not remembered.
  Task<std::optional<Person>> person(std::string key, Instant now, std::function<Task<std::optional<Person>>()> look) {
    if (auto seen = table_.find(key); seen && now - seen->at < max_age && now >= seen->at)
      co_return std::move(seen->person);
    auto person = co_await look();
    if (person)
      table_.put(std::move(key), {*person, now});
    else
      table_.forget(key);
    co_return person;
  }
  void forget(std::string_view key) { table_.forget(key); }

 private:
  struct Seen {
    Person person;
    Instant at;
  };
  RecentTable<Seen> table_{16 * 1024};
};

}  // namespace odeon::identity

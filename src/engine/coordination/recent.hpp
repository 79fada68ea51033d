// A hash map that knows in which order its entries were last used: what bounded tables are made of.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace odeon::coordination {

// A key and its hash, computed once per call: it picks the shard, then the bucket. `kind` tells equal
// keys apart.
struct Name {
  explicit Name(std::string_view key, std::int64_t of_kind = 0)
      : text(key), kind(of_kind), hash(std::hash<std::string_view>()(key) ^ static_cast<std::size_t>(of_kind)) {}
  bool operator==(const Name& other) const { return kind == other.kind && text == other.text; }
  std::string_view text;
  std::int64_t kind;
  std::size_t hash;
};

struct NameHash {
  std::size_t operator()(const Name& name) const noexcept { return name.hash; }
};

// Not thread-safe.
template <class Value>
class RecentMap {
 public:
  struct Entry {
    std::string key;
    std::int64_t kind;
    Value value;
  };
  using iterator = typename std::list<Entry>::iterator;

  // Least recently used first.
  iterator begin() { return entries_.begin(); }
  iterator end() { return entries_.end(); }
  std::size_t size() const { return entries_.size(); }

  // The entry, which is now the most recently used one; end() if there is none.
  iterator use(const Name& name) {
    const auto found = index_.find(name);
    if (found == index_.end()) return entries_.end();
    entries_.splice(entries_.end(), entries_, found->second);
    return found->second;
  }

  // `key` is not in the map yet; `name` is its name.
  iterator add(std::string key, const Name& name, Value value) {
    auto entry = entries_.insert(entries_.end(), Entry{std::move(key), name.kind, std::move(value)});
    Name own = name;
    own.text = entry->key;
    index_.emplace(own, entry);
    return entry;
  }

  // The one after it.
  iterator erase(iterator entry) {
    index_.erase(Name(entry->key, entry->kind));
    return entries_.erase(entry);
  }

 private:
  std::list<Entry> entries_;
  std::unordered_map<Name, iterator, NameHash> index_;  // names point into entries_
};

}  // namespace odeon::coordination

// Feeds as they were written last. Each knows the revision that it tells; what is older is not there.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/bytes.hpp"

namespace odeon::feeds {

// Thread-safe. Holds at most `most_bytes`; what was not asked for the longest goes first.
class FeedCache {
 public:
  explicit FeedCache(std::size_t most_bytes = 16 << 20) : most_bytes_(most_bytes) {}

  // Null if there is none of that revision.
  std::shared_ptr<ReadableObject> find(const std::string& key, std::int64_t revision);
  void keep(const std::string& key, std::int64_t revision, std::shared_ptr<ReadableObject> document);

 private:
  struct Kept {
    std::string key;
    std::int64_t revision = 0;
    std::shared_ptr<ReadableObject> document;
  };
  void drop(std::list<Kept>::iterator at);

  const std::size_t most_bytes_;
  std::mutex mutex_;
  std::list<Kept> newest_first_;
  std::unordered_map<std::string, std::list<Kept>::iterator> by_key_;
  std::size_t bytes_ = 0;
};

}  // namespace odeon::feeds

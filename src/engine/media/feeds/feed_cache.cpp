#include "engine/media/feeds/feed_cache.hpp"

namespace odeon::feeds {

std::shared_ptr<ReadableObject> FeedCache::find(const std::string& key, std::int64_t revision) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end() || found->second->revision != revision) return nullptr;
  newest_first_.splice(newest_first_.begin(), newest_first_, found->second);
  return found->second->document;
}

void FeedCache::keep(const std::string& key, std::int64_t revision, std::shared_ptr<ReadableObject> document) {
  const std::lock_guard lock(mutex_);
  if (const auto before = by_key_.find(key); before != by_key_.end()) drop(before->second);
  bytes_ += document->size();
  newest_first_.push_front({key, revision, std::move(document)});
  by_key_[key] = newest_first_.begin();
  while (bytes_ > most_bytes_) drop(std::prev(newest_first_.end()));
}

void FeedCache::drop(std::list<Kept>::iterator at) {
  bytes_ -= at->document->size();
  by_key_.erase(at->key);
  newest_first_.erase(at);
}

}  // namespace odeon::feeds

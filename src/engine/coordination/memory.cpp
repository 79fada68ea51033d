#include "engine/coordination/cache.hpp"
#include "engine/coordination/coordination.hpp"
#include "engine/coordination/limits.hpp"
#include "engine/coordination/topics.hpp"

namespace odeon::coordination {
namespace {

class Memory final : public Coordination {
 public:
  Memory(MemoryOptions options, const Clock& clock)
      : clock_(clock), limits_(options.max_limited_keys), cache_(options.max_cache_bytes) {}

  Task<Verdict> take(std::string key, Limit limit) override {
    co_return limits_.take(std::move(key), limit, clock_.now());
  }
  Task<void> give_back(std::string key, Limit limit) override {
    limits_.give_back(key, limit, clock_.now());
    co_return;
  }

  Task<std::optional<std::string>> cached(std::string key) override { co_return cache_.get(key, clock_.now()); }

  Task<void> cache(std::string key, std::string value, std::chrono::milliseconds lifetime) override {
    cache_.put(std::move(key), std::move(value), clock_.now() + lifetime);
    co_return;
  }

  Task<void> forget(std::string key) override {
    cache_.forget(key);
    co_return;
  }

  void announce(std::string topic, std::string message) override { topics_.announce(topic, message); }
  std::unique_ptr<Subscription> listen(std::string topic) override { return topics_.listen(std::move(topic)); }

  Task<void> ping() override { co_return; }

 private:
  const Clock& clock_;
  Limits limits_;
  Cache cache_;
  Topics topics_;
};

}  // namespace

std::unique_ptr<Coordination> open_memory(MemoryOptions options, const Clock& clock) {
  return std::make_unique<Memory>(options, clock);
}

}  // namespace odeon::coordination

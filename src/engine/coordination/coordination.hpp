// What nodes agree on quickly and may lose: rate limits, short-lived cached values, announcements.
// In memory for one node, Redis for many. Nothing here is durable, nothing here may take the API down:
// when the shared store is away, limits hold per node, the cache is empty and announcements are local.
// All methods are thread-safe.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/task.hpp"
#include "base/time.hpp"

namespace odeon::coordination {

// At most `limit` accepted calls in any `window`, by the sliding-window counter: the previous window's
// count weighs by how much of it still lies inside. Error at worst a few percent, never more than
// `limit` within one aligned window. One key may be counted over several windows: each counts apart.
// A limit below 1 lets nothing through; windows are at least a second.
struct Limit {
  std::int64_t limit = 0;
  std::chrono::seconds window{60};
};

struct Verdict {
  bool allowed = false;
  std::int64_t limit = 0;
  std::int64_t remaining = 0;
  std::chrono::seconds reset{0};        // until the window's count is back to none
  std::chrono::seconds retry_after{0};  // until the next call may pass; 0 when allowed
};

// What is heard on a topic, from when it was made until it is destroyed. Used from one task.
class Subscription {
 public:
  virtual ~Subscription() = default;
  // The next announcement; waits for it. A listener that falls more than 256 behind loses the oldest:
  // announcements say "look again", they do not carry the truth.
  virtual Task<std::string> next() = 0;
};

class Flights;

class Coordination {
 public:
  Coordination();
  virtual ~Coordination();
  Coordination(const Coordination&) = delete;
  Coordination& operator=(const Coordination&) = delete;

  // Counts one call against `key`, atomically over all nodes. A refused call is not counted.
  virtual Task<Verdict> take(std::string key, Limit limit) = 0;
  // One call that was counted a moment ago came to nothing: it counts no more, unless its window is over.
  virtual Task<void> give_back(std::string key, Limit limit) = 0;

  virtual Task<std::optional<std::string>> cached(std::string key) = 0;
  virtual Task<void> cache(std::string key, std::string value, std::chrono::milliseconds lifetime) = 0;
  virtual Task<void> forget(std::string key) = 0;

  virtual void announce(std::string topic, std::string message) = 0;
  virtual std::unique_ptr<Subscription> listen(std::string topic) = 0;

  // Throws Error{unavailable} when the shared store is away: for /health.
  virtual Task<void> ping() = 0;

 private:
  friend Task<std::string> cached_or(Coordination&, std::string, std::chrono::milliseconds,
                                     std::function<Task<std::string>()>);
  std::shared_ptr<Flights> flights_;  // what cached_or is making on this node now
};

// `make` runs once for all who ask for `key` on this node meanwhile, on whatever loop; its result is
// cached. If it throws, all who wait get that failure and nothing is cached. If the caller whose `make`
// runs is cancelled, one of those who wait takes over with its own. `make` must not ask for `key` itself.
Task<std::string> cached_or(Coordination& coordination, std::string key, std::chrono::milliseconds lifetime,
                            std::function<Task<std::string>()> make);

struct MemoryOptions {
  std::size_t max_cache_bytes = 32 * 1024 * 1024;  // least recently used goes first
  std::size_t max_limited_keys = 1'000'000;
};
std::unique_ptr<Coordination> open_memory(MemoryOptions options, const Clock& clock);

}  // namespace odeon::coordination

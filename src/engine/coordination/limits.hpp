// Sliding-window counters of this node.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "engine/coordination/coordination.hpp"
#include "engine/coordination/recent.hpp"

namespace odeon::coordination {

// Accepted calls of the aligned window `index` (time divided by the window) and of the one before.
struct Window {
  std::int64_t index = 0;
  std::int64_t previous = 0;
  std::int64_t current = 0;
};

// A window in microseconds, of a second at least.
std::int64_t window_length(std::chrono::seconds window);

// What a call at `now` is told, which was counted in `window` or refused; `window` is that of `now` or later.
Verdict judge(const Window& window, Limit limit, Instant now, bool counted);

// Counts one call at `now`, if it may pass. A clock that went back counts into the latest window.
Verdict count(Window& window, Limit limit, Instant now);

// One call that was counted in the window of `now` is so no longer.
void discount(Window& window, Limit limit, Instant now);

// Thread-safe. Never holds more than `max_keys`: what counts nothing any more goes first, then what was
// asked for least recently.
class Limits {
 public:
  explicit Limits(std::size_t max_keys);
  Verdict take(std::string key, Limit limit, Instant now);
  void give_back(std::string_view key, Limit limit, Instant now);
  std::size_t size() const;

 private:
  struct alignas(64) Shard {
    mutable std::mutex mutex;
    RecentMap<Window> counters;  // the kind of a name is the length of the window
  };
  void make_room(Shard& shard, Instant now) const;

  std::vector<Shard> shards_;
  std::size_t keys_per_shard_;
};

}  // namespace odeon::coordination

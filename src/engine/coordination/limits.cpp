#include "engine/coordination/limits.hpp"

#include <algorithm>
#include <bit>

namespace odeon::coordination {
namespace {

using std::chrono::seconds;
// Calls times microseconds: a generous limit over a month does not fit 64 bits.
using Wide = __int128;

std::int64_t index_at(Instant now, std::int64_t length) {
  return now.time_since_epoch().count() / length;
}

seconds rounded_up(Wide micros) {
  return seconds(static_cast<std::int64_t>((micros + 999'999) / 1'000'000));
}

// From `elapsed` microseconds into the current window until one more call fits, if none comes meanwhile.
Wide until_next(const Window& window, Wide limit, Wide length, Wide elapsed) {
  if (limit < 1) return length;
  // The share of the window before that may still lie inside, so that one more call fits beside it.
  auto share = [&](Wide room, Wide before) { return std::min(length, room * length / before); };
  if (window.current < limit) return length - share(limit - window.current - 1, window.previous) - elapsed;
  return length - elapsed + length - share(limit - 1, window.current);
}

// Calls times microseconds that weigh at `elapsed`.
Wide used(const Window& window, Wide length, Wide elapsed) {
  return window.previous * (length - elapsed) + Wide(window.current) * length;
}

Wide elapsed_at(const Window& window, Instant now, std::int64_t length) {
  return index_at(now, length) < window.index ? 0 : now.time_since_epoch().count() - Wide(window.index) * length;
}

}  // namespace

std::int64_t window_length(seconds window) {
  return Micros(std::max(window, seconds(1))).count();
}

Verdict judge(const Window& window, Limit limit, Instant now, bool counted) {
  const std::int64_t length = window_length(limit.window);
  const Wide elapsed = elapsed_at(window, now, length);
  Verdict verdict{.allowed = counted, .limit = limit.limit};
  if (!counted)
    verdict.retry_after = std::max(seconds(1), rounded_up(until_next(window, limit.limit, length, elapsed)));
  const Wide left = Wide(limit.limit) * length - used(window, length, elapsed);
  verdict.remaining = static_cast<std::int64_t>(std::max<Wide>(0, left) / length);
  if (window.current > 0)
    verdict.reset = rounded_up(2 * Wide(length) - elapsed);
  else if (window.previous > 0)
    verdict.reset = rounded_up(length - elapsed);
  return verdict;
}

Verdict count(Window& window, Limit limit, Instant now) {
  const std::int64_t length = window_length(limit.window);
  const std::int64_t index = index_at(now, length);
  if (index > window.index) {
    window.previous = index == window.index + 1 ? window.current : 0;
    window.current = 0;
    window.index = index;
  }
  const Wide after = used(window, length, elapsed_at(window, now, length)) + length;
  const bool fits = limit.limit > 0 && after <= Wide(limit.limit) * length;
  window.current += fits;
  return judge(window, limit, now, fits);
}

void discount(Window& window, Limit limit, Instant now) {
  if (window.index == index_at(now, window_length(limit.window)) && window.current > 0) --window.current;
}

Limits::Limits(std::size_t max_keys) : shards_(std::bit_floor(std::clamp<std::size_t>(max_keys / 1024, 1, 64))) {
  keys_per_shard_ = std::max<std::size_t>(1, max_keys / shards_.size());
}

void Limits::make_room(Shard& shard, Instant now) const {
  // A few looks per new key are enough: old counters leave as fast as new ones come.
  auto entry = shard.counters.begin();
  for (int looks = 0; looks < 4 && entry != shard.counters.end(); ++looks) {
    const bool counts = index_at(now, entry->kind) <= entry->value.index + 1;
    entry = counts ? std::next(entry) : shard.counters.erase(entry);
  }
  if (shard.counters.size() >= keys_per_shard_) shard.counters.erase(shard.counters.begin());
}

Verdict Limits::take(std::string key, Limit limit, Instant now) {
  const Name name(key, window_length(limit.window));
  Shard& shard = shards_[(name.hash >> 32) % shards_.size()];
  std::lock_guard lock(shard.mutex);
  auto found = shard.counters.use(name);
  if (found == shard.counters.end()) {
    make_room(shard, now);
    found = shard.counters.add(std::move(key), name, Window{});
  }
  return count(found->value, limit, now);
}

void Limits::give_back(std::string_view key, Limit limit, Instant now) {
  const Name name(key, window_length(limit.window));
  Shard& shard = shards_[(name.hash >> 32) % shards_.size()];
  std::lock_guard lock(shard.mutex);
  if (const auto found = shard.counters.use(name); found != shard.counters.end()) discount(found->value, limit, now);
}

std::size_t Limits::size() const {
  std::size_t total = 0;
  for (const auto& shard : shards_) {
    std::lock_guard lock(shard.mutex);
    total += shard.counters.size();
  }
  return total;
}

}  // namespace odeon::coordination

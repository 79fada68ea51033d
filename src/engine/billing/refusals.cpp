#include "engine/billing/refusals.hpp"

#include <algorithm>

namespace odeon::billing {

std::string Refusals::key(std::string_view user_id, std::string_view product, std::string_view meter) {
  std::string key;
  key.reserve(user_id.size() + product.size() + meter.size() + 2);
  key.append(user_id).append(1, '\n').append(product).append(1, '\n').append(meter);
  return key;
}

std::optional<Refusal> Refusals::find(const std::string& key, std::int64_t amount, Instant now) const {
  const Shard& shard = of(key);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.known.find(key);
  if (found == shard.known.end()) return std::nullopt;
  const auto& [refusal, from, until] = found->second;
  const bool holds = from <= now && now < until && amount > refusal.limit - refusal.used;
  return holds ? std::optional(refusal) : std::nullopt;
}

std::uint64_t Refusals::moment(const std::string& key) const {
  const Shard& shard = of(key);
  const std::lock_guard lock(shard.mutex);
  return shard.moment;
}

void Refusals::keep(const std::string& key, Refusal refusal, std::uint64_t moment, Instant now) {
  Instant until = now + remembered;
  if (refusal.resets_at) until = std::min(until, *refusal.resets_at);
  Shard& shard = of(key);
  const std::lock_guard lock(shard.mutex);
  if (shard.moment != moment) return;
  if (shard.known.size() >= most / shards_.size()) {
    std::erase_if(shard.known, [now](const auto& each) { return each.second.until <= now; });
    if (shard.known.size() >= most / shards_.size()) shard.known.clear();
  }
  shard.known.insert_or_assign(key, Known{std::move(refusal), now, until});
}

void Refusals::forget(const std::string& key) {
  Shard& shard = of(key);
  const std::lock_guard lock(shard.mutex);
  ++shard.moment;
  shard.known.erase(key);
}

}  // namespace odeon::billing

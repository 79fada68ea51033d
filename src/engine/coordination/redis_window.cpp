#include "engine/coordination/redis_window.hpp"

#include <openssl/evp.h>

#include "base/crypto.hpp"
#include "engine/coordination/limits.hpp"

namespace odeon::coordination::redis {
namespace {

// Keeps "index previous current" under the key: the aligned window and the accepted calls of it and of the
// one before. Told: this window's index, what is left of it, its length (microseconds), the limit, and how
// long the counter can matter (milliseconds). A caller behind the counter counts into the latest window.
constexpr std::string_view kScript = R"(
local index, left, length, limit = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local at, previous, current = index, 0, 0
local a, p, c = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+) (%d+) (%d+)$')
if a then at, previous, current = tonumber(a), tonumber(p), tonumber(c) end
if index > at then
  previous = index == at + 1 and current or 0
  at, current = index, 0
elseif index < at then
  left = length
end
local allowed = limit >= 1 and previous * left + (current + 1) * length <= limit * length
if allowed then
  current = current + 1
  redis.call('SET', KEYS[1], string.format('%.0f %.0f %.0f', at, previous, current), 'PX', ARGV[5])
end
return {allowed and 1 or 0, at, previous, current}
)";

// One call less in the window that it is now, told as above.
constexpr std::string_view kBackScript = R"(
local at, previous, current = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+) (%d+) (%d+)$')
if at ~= ARGV[1] or tonumber(current) < 1 then return 0 end
redis.call('SET', KEYS[1], string.format('%s %s %.0f', at, previous, tonumber(current) - 1), 'PX', ARGV[5])
return 1
)";

const std::string& script_digest() {
  static const std::string digest = [] {
    std::string bytes(20, '\0');
    EVP_Digest(kScript.data(), kScript.size(), reinterpret_cast<unsigned char*>(bytes.data()), nullptr, EVP_sha1(),
               nullptr);
    return crypto::to_hex(bytes);
  }();
  return digest;
}

}  // namespace

Counting::Counting(std::string_view prefix, std::string_view key, Limit limit, Instant now) : limit_(limit), now_(now) {
  const std::int64_t length = window_length(limit.window);
  const std::int64_t at = now.time_since_epoch().count();
  key_ = fmt::format("{}limit:{}:{}", prefix, length / 1'000'000, key);
  index_ = at / length;
  arguments_ = {std::to_string(index_), std::to_string(length - at % length), std::to_string(length),
                std::to_string(limit.limit), std::to_string(2 * length / 1000)};
}

std::string Counting::with(std::string_view verb, std::string_view script) const {
  std::vector<std::string> parts{std::string(verb), std::string(script), "1", key_};
  parts.insert(parts.end(), arguments_.begin(), arguments_.end());
  return command(parts);
}

std::string Counting::by_digest() const {
  return with("EVALSHA", script_digest());
}

std::string Counting::by_text() const {
  return with("EVAL", kScript);
}

std::string Counting::back() const {
  return with("EVAL", kBackScript);
}

std::optional<Verdict> Counting::verdict(const Reply& reply) const {
  if (reply.list.size() != 4) return std::nullopt;
  for (const Reply& part : reply.list)
    if (part.kind != Reply::Kind::integer || part.integer < 0) return std::nullopt;
  const Window window{
      .index = reply.list[1].integer, .previous = reply.list[2].integer, .current = reply.list[3].integer};
  const bool counted = reply.list[0].integer != 0;
  // No server that runs the script says so; whatever did is not to be reckoned with.
  const bool refused_for_nothing = !counted && window.previous == 0 && window.current < limit_.limit;
  if (window.index < index_ || refused_for_nothing) return std::nullopt;
  return judge(window, limit_, now_, counted);
}

}  // namespace odeon::coordination::redis

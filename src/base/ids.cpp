#include "base/ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace odeon {
namespace {

// Sixty bits that never decrease: milliseconds and a twelve-bit counter (RFC 9562 §6.2, method 1).
std::uint64_t next_stamp(const Clock& clock) {
  static std::atomic<std::uint64_t> last{0};
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(clock.now().time_since_epoch()).count();
  const std::uint64_t fresh = static_cast<std::uint64_t>(millis) << 12;
  std::uint64_t before = last.load(std::memory_order_relaxed);
  std::uint64_t stamp = 0;
  do {
    // Another clock (a test's) may be far behind; order is kept per process while clocks agree.
    stamp = before >= fresh && before - fresh < (1U << 22) ? before + 1 : fresh;
  } while (!last.compare_exchange_weak(before, stamp, std::memory_order_relaxed));
  return stamp;
}

using Bytes = std::array<char, 16>;

// That nobody had before. A call of the system for each id would be most of what it costs.
Bytes fresh_bytes() {
  constexpr std::size_t kAtOnce = 64;
  thread_local std::string pool;
  if (pool.empty()) pool = crypto::random_bytes(sizeof(Bytes) * kAtOnce);
  Bytes bytes;
  pool.copy(bytes.data(), bytes.size(), pool.size() - bytes.size());
  pool.resize(pool.size() - bytes.size());
  return bytes;
}

std::array<char, 32> digits(const Clock& clock) {
  const std::uint64_t stamp = next_stamp(clock);
  Bytes bytes = fresh_bytes();
  for (int i = 0; i < 6; ++i) bytes[static_cast<std::size_t>(i)] = static_cast<char>(stamp >> (52 - 8 * i));
  bytes[6] = static_cast<char>(0x70 | ((stamp >> 8) & 0x0F));
  bytes[7] = static_cast<char>(stamp & 0xFF);
  bytes[8] = static_cast<char>(0x80 | (bytes[8] & 0x3F));
  std::array<char, 32> digits;
  text::write_hex(digits.data(), {bytes.data(), bytes.size()});
  return digits;
}

}  // namespace

std::string new_uuid(const Clock& clock) {
  const auto all = digits(clock);
  std::string_view rest(all.data(), all.size());
  std::string id(36, '-');
  std::size_t at = 0;
  for (const std::size_t length : {8U, 4U, 4U, 4U, 12U}) {
    rest.copy(id.data() + at, length);
    rest.remove_prefix(length);
    at += length + 1;
  }
  return id;
}

std::string new_id(std::string_view prefix, const Clock& clock) {
  const auto all = digits(clock);
  std::string id;
  id.reserve(prefix.size() + 1 + all.size());
  id.append(prefix).append(1, '_').append(all.data(), all.size());
  return id;
}

std::string first_uuid_of(Instant when) {
  const auto millis = std::chrono::floor<std::chrono::milliseconds>(when).time_since_epoch().count();
  const std::string digits = fmt::format("{:012x}", std::max<std::int64_t>(millis, 0));
  return digits.substr(0, 8) + '-' + digits.substr(8) + "-0000-0000-000000000000";
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (hyphen ? c != '-' : !hex) return false;
  }
  return true;
}

}  // namespace odeon

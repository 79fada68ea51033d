#include "base/trace.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace odeon {
namespace {

constexpr std::size_t kSize = 55;  // of a traceparent of version 00

void append_hex(std::string& out, std::uint64_t number) {
  std::array<char, 8> bytes;
  for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte, number >>= 8) *byte = static_cast<char>(number);
  std::array<char, 16> digits;
  text::write_hex(digits.data(), {bytes.data(), bytes.size()});
  out.append(digits.data(), digits.size());
}

// At most 16 digits; upper-case ones are none.
std::optional<std::uint64_t> read_hex(std::string_view text) {
  std::uint64_t number = 0;
  for (const char c : text) {
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_digit && !(c >= 'a' && c <= 'f')) return std::nullopt;
    number = number << 4 | static_cast<std::uint64_t>(is_digit ? c - '0' : c - 'a' + 10);
  }
  return number;
}

}  // namespace

std::string hex_id(std::uint64_t id) {
  std::string out;
  append_hex(out, id);
  return out;
}

std::string TraceContext::trace_id() const {
  std::string out;
  out.reserve(32);
  append_hex(out, trace_high);
  append_hex(out, trace_low);
  return out;
}

std::string TraceContext::span_id() const {
  return hex_id(span);
}

std::string TraceContext::traceparent() const {
  std::string out;
  if (!valid()) return out;
  out.reserve(kSize);
  out = "00-";
  append_hex(out, trace_high);
  append_hex(out, trace_low);
  out += '-';
  append_hex(out, span);
  out += sampled ? "-01" : "-00";
  return out;
}

std::optional<TraceContext> TraceContext::parse(std::string_view header) {
  if (header.size() < kSize || header[2] != '-' || header[35] != '-' || header[52] != '-') return std::nullopt;
  const auto version = read_hex(header.substr(0, 2)), high = read_hex(header.substr(3, 16)),
             low = read_hex(header.substr(19, 16)), parent = read_hex(header.substr(36, 16)),
             flags = read_hex(header.substr(53, 2));
  if (!version || !high || !low || !parent || !flags || *version == 0xff) return std::nullopt;
  if (header.size() > kSize && (*version == 0 || header[kSize] != '-')) return std::nullopt;
  const TraceContext context{*high, *low, *parent, (*flags & 1) != 0};
  if (!context.valid()) return std::nullopt;
  return context;
}

TraceIds::TraceIds() {
  const std::string seed = crypto::random_bytes(sizeof state_);
  std::memcpy(state_.data(), seed.data(), sizeof state_);
}

// xoshiro256++ (Blackman and Vigna).
std::uint64_t TraceIds::next() {
  auto& [a, b, c, d] = state_;
  const std::uint64_t result = std::rotl(a + d, 23) + a;
  const std::uint64_t shifted = b << 17;
  c ^= a;
  d ^= b;
  b ^= c;
  a ^= d;
  c ^= shifted;
  d = std::rotl(d, 45);
  return result;
}

TraceContext TraceIds::child(const TraceContext& parent) {
  TraceContext context = parent;
  if (!parent.valid()) context = {next(), next() | 1, 0, false};  // never all zero
  context.span = next() | 1;
  return context;
}

Spans::Spans(SpansOptions options, Metrics& metrics)
    : options_(options),
      dropped_(metrics.counter("odeon_spans_dropped_total", "Spans that were not exported.", {{"reason", "full"}})) {}

TraceContext Spans::begin(const TraceContext& parent) {
  std::unique_lock lock(mutex_);
  TraceContext context = ids_.child(parent);
  lock.unlock();
  if (!parent.valid()) context.sampled = samples(context);
  return context;
}

bool Spans::samples(const TraceContext& context) const {
  constexpr double kSteps = 1ULL << 53;  // as many as a double tells apart
  return enabled() && static_cast<double>(context.trace_low >> 11) < options_.ratio * kSteps;
}

void Spans::end(Span span) {
  if (!enabled()) return;
  {
    const std::lock_guard lock(mutex_);
    if (ended_.size() < options_.capacity) {
      ended_.push_back(std::move(span));
      return;
    }
  }
  dropped_->add();
}

std::vector<Span> Spans::take(std::size_t most) {
  const std::lock_guard lock(mutex_);
  const auto last = ended_.begin() + static_cast<std::ptrdiff_t>(std::min(most, ended_.size()));
  std::vector<Span> taken(std::make_move_iterator(ended_.begin()), std::make_move_iterator(last));
  ended_.erase(ended_.begin(), last);
  return taken;
}

std::size_t Spans::waiting() const {
  const std::lock_guard lock(mutex_);
  return ended_.size();
}

}  // namespace odeon

#include "engine/http/trace.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/crypto.hpp"

namespace odeon::http {
namespace {

void append_hex(std::string& out, std::uint64_t number) {
  constexpr char digits[] = "0123456789abcdef";
  for (int shift = 60; shift >= 0; shift -= 4) out += digits[(number >> shift) & 15];
}

bool is_lower_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_zero(std::string_view text) {
  return text.find_first_not_of('0') == std::string_view::npos;
}

}  // namespace

std::optional<TraceParent> parse_trace_parent(std::string_view header) {
  if (header.size() < 55 || header[2] != '-' || header[35] != '-' || header[52] != '-') return std::nullopt;
  const std::string_view version = header.substr(0, 2), trace = header.substr(3, 32), parent = header.substr(36, 16),
                         flags = header.substr(53, 2);
  if (!is_lower_hex(version) || !is_lower_hex(trace) || !is_lower_hex(parent) || !is_lower_hex(flags))
    return std::nullopt;
  if (version == "ff" || is_zero(trace) || is_zero(parent)) return std::nullopt;
  if (header.size() > 55 && (version == "00" || header[55] != '-')) return std::nullopt;
  return TraceParent{trace, flags};
}

bool is_sane_id(std::string_view id) {
  return !id.empty() && id.size() <= 128 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
}

Tracer::Tracer() {
  const std::string seed = crypto::random_bytes(sizeof state_);
  std::memcpy(state_.data(), seed.data(), sizeof state_);
}

// xoshiro256++ (Blackman and Vigna).
std::uint64_t Tracer::next() {
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

void Tracer::identify(Request& request) {
  const std::string_view given = request.headers.get("x-request-id");
  const auto parent = parse_trace_parent(request.headers.get("traceparent"));
  const std::uint64_t high = next(), low = next() | 1;  // never all zero
  if (is_sane_id(given)) {
    request.id = given;
  } else {
    request.id.reserve(32);
    append_hex(request.id, high);
    append_hex(request.id, low);
  }
  request.trace.reserve(55);
  request.trace = "00-";
  if (parent) {
    request.trace += parent->trace_id;
  } else {
    append_hex(request.trace, high);
    append_hex(request.trace, low);
  }
  request.trace += '-';
  append_hex(request.trace, next() | 1);
  request.trace += '-';
  request.trace += parent ? parent->flags : std::string_view("00");
}

}  // namespace odeon::http

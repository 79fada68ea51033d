// Request ids and W3C trace context (https://www.w3.org/TR/trace-context/).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/http/message.hpp"

namespace odeon::http {

// What a valid `traceparent` of version 00, or of a later one that starts alike, says.
struct TraceParent {
  std::string_view trace_id;  // 32 hexadecimal digits
  std::string_view flags;     // 2
};
std::optional<TraceParent> parse_trace_parent(std::string_view header);

// A request id that may be logged as it stands: 1 to 128 letters, digits, '.', '_' and '-'.
bool is_sane_id(std::string_view id);

// Gives requests their ids. Quick rather than secret: ids are unique, not unguessable. Not thread-safe.
class Tracer {
 public:
  Tracer();
  // Sets `id` (from X-Request-Id if that is sane) and `trace` (continuing the client's, if it has one).
  void identify(Request& request);

 private:
  std::uint64_t next();
  std::array<std::uint64_t, 4> state_;
};

}  // namespace odeon::http

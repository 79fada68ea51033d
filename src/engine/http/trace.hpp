// Whose part a request is: its id, and its place in a trace.
#pragma once

#include <string_view>

#include "base/trace.hpp"
#include "engine/http/message.hpp"
#include "engine/http/pipeline.hpp"

namespace odeon::http {

// A request id that may be logged as it stands: 1 to 128 letters, digits, '.', '_' and '-'.
bool is_sane_id(std::string_view id);

// Gives requests their ids. Not thread-safe.
class Tracer {
 public:
  // Sets `id` (from X-Request-Id if that is sane), `trace` and `trace_parent` (continuing the client's trace, if it
  // has one; otherwise the first of a new one, not sampled).
  void identify(Request& request);

 private:
  TraceIds ids_;
};

// A span for every answer, "GET /api/briefings/{id}", with OpenTelemetry's names for what HTTP says. It ends with the
// answer's header. Decides which traces that begin here are sampled, so it stands before what passes the trace on.
Step trace_requests(Spans& spans, const Clock& clock);

}  // namespace odeon::http

// Distributed traces: whose part a piece of work is (W3C Trace Context, https://www.w3.org/TR/trace-context/),
// and the spans that tell how long it took. Contexts are passed on explicitly, in requests, jobs and calls.
//
//   const TraceContext context = spans.begin(job.trace);
//   ... the work, which passes `context` on ...
//   if (spans.wants(context)) spans.end({.context = context, .parent = job.trace.span, .name = "bake", ...});
//
// Attributes never hold secrets, mail addresses, prompts, query strings or raw paths.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/metrics.hpp"
#include "base/time.hpp"

namespace odeon {

// A place in a trace. Not valid, and part of nothing, while an id is zero.
struct TraceContext {
  std::uint64_t trace_high = 0, trace_low = 0;
  std::uint64_t span = 0;
  bool sampled = false;  // whoever began the trace wants to see it

  bool valid() const { return (trace_high | trace_low) != 0 && span != 0; }
  std::string trace_id() const;     // 32 lower-case hexadecimal digits
  std::string span_id() const;      // 16
  std::string traceparent() const;  // version 00; empty if not valid
  // What a valid header of version 00 says, or of a later one that starts alike. Flags but the first are dropped.
  static std::optional<TraceContext> parse(std::string_view traceparent);
  bool operator==(const TraceContext&) const = default;
};
// The 16 digits of one half of a trace id, or of a span id.
std::string hex_id(std::uint64_t id);

// Ids that are unique, not unguessable. Quick (xoshiro256++), not thread-safe.
class TraceIds {
 public:
  TraceIds();
  std::uint64_t next();
  // A span below `parent`; without a valid one the first of a new trace, not sampled.
  TraceContext child(const TraceContext& parent);

 private:
  std::array<std::uint64_t, 4> state_;
};

// A piece of work that has ended.
struct Span {
  enum class Kind { internal = 1, server = 2, client = 3, consumer = 5 };  // as OTLP counts them
  using Value = std::variant<std::string, std::int64_t>;

  TraceContext context;
  std::uint64_t parent = 0;  // span id; 0: the trace begins here
  std::string name;          // of few different ones: a template, never an address
  Kind kind = Kind::internal;
  Instant start, end;
  std::vector<std::pair<std::string_view, Value>> attributes;  // the names live for ever
  bool failed = false;
};

struct SpansOptions {
  double ratio = 1;             // 0–1: of the traces that begin here, so many are sampled
  std::size_t capacity = 8192;  // spans that wait to be taken; about 700 bytes each
};

// Where ended spans wait for an exporter. Thread-safe, and waits for nothing but a short lock.
class Spans {
 public:
  // Without an exporter: wants nothing, keeps nothing.
  Spans() = default;
  // Spans that find no room are left out and counted in `odeon_spans_dropped_total`.
  Spans(SpansOptions options, Metrics& metrics);

  bool enabled() const { return dropped_.has_value(); }
  // Whether the span of `context` is to be handed in.
  bool wants(const TraceContext& context) const { return enabled() && context.sampled; }
  // A place below `parent`; without a valid one, the first of a new trace, sampled by the ratio.
  TraceContext begin(const TraceContext& parent);
  // Whether a trace that begins here is sampled: the same answer on every node, for its id decides.
  bool samples(const TraceContext& context) const;

  void end(Span span);
  // The oldest, at most so many.
  std::vector<Span> take(std::size_t most);
  std::size_t waiting() const;

 private:
  SpansOptions options_;
  std::optional<Metrics::Counter> dropped_;
  mutable std::mutex mutex_;
  TraceIds ids_;
  std::deque<Span> ended_;
};

}  // namespace odeon

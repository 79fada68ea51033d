#include "engine/http/trace.hpp"

#include <algorithm>

namespace odeon::http {

bool is_sane_id(std::string_view id) {
  return !id.empty() && id.size() <= 128 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
}

void Tracer::identify(Request& request) {
  const auto parent = TraceContext::parse(request.headers.get("traceparent"));
  request.trace = ids_.child(parent.value_or(TraceContext()));
  request.trace_parent = parent ? parent->span : 0;
  const std::string_view given = request.headers.get("x-request-id");
  if (is_sane_id(given))
    request.id = given;
  else  // many requests share a trace that their client began, but none an id
    request.id = parent ? TraceContext{ids_.next(), ids_.next(), 0}.trace_id() : request.trace.trace_id();
}

namespace {

Span span_of(const Request& request, const Response& response) {
  const bool known = request.method != Method::other;
  Span span{.context = request.trace,
            .parent = request.trace_parent,
            .name = std::string(known ? name_of(request.method) : "HTTP"),
            .kind = Span::Kind::server,
            .failed = response.status >= 500};
  auto& attributes = span.attributes;
  attributes.reserve(5);
  attributes.emplace_back("http.request.method", std::string(known ? name_of(request.method) : "_OTHER"));
  attributes.emplace_back("url.scheme", request.scheme);
  attributes.emplace_back("http.response.status_code", std::int64_t{response.status});
  if (span.failed) attributes.emplace_back("error.type", std::to_string(response.status));
  if (!request.route.empty()) {
    span.name.append(" ").append(request.route);
    attributes.emplace_back("http.route", request.route);
  }
  return span;
}

}  // namespace

Step trace_requests(Spans& spans, const Clock& clock) {
  Step step{.name = "trace"};
  if (!spans.enabled()) return step;
  step.before = [&spans](Request& request) -> std::optional<Response> {
    if (request.trace_parent == 0) request.trace.sampled = spans.samples(request.trace);
    return std::nullopt;
  };
  step.after = [&spans, &clock](const Request& request, Response& response, Elapsed elapsed) {
    if (!spans.wants(request.trace)) return;
    Span span = span_of(request, response);
    span.end = clock.now();
    span.start = span.end - std::chrono::duration_cast<Micros>(elapsed);
    spans.end(std::move(span));
  };
  return step;
}

}  // namespace odeon::http

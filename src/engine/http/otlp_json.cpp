#include "base/json.hpp"
#include "base/text.hpp"
#include "engine/http/otlp.hpp"

namespace odeon::http {
namespace {

// 64-bit integers are decimal text in the JSON of protocol buffers.
json::object value_of(const Span::Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return {{"intValue", std::to_string(*number)}};
  return {{"stringValue", text::to_valid_utf8(std::get<std::string>(value))}};
}

json::object attribute(std::string_view key, const Span::Value& value) {
  return {{"key", key}, {"value", value_of(value)}};
}

std::string nanoseconds(Instant when) {
  return std::to_string(std::chrono::nanoseconds(when.time_since_epoch()).count());
}

json::object span_json(const Span& span) {
  constexpr int kError = 2;
  json::object out{{"traceId", span.context.trace_id()},           {"spanId", span.context.span_id()},
                   {"name", text::to_valid_utf8(span.name)},       {"kind", static_cast<int>(span.kind)},
                   {"startTimeUnixNano", nanoseconds(span.start)}, {"endTimeUnixNano", nanoseconds(span.end)}};
  if (span.parent != 0) out["parentSpanId"] = hex_id(span.parent);
  if (span.failed) out["status"] = json::object{{"code", kError}};
  if (span.attributes.empty()) return out;
  json::array attributes;
  attributes.reserve(span.attributes.size());
  for (const auto& [key, value] : span.attributes) attributes.push_back(attribute(key, value));
  out["attributes"] = std::move(attributes);
  return out;
}

}  // namespace

std::string otlp_json(std::span<const Span> spans, std::string_view service) {
  json::array list;
  list.reserve(spans.size());
  for (const auto& span : spans) list.push_back(span_json(span));
  const json::object scope{{"scope", {{"name", "odeon"}}}, {"spans", std::move(list)}};
  const json::object resource{{"attributes", json::array{attribute("service.name", std::string(service))}}};
  return json::write(json::value{
      {"resourceSpans", json::array{json::object{{"resource", resource}, {"scopeSpans", json::array{scope}}}}}});
}

}  // namespace odeon::http

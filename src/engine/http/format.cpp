#include "engine/http/format.hpp"

namespace odeon::http {

unsigned status_of(Fault fault) {
  switch (fault) {
    case Fault::invalid:
      return 400;
    case Fault::unauthenticated:
      return 401;
    case Fault::payment_required:
      return 402;
    case Fault::forbidden:
      return 403;
    case Fault::not_found:
      return 404;
    case Fault::method_not_allowed:
      return 405;
    case Fault::not_acceptable:
      return 406;
    case Fault::slow_request:
      return 408;
    case Fault::timeout:
      return 504;
    case Fault::conflict:
      return 409;
    case Fault::gone:
      return 410;
    case Fault::precondition_failed:
      return 412;
    case Fault::too_large:
      return 413;
    case Fault::unsupported_type:
      return 415;
    case Fault::range_not_satisfiable:
      return 416;
    case Fault::rate_limited:
      return 429;
    case Fault::headers_too_large:
      return 431;
    case Fault::internal:
      return 500;
    case Fault::upstream:
      return 502;
    case Fault::unavailable:
      return 503;
  }
  return 500;
}

namespace {

void append_member(std::string& out, std::string_view name, const auto& value) {
  out += ",\"";
  out += name;
  out += "\":";
  json::append(out, value);
}

// What is the same in all shapes.
void append_ways_on(std::string& out, const Error& error, std::string_view request_id) {
  if (error.retry_after) append_member(out, "retry_after", error.retry_after->count());
  if (!error.upgrade_url.empty()) append_member(out, "upgrade_url", error.upgrade_url);
  if (!error.fallback_action.empty()) append_member(out, "fallback_action", error.fallback_action);
  if (error.fault == Fault::internal) append_member(out, "request_id", request_id);
}

}  // namespace

void append_failure_members(std::string& out, const Error& error, std::string_view request_id) {
  auto member = [&](std::string_view name, const auto& value) { append_member(out, name, value); };
  out += "\"code\":";
  json::append_quoted(out, error.code);
  member("message", error.message);
  if (!error.fields.empty()) {
    out += ",\"details\":[";
    for (const auto& field : error.fields) {
      if (&field != &error.fields.front()) out += ',';
      out += "{\"field\":";
      json::append_quoted(out, field.path);
      member("code", field.code);
      member("message", field.message);
      out += '}';
    }
    out += ']';
  }
  append_ways_on(out, error, request_id);
}

json::object failure_members_schema() {
  return json::parse(R"({
    "type": "object", "required": ["code", "message"],
    "properties": {
      "code": {"type": "string", "description": "stable, for programs"},
      "message": {"type": "string", "description": "what to do, for people"},
      "details": {"type": "array", "items": {"type": "object", "required": ["field", "code", "message"],
        "properties": {"field": {"type": "string"}, "code": {"type": "string"}, "message": {"type": "string"}}}},
      "retry_after": {"type": "integer", "description": "seconds"},
      "upgrade_url": {"type": "string"},
      "fallback_action": {"type": "string"},
      "request_id": {"type": "string"}
    }})")
      .as_object();
}

std::string FlatFormat::failure(const Error& error, const FormatContext& context) const {
  std::string out = "{\"error\":";
  json::append_quoted(out, error.message);
  append_member(out, "code", error.code);
  if (!error.fields.empty()) {
    json::object details;  // the first fault of each field
    for (const auto& field : error.fields) details.emplace(field.path, field.message);
    append_member(out, "details", details);
  }
  append_ways_on(out, error, context.request_id);
  return out += '}';
}

json::object FlatFormat::failure_schema() const {
  return json::parse(R"({
    "type": "object", "required": ["error", "code"],
    "properties": {
      "error": {"type": "string", "description": "what to do, for people"},
      "code": {"type": "string", "description": "stable, for programs"},
      "details": {"type": "object", "additionalProperties": {"type": "string"}, "description": "faults by field"},
      "retry_after": {"type": "integer", "description": "seconds"},
      "upgrade_url": {"type": "string"},
      "fallback_action": {"type": "string"},
      "request_id": {"type": "string"}
    }})")
      .as_object();
}

std::string BareFormat::failure(const Error& error, const FormatContext& context) const {
  std::string out = "{\"error\":{";
  append_failure_members(out, error, context.request_id);
  return out += "}}";
}

json::object BareFormat::failure_schema() const {
  return {{"type", "object"},
          {"required", json::array{"error"}},
          {"properties", json::object{{"error", failure_members_schema()}}}};
}

}  // namespace odeon::http

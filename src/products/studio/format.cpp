#include "products/studio/studio.hpp"

namespace odeon::studio {
namespace {

void append_meta(std::string& out, const http::FormatContext& context) {
  out += "\"meta\":{\"request_id\":";
  json::append(out, context.request_id);
  out += ",\"timestamp\":";
  json::append(out, context.now);
  out += "}}";
}

json::object meta_schema() {
  return json::parse(R"({"type": "object", "required": ["request_id", "timestamp"], "properties": {
    "request_id": {"type": "string"}, "timestamp": {"type": "string", "format": "date-time"}}})")
      .as_object();
}

json::object schema(std::string_view name, json::object content) {
  return {{"type", "object"},
          {"required", json::array{name, "meta"}},
          {"properties", json::object{{name, std::move(content)}, {"meta", meta_schema()}}}};
}

// Faults by field, and whatever else tells what to do.
json::object details_of(const Error& error) {
  json::object details;
  if (!error.fields.empty()) {
    json::object fields;
    for (const auto& field : error.fields) fields.emplace(field.path, field.message);
    details["fields"] = std::move(fields);
  }
  if (error.retry_after) details["retry_after"] = error.retry_after->count();
  if (!error.upgrade_url.empty()) details["upgrade_url"] = error.upgrade_url;
  if (!error.fallback_action.empty()) details["fallback_action"] = error.fallback_action;
  return details;
}

}  // namespace

void Format::open(std::string& out, const http::FormatContext&) const {
  out += "{\"data\":";
}

void Format::close(std::string& out, const http::FormatContext& context) const {
  out += ',';
  append_meta(out, context);
}

std::string Format::failure(const Error& error, const http::FormatContext& context) const {
  const auto details = details_of(error);
  std::string out = "{\"error\":{\"message\":";
  json::append_quoted(out, error.message);
  out += ",\"code\":";
  json::append_quoted(out, error.code);
  out += ",\"details\":";
  out += details.empty() ? "null" : json::write(details);
  out += "},";
  append_meta(out, context);
  return out;
}

unsigned Format::status(Fault fault) const {
  return fault == Fault::invalid ? 422 : http::status_of(fault);
}

json::object Format::success_schema(json::object data) const {
  return schema("data", std::move(data));
}

json::object Format::failure_schema() const {
  return schema("error", json::parse(R"({"type": "object", "required": ["message", "code", "details"], "properties": {
    "message": {"type": "string", "description": "what to do, for people"},
    "code": {"type": "string", "description": "stable, for programs"},
    "details": {"anyOf": [{"type": "null"}, {"type": "object", "properties": {
      "fields": {"type": "object", "additionalProperties": {"type": "string"}},
      "retry_after": {"type": "integer", "description": "seconds"},
      "upgrade_url": {"type": "string"}, "fallback_action": {"type": "string"}}}]}}})")
                             .as_object());
}

}  // namespace odeon::studio

#include "products/briefings/briefings.hpp"

namespace odeon::briefings {
namespace {

void append_metadata(std::string& out, const http::FormatContext& context) {
  out += "\"metadata\":{\"version\":\"1.0\",\"timestamp\":";
  json::append(out, context.now);
  out += "}}";
}

json::object metadata_schema() {
  return json::parse(R"({"type": "object", "required": ["version", "timestamp"], "properties": {
    "version": {"type": "string"}, "timestamp": {"type": "string", "format": "date-time"}}})")
      .as_object();
}

json::object envelope_schema(bool success, json::object data, json::object error) {
  return {{"type", "object"},
          {"required", json::array{"success", "data", "error", "metadata"}},
          {"properties", json::object{{"success", json::object{{"type", "boolean"}, {"const", success}}},
                                      {"data", std::move(data)},
                                      {"error", std::move(error)},
                                      {"metadata", metadata_schema()}}}};
}

json::object null_schema() {
  return {{"type", "null"}};
}

}  // namespace

void EnvelopeFormat::open(std::string& out, const http::FormatContext&) const {
  out += "{\"success\":true,\"data\":";
}

void EnvelopeFormat::close(std::string& out, const http::FormatContext& context) const {
  out += ",\"error\":null,";
  append_metadata(out, context);
}

std::string EnvelopeFormat::failure(const Error& error, const http::FormatContext& context) const {
  std::string out = "{\"success\":false,\"data\":null,\"error\":{";
  http::append_failure_members(out, error, context.request_id);
  out += "},";
  append_metadata(out, context);
  return out;
}

json::object EnvelopeFormat::success_schema(json::object data) const {
  return envelope_schema(true, std::move(data), null_schema());
}

json::object EnvelopeFormat::failure_schema() const {
  return envelope_schema(false, null_schema(), http::failure_members_schema());
}

}  // namespace odeon::briefings

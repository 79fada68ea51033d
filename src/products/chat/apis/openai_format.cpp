#include "engine/http/router.hpp"
#include "products/chat/apis/openai_api.hpp"

namespace odeon::chat {
namespace {

std::string_view type_of(Fault fault) {
  switch (fault) {
    case Fault::payment_required:
      return "insufficient_quota";
    case Fault::rate_limited:
      return "requests";
    case Fault::timeout:
    case Fault::internal:
    case Fault::upstream:
    case Fault::unavailable:
      return "server_error";
    default:
      return "invalid_request_error";
  }
}

// What OpenAI's clients look for, where it has a name there.
std::string code_of(const Error& error) {
  if (error.fault == Fault::unauthenticated) return "invalid_api_key";
  if (error.fault == Fault::rate_limited) return "rate_limit_exceeded";
  if (error.code != "VALIDATION_ERROR" || error.fields.empty()) return text::to_lower(error.code);
  const std::string& code = error.fields.front().code;
  if (code == "required") return "missing_required_parameter";
  if (code == "type") return "invalid_type";
  return "invalid_value";
}

// "1s", "6m0s": how they write the time until a window is fresh.
std::string duration(std::chrono::seconds time) {
  const auto seconds = time.count();
  return seconds < 60 ? fmt::format("{}s", seconds) : fmt::format("{}m{}s", seconds / 60, seconds % 60);
}

}  // namespace

std::string OpenAiFormat::failure(const Error& error, const http::FormatContext& context) const {
  json::object told{
      {"message", error.message}, {"type", type_of(error.fault)}, {"param", nullptr}, {"code", code_of(error)}};
  if (!error.fields.empty()) told["param"] = error.fields.front().path;
  if (!error.upgrade_url.empty()) told["upgrade_url"] = error.upgrade_url;
  if (error.fault == Fault::internal && !context.request_id.empty()) told["request_id"] = context.request_id;
  return json::write(json::object{{"error", std::move(told)}});
}

void OpenAiFormat::add_headers(http::Headers& headers, const http::FormatContext&,
                               const http::RateVerdict& rate) const {
  if (rate.limit == 0) return;
  headers.set("x-ratelimit-limit-requests", std::to_string(rate.limit));
  headers.set("x-ratelimit-remaining-requests", std::to_string(rate.remaining));
  headers.set("x-ratelimit-reset-requests", duration(rate.reset));
}

json::object OpenAiFormat::failure_schema() const {
  return json::parse(R"({
    "type": "object", "required": ["error"],
    "properties": {"error": {"type": "object", "required": ["message", "type", "param", "code"], "properties": {
      "message": {"type": "string"},
      "type": {"type": "string"},
      "param": {"type": ["string", "null"], "description": "the field at fault"},
      "code": {"type": ["string", "null"], "description": "stable, for programs"},
      "upgrade_url": {"type": "string"},
      "request_id": {"type": "string"}}}}})")
      .as_object();
}

}  // namespace odeon::chat

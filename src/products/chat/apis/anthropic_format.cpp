#include "engine/http/router.hpp"
#include "products/chat/apis/anthropic_api.hpp"

namespace odeon::chat {
namespace {

std::string_view type_of(Fault fault) {
  switch (fault) {
    case Fault::unauthenticated:
      return "authentication_error";
    case Fault::payment_required:
      return "billing_error";
    case Fault::forbidden:
      return "permission_error";
    case Fault::not_found:
      return "not_found_error";
    case Fault::too_large:
      return "request_too_large";
    case Fault::rate_limited:
      return "rate_limit_error";
    case Fault::slow_request:
    case Fault::timeout:
      return "timeout_error";
    case Fault::unavailable:
      return "overloaded_error";
    case Fault::internal:
    case Fault::upstream:
      return "api_error";
    default:
      return "invalid_request_error";
  }
}

// They name no field but in the sentence.
std::string sentence_of(const Error& error) {
  if (error.fields.empty()) return error.message;
  std::vector<std::string> all;
  for (const auto& field : error.fields) all.push_back(field.path + ": " + field.message);
  return text::join(all, "; ");
}

}  // namespace

std::string AnthropicFormat::failure(const Error& error, const http::FormatContext& context) const {
  json::object told{{"type", type_of(error.fault)}, {"message", sentence_of(error)}};
  if (!error.upgrade_url.empty()) told["upgrade_url"] = error.upgrade_url;
  return json::write(json::object{{"type", "error"}, {"error", std::move(told)}, {"request_id", context.request_id}});
}

void AnthropicFormat::add_headers(http::Headers& headers, const http::FormatContext& context,
                                  const http::RateVerdict& rate) const {
  headers.set("request-id", std::string(context.request_id));
  if (rate.limit == 0) return;
  headers.set("anthropic-ratelimit-requests-limit", std::to_string(rate.limit));
  headers.set("anthropic-ratelimit-requests-remaining", std::to_string(rate.remaining));
  headers.set("anthropic-ratelimit-requests-reset", to_iso8601(context.now + rate.reset));
}

json::object AnthropicFormat::failure_schema() const {
  return json::parse(R"({
    "type": "object", "required": ["type", "error", "request_id"],
    "properties": {
      "type": {"type": "string", "enum": ["error"]},
      "error": {"type": "object", "required": ["type", "message"], "properties": {
        "type": {"type": "string"}, "message": {"type": "string"}, "upgrade_url": {"type": "string"}}},
      "request_id": {"type": "string"}}})")
      .as_object();
}

}  // namespace odeon::chat

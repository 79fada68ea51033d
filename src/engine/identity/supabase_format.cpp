#include <array>

#include "engine/identity/supabase.hpp"

namespace odeon::identity {
namespace {

// Where GoTrue's word for a failure is another than ours in lower case.
constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kGoTrueCodes{{
    {"ACCOUNT_SUSPENDED", "user_banned"},
    {"INTERNAL_ERROR", "unexpected_failure"},
    {"INVALID_JSON", "bad_json"},
    {"INVALID_MAIL", "validation_failed"},
    {"INVALID_TOKEN", "bad_jwt"},
    {"MAIL_SENT_JUST_NOW", "over_email_send_rate_limit"},
    {"MAIL_TAKEN", "user_already_exists"},
    {"METADATA_TOO_LARGE", "validation_failed"},
    {"RATE_LIMITED", "over_request_rate_limit"},
    {"SESSION_ENDED", "session_not_found"},
    {"UNAUTHENTICATED", "no_authorization"},
    {"VALIDATION_ERROR", "validation_failed"},
    {"UNSUPPORTED_GRANT", "validation_failed"},
}};

std::string code_of(const Error& error) {
  const auto* found =
      std::ranges::find(kGoTrueCodes, error.code, &std::pair<std::string_view, std::string_view>::first);
  return found == kGoTrueCodes.end() ? text::to_lower(error.code) : std::string(found->second);
}

std::string message_of(const Error& error) {
  if (error.code != "VALIDATION_ERROR" || error.fields.empty()) return error.message;
  return error.fields.front().path + ": " + error.fields.front().message;
}

class SupabaseFormat final : public http::Format {
 public:
  void open(std::string&, const http::FormatContext&) const override {}
  void close(std::string&, const http::FormatContext&) const override {}

  // GoTrue answers 422 to what it understands and does not take.
  unsigned status(Fault fault) const override { return fault == Fault::not_acceptable ? 422 : http::status_of(fault); }

  std::string failure(const Error& error, const http::FormatContext& context) const override {
    json::object body{{"code", status(error.fault)}, {"error_code", code_of(error)}, {"msg", message_of(error)}};
    if (error.code == "WEAK_PASSWORD") body["weak_password"] = json::object{{"reasons", json::array{"length"}}};
    if (error.fault == Fault::internal) body["error_id"] = context.request_id;
    return json::write(body);
  }

  json::object success_schema(json::object data) const override { return data; }
  json::object failure_schema() const override {
    return json::parse(R"({
      "type": "object", "required": ["code", "error_code", "msg"],
      "properties": {
        "code": {"type": "integer", "description": "the status"},
        "error_code": {"type": "string", "description": "stable, for programs"},
        "msg": {"type": "string", "description": "for people"},
        "weak_password": {"type": "object",
          "properties": {"reasons": {"type": "array", "items": {"type": "string"}}}},
        "error_id": {"type": "string"}
      }})")
        .as_object();
  }
};

}  // namespace

std::unique_ptr<http::Format> supabase_format() {
  return std::make_unique<SupabaseFormat>();
}

}  // namespace odeon::identity

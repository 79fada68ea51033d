#include "engine/http/openapi.hpp"

#include <boost/core/demangle.hpp>
#include <stdexcept>

namespace odeon::http {
namespace {

// What failures look like; no type of a product may have the name.
constexpr std::string_view kErrorAnswer = "ErrorAnswer";

// "/files/{key...}" is "/files/{key}" in OpenAPI.
std::string template_of(std::string_view path) {
  return text::replace_all(std::string(path), "...}", "}");
}

json::object error_answer(const Operation& operation) {
  if (operation.format != nullptr) return operation.format->failure_schema();
  return {{"$ref", fmt::format("#/components/schemas/{}", kErrorAnswer)}};
}

bool is_in_path(std::string_view path, std::string_view name) {
  for (std::string_view next; !(next = next_path_name(path)).empty();)
    if (next == name) return true;
  return false;
}

json::object content(std::string_view type, json::object schema) {
  return {{type, json::object{{"schema", std::move(schema)}}}};
}

void describe_request(json::object& out, const Operation& operation, Schemas& schemas) {
  json::array parameters, required;
  json::object properties;
  for (auto& member : operation.request(schemas)) {
    const bool in_path = is_in_path(operation.info.path, member.name), in_cookie = member.name == operation.info.cookie;
    if (in_path || in_cookie || operation.has_stream || takes_query(operation.info.method) ||
        member.name == operation.info.query) {
      parameters.push_back(json::object{{"name", member.name},
                                        {"in", in_path     ? "path"
                                               : in_cookie ? "cookie"
                                                           : "query"},
                                        {"required", in_path || member.required},
                                        {"schema", std::move(member.schema)}});
      continue;
    }
    if (member.required) required.emplace_back(member.name);
    properties[member.name] = std::move(member.schema);
  }
  for (const auto name : operation.raw_fields)
    parameters.push_back(json::object{
        {"name", name}, {"in", "header"}, {"required", true}, {"schema", json::object{{"type", "string"}}}});
  if (!parameters.empty()) out["parameters"] = std::move(parameters);
  if (!operation.raw_fields.empty() || (operation.has_stream && !takes_query(operation.info.method)))
    out["requestBody"] = json::object{{"required", true}, {"content", content("*/*", json::object())}};
  if (properties.empty()) return;
  json::object schema{{"type", "object"}, {"properties", std::move(properties)}};
  const bool any_required = !required.empty();
  if (any_required) schema["required"] = std::move(required);
  const std::string_view type = operation.has_upload ? "multipart/form-data" : "application/json";
  out["requestBody"] = json::object{{"required", any_required}, {"content", content(type, std::move(schema))}};
}

json::object operation_object(const Operation& operation, const Format& format, Schemas& schemas) {
  json::object out{{"summary", operation.info.summary}};
  if (!operation.info.description.empty()) out["description"] = operation.info.description;
  describe_request(out, operation, schemas);

  json::object success{{"description", operation.status == 101 ? "a WebSocket" : "success"}};
  if (operation.result != nullptr)
    success["content"] = content("application/json", format.success_schema(operation.result(schemas)));
  else if (!operation.content_type.empty() && operation.status != 101)
    success["content"] = content(operation.content_type, {{"type", "string"}});
  json::object responses{{std::to_string(operation.status), std::move(success)}};
  responses["default"] =
      json::object{{"description", "failure"}, {"content", content("application/json", error_answer(operation))}};
  if (operation.info.rate.limit > 0) {
    auto header = [](std::string_view description) {
      return json::object{{"description", description}, {"schema", json::object{{"type", "integer"}}}};
    };
    responses["429"] = json::object{
        {"description",
         fmt::format("more than {} calls in {} s", operation.info.rate.limit, operation.info.rate.window.count())},
        {"headers", json::object{{"Retry-After", header("seconds")},
                                 {"RateLimit-Limit", header("calls in the window")},
                                 {"RateLimit-Remaining", header("calls left")},
                                 {"RateLimit-Reset", header("seconds until the window is fresh")}}},
        {"content", content("application/json", error_answer(operation))}};
  }
  out["responses"] = std::move(responses);
  if (operation.info.auth == Auth::user) out["security"] = json::array{json::object{{"bearer", json::array{}}}};
  if (operation.info.auth == Auth::optional)
    out["security"] = json::array{json::object{}, json::object{{"bearer", json::array{}}}};
  return out;
}

}  // namespace

void Schemas::add(std::string_view name, json::object schema) {
  types_.emplace(name, typeid(void));
  components_[name] = std::move(schema);
}

std::string Schemas::name_of(std::type_index type) {
  std::string name = boost::core::demangle(type.name());
  if (const auto arguments = name.find('<'); arguments != std::string::npos) name.resize(arguments);
  if (const auto scope = name.rfind("::"); scope != std::string::npos) name.erase(0, scope + 2);
  if (types_.emplace(name, type).first->second != type)
    throw std::logic_error(fmt::format("two types of an API document are named {}", name));
  return name;
}

json::object openapi_document(std::string_view title, std::string_view base_path,
                              const std::vector<Operation>& operations, const Format& format) {
  Schemas schemas;
  schemas.add(kErrorAnswer, format.failure_schema());
  json::object paths;
  for (const auto& operation : operations) {
    auto& path = paths[template_of(operation.info.path)];
    if (!path.is_object()) path = json::object();
    path.get_object()[text::to_lower(name_of(operation.info.method))] =
        operation_object(operation, operation.format != nullptr ? *operation.format : format, schemas);
  }
  return {
      {"openapi", "3.1.0"},
      {"info", json::object{{"title", title}, {"version", "1.0"}}},
      {"servers", json::array{json::object{{"url", base_path.empty() ? "/" : base_path}}}},
      {"paths", std::move(paths)},
      {"components", json::object{{"schemas", schemas.components()},
                                  {"securitySchemes",
                                   json::object{{"bearer", json::object{{"type", "http"}, {"scheme", "bearer"}}}}}}}};
}

}  // namespace odeon::http

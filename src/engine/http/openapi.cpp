#include "engine/http/openapi.hpp"

#include <boost/core/demangle.hpp>
#include <set>
#include <stdexcept>

namespace odeon::http {
namespace {

// What failures look like; no type of a product may have the name.
constexpr std::string_view kErrorAnswer = "ErrorAnswer";

constexpr std::string_view kDescription =
    "Sign in and send `Authorization: Bearer TOKEN`. Failures have a stable `code` for programs beside the words for "
    "people; answers that are limited say so in `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset`.";

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
  json::object types;
  if (!operation.files.empty()) types["multipart/form-data"] = json::object{{"schema", schema}};
  if (operation.has_json) {
    for (const auto file : operation.files) schema["properties"].get_object().erase(file);
    types["application/json"] = json::object{{"schema", std::move(schema)}};
  }
  out["requestBody"] = json::object{{"required", any_required}, {"content", std::move(types)}};
}

std::string_view description_of(unsigned status) {
  switch (status) {
    case 101:
      return "a WebSocket";
    case 201:
      return "created";
    case 202:
      return "accepted: the work goes on";
    case 206:
      return "the ranges that were asked for";
    case 304:
      return "not modified";
    case 503:
      return "not available";
    default:
      return "success";
  }
}

// What stands first in a path, beside prefixes: "heroes" of "/api/heroes/{heroId}".
std::string_view subject_of(std::string_view path) {
  for (const auto part : text::split(path, '/'))
    if (!part.empty() && part != "api" && part != "v1" && part.front() != '{') return part;
  return "server";
}

// "getApiHeroesByHeroId"
std::string operation_id(Method method, std::string_view path) {
  std::string id = text::to_lower(name_of(method));
  const auto append = [&id](std::string_view word) {
    bool begins = true;
    for (const char c : word) {
      const bool fits = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
      if (fits) id += begins && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      begins = !fits;
    }
  };
  const std::string whole = template_of(path);
  for (const auto part : text::split(whole, '/')) {
    if (part.starts_with('{')) append("by");
    append(part);
  }
  return id;
}

json::object operation_object(const Operation& operation, const Format& format, Schemas& schemas) {
  json::object out{{"operationId", operation_id(operation.info.method, operation.info.path)},
                   {"summary", operation.info.summary},
                   {"tags", json::array{subject_of(operation.info.path)}}};
  if (!operation.info.description.empty()) out["description"] = operation.info.description;
  describe_request(out, operation, schemas);

  json::object responses;
  for (const unsigned status : operation.statuses) {
    json::object success{{"description", description_of(status)}};
    if (operation.result != nullptr)
      success["content"] = content("application/json", format.success_schema(operation.result(schemas)));
    else if (!operation.content_type.empty() && status != 304)
      success["content"] = content(operation.content_type, {{"type", "string"}});
    responses[std::to_string(status)] = std::move(success);
  }
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
  std::set<std::string_view> subjects;
  for (const auto& operation : operations) {
    subjects.insert(subject_of(operation.info.path));
    auto& path = paths[template_of(operation.info.path)];
    if (!path.is_object()) path = json::object();
    path.get_object()[text::to_lower(name_of(operation.info.method))] =
        operation_object(operation, operation.format != nullptr ? *operation.format : format, schemas);
  }
  json::array tags;
  for (const auto subject : subjects) tags.push_back(json::object{{"name", subject}});
  return {
      {"openapi", "3.1.0"},
      {"info", json::object{{"title", title}, {"version", "1.0"}, {"description", kDescription}}},
      {"servers", json::array{json::object{{"url", base_path.empty() ? "/" : base_path}}}},
      {"tags", std::move(tags)},
      {"paths", std::move(paths)},
      {"components", json::object{{"schemas", schemas.components()},
                                  {"securitySchemes",
                                   json::object{{"bearer", json::object{{"type", "http"}, {"scheme", "bearer"}}}}}}}};
}

}  // namespace odeon::http

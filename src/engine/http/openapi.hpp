// OpenAPI 3.1 from the endpoint declarations: JSON Schemas of the request and result types, limits
// included, and the document of a product.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <typeindex>
#include <vector>

#include "base/json.hpp"
#include "engine/http/endpoint.hpp"
#include "engine/http/format.hpp"

namespace odeon::http {

// Named schemas of a document, collected while its operations are described. Clients are generated from the names: two
// types of one name in one document are a std::logic_error.
class Schemas {
 public:
  // The schema of T; described structs are put under components and referred to.
  template <class T>
  json::object of();

  // The members of a described struct as (name, schema, required), not as a component.
  struct Member {
    std::string name;
    json::object schema;
    bool required = false;
  };
  template <json::Described T>
  std::vector<Member> members();

  // Puts a schema that no type stands for under components.
  void add(std::string_view name, json::object schema);
  const json::object& components() const { return components_; }

 private:
  // Without namespaces and template arguments, and of this type alone.
  std::string name_of(std::type_index type);
  json::object components_;
  std::map<std::string, std::type_index, std::less<>> types_;
};

// What an operation's document is made of; filled by binding.hpp for each mounted endpoint.
struct Operation {
  EndpointInfo info;
  std::vector<Schemas::Member> (*request)(Schemas&) = nullptr;
  std::vector<std::string_view> files = {};       // of the form that it takes; empty: it takes none
  bool has_json = true;                           // takes JSON, where it has a body
  bool has_stream = false;                        // takes its body as it comes, of whatever type
  std::vector<std::string_view> raw_fields = {};  // header fields of a body that is taken as it comes; empty: it is not
  std::vector<unsigned> statuses = {200};         // of the result
  std::string_view content_type = "application/json";  // of the result; empty without a body
  json::object (*result)(Schemas&) = nullptr;          // for JSON
  const Format* format = nullptr;                      // where it is not the document's
};

json::object openapi_document(std::string_view title, std::string_view base_path,
                              const std::vector<Operation>& operations, const Format& format);

// ---- templates -------------------------------------------------------------------------------------

template <json::Described T>
std::vector<Schemas::Member> Schemas::members() {
  std::vector<Member> out;
  json::for_each_member<T>([&](std::string_view name, auto pointer) {
    using M = std::remove_cvref_t<decltype(std::declval<T&>().*pointer)>;
    bool required = !json::is_optional<M> && !json::is_clamped<M> && !std::same_as<M, json::value>;
    if constexpr (json::is_text<M> || json::is_list<M>) required = M::min > 0;
    out.push_back({std::string(name), of<M>(), required});
  });
  return out;
}

template <class T>
json::object Schemas::of() {
  using json::object;
  if constexpr (json::is_optional<T>)
    return of<typename T::value_type>();
  else if constexpr (json::is_nullable<T>)
    return {{"anyOf", json::array{of<typename T::value_type>(), object{{"type", "null"}}}}};
  else if constexpr (std::same_as<T, bool>)
    return {{"type", "boolean"}};
  else if constexpr (json::is_int<T> || json::is_clamped<T>)
    return {{"type", "integer"}, {"minimum", T::min}, {"maximum", T::max}};
  else if constexpr (std::integral<T>)
    return {{"type", "integer"}};
  else if constexpr (std::floating_point<T>)
    return {{"type", "number"}};
  else if constexpr (json::is_text<T>)
    return {{"type", "string"}, {"minLength", T::min}, {"maxLength", T::max}};
  else if constexpr (std::convertible_to<const T&, std::string_view>)
    return {{"type", "string"}};
  else if constexpr (std::same_as<T, Instant>)
    return {{"type", "string"}, {"format", "date-time"}};
  else if constexpr (json::DescribedEnum<T>) {
    json::array names;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
        [&](auto item) { names.emplace_back(json::public_name(item.name)); });
    return {{"type", "string"}, {"enum", std::move(names)}};
  } else if constexpr (json::is_list<T>) {
    return {{"type", "array"}, {"items", of<typename T::value_type>()}, {"minItems", T::min}, {"maxItems", T::max}};
  } else if constexpr (json::is_vector<T>) {
    return {{"type", "array"}, {"items", of<typename T::value_type>()}};
  } else if constexpr (json::is_map<T>) {
    return {{"type", "object"}, {"additionalProperties", of<typename T::mapped_type>()}};
  } else if constexpr (std::same_as<T, json::value>) {
    return {};
  } else if constexpr (std::same_as<T, json::object>) {
    return {{"type", "object"}};
  } else if constexpr (std::same_as<T, Upload>) {
    // What clients send of it; `format` is for those that only know OpenAPI 3.0.
    return {{"type", "string"}, {"format", "binary"}, {"contentMediaType", "application/octet-stream"}};
  } else {
    const std::string name = name_of(typeid(T));
    if (!components_.contains(name)) {
      components_[name] = nullptr;  // so that a type that contains itself ends
      json::array required;
      object properties;
      for (auto& member : members<T>()) {
        if (member.required) required.emplace_back(member.name);
        properties[member.name] = std::move(member.schema);
      }
      object schema{{"type", "object"}, {"properties", std::move(properties)}};
      if (!required.empty()) schema["required"] = std::move(required);
      components_[name] = std::move(schema);
    }
    return {{"$ref", "#/components/schemas/" + name}};
  }
}

}  // namespace odeon::http

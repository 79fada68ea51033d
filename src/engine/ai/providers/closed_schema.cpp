#include "engine/ai/providers/closed_schema.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;

constexpr std::array kFormats{"date-time", "time", "date", "duration", "email",
                              "hostname",  "uri",  "ipv4", "ipv6",     "uuid"};

bj::value close(bj::value schema);  // documents are 32 levels deep at most

bj::value take(bj::object& from, std::string_view name) {
  auto* found = from.if_contains(name);
  if (found == nullptr) return nullptr;
  bj::value taken = std::move(*found);
  from.erase(name);
  return taken;
}

void keep(bj::object& in, std::string_view name, bj::value value) {
  if (!value.is_null()) in[name] = std::move(value);
}

bj::value close_each(bj::value schemas) {
  if (auto* named = schemas.if_object())
    for (auto& schema : *named) schema.value() = close(std::move(schema.value()));
  if (auto* listed = schemas.if_array())
    for (auto& schema : *listed) schema = close(std::move(schema));
  return schemas;
}

bool is_plain(const bj::value& value) {
  return !value.is_object() && !value.is_array();
}

bool names(const bj::value& type, std::string_view wanted) {
  if (const auto* several = type.if_array())
    return std::ranges::any_of(*several, [&](const bj::value& one) { return wire::text_of(&one) == wanted; });
  return wire::text_of(&type) == wanted;
}

// `from` is left with what was not understood.
void close_by_type(bj::object& closed, bj::object& from, const bj::value& type) {
  if (names(type, "object")) {
    bj::value properties = close_each(take(from, "properties"));
    closed["properties"] = properties.is_object() ? std::move(properties) : bj::object();
    take(from, "additionalProperties");
    closed["additionalProperties"] = false;
    keep(closed, "required", take(from, "required"));
  }
  if (names(type, "array")) {
    keep(closed, "items", close(take(from, "items")));
    const auto* least = from.if_contains("minItems");
    if (least != nullptr && (*least == 0 || *least == 1)) keep(closed, "minItems", take(from, "minItems"));
  }
  if (names(type, "string"))
    if (std::ranges::find(kFormats, wire::text_of(from.if_contains("format"))) != kFormats.end())
      keep(closed, "format", take(from, "format"));
}

bj::value close(bj::value schema) {
  if (!schema.is_object()) return schema;
  bj::object from = std::move(schema.get_object());
  bj::object closed;
  keep(closed, "$defs", close_each(take(from, "$defs")));
  take(from, "$schema");
  if (bj::value reference = take(from, "$ref"); !reference.is_null()) {
    closed["$ref"] = std::move(reference);
    return closed;
  }
  if (const auto* choices = from.if_contains("enum");
      choices != nullptr && choices->is_array() && std::ranges::all_of(choices->get_array(), is_plain))
    closed["enum"] = take(from, "enum");
  if (const auto* only = from.if_contains("const"); only != nullptr && is_plain(*only))
    closed["const"] = take(from, "const");
  const bool listed = closed.contains("enum") || closed.contains("const");
  const bj::value type = take(from, "type");
  for (const auto* name : {"anyOf", "oneOf"}) keep(closed, "anyOf", close_each(take(from, name)));
  keep(closed, "allOf", close_each(take(from, "allOf")));
  for (const auto* name : {"title", "description"}) keep(closed, name, take(from, name));
  if (!listed) {
    keep(closed, "type", type);
    close_by_type(closed, from, type);
  }
  if (!from.empty()) {
    const std::string said(wire::text_of(closed.if_contains("description")));
    closed["description"] = said + (said.empty() ? "" : "\n\n") + bj::serialize(from);
  }
  return closed;
}

}  // namespace

bj::object closed_schema(std::string_view schema) {
  bj::object object = wire::object_or_empty(schema);
  if (object.empty()) object["type"] = "object";
  return std::move(close(std::move(object)).as_object());
}

}  // namespace odeon::ai

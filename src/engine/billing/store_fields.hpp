// Members of the JSON that app stores send. What is missing or of another type is as good as not there.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace odeon::billing::fields {

inline std::string text(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

// Null if there is none.
inline const json::object* object(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found != nullptr ? found->if_object() : nullptr;
}

inline std::optional<std::int64_t> integer(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found != nullptr ? json::as_integer(*found, json::Source::body) : std::nullopt;
}

inline bool flag(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found != nullptr && found->is_bool() && found->get_bool();
}

// Milliseconds since the epoch; nothing for what no calendar has.
inline std::optional<Instant> millis(const json::object& object, std::string_view name) {
  constexpr std::int64_t year_10000 = 253'402'300'800'000;
  const auto found = integer(object, name);
  if (!found || *found <= 0 || *found >= year_10000) return std::nullopt;
  return Instant(std::chrono::milliseconds(*found));
}

// The objects of a list.
inline std::vector<const json::object*> list(const json::object& object, std::string_view name) {
  std::vector<const json::object*> all;
  const auto* found = object.if_contains(name);
  if (found == nullptr || !found->is_array()) return all;
  for (const auto& item : found->get_array())
    if (item.is_object()) all.push_back(&item.get_object());
  return all;
}

}  // namespace odeon::billing::fields

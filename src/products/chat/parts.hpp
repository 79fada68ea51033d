// Documents of clients that are read by hand, where a member may be one thing or another.
#pragma once

#include "base/json.hpp"

namespace odeon::chat {

// Null unless `from` is an object with such a member that is not null.
inline const json::value* member(const json::value* from, std::string_view name) {
  const auto* object = from != nullptr ? from->if_object() : nullptr;
  const auto* found = object != nullptr ? object->if_contains(name) : nullptr;
  return found == nullptr || found->is_null() ? nullptr : found;
}
// Of several members inside each other.
template <class... More>
const json::value* member(const json::value* from, std::string_view name, More... more) {
  return member(member(from, name), more...);
}

// Empty unless it is text.
inline std::string_view text_of(const json::value* value) {
  return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

}  // namespace odeon::chat

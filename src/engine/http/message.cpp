#include "engine/http/message.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace odeon::http {
namespace {

// Most names differ by their length already.
bool is_named(std::string_view field, std::string_view name) {
  return field.size() == name.size() && text::equals_ignoring_case(field, name);
}

}  // namespace

std::string_view name_of(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::delete_:
      return "DELETE";
    case Method::options:
      return "OPTIONS";
    case Method::other:
      return "OTHER";
  }
  return "OTHER";
}

bool takes_query(Method method) {
  return method == Method::get || method == Method::head || method == Method::delete_;
}

void Headers::set(std::string name, std::string value) {
  const auto same = [&](const auto& field) { return is_named(field.first, name); };
  const auto first = std::find_if(list_.begin(), list_.end(), same);
  if (first == list_.end()) return add(std::move(name), std::move(value));
  list_.erase(std::remove_if(first + 1, list_.end(), same), list_.end());
  *first = {std::move(name), std::move(value)};
}

void Headers::remove(std::string_view name) {
  std::erase_if(list_, [&](const auto& field) { return text::equals_ignoring_case(field.first, name); });
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const auto& [field, value] : list_)
    if (is_named(field, name)) return value;
  return std::nullopt;
}

std::optional<std::string_view> Request::query_value(std::string_view name) const {
  for (const auto& [field, value] : query)
    if (field == name) return value;
  return std::nullopt;
}

}  // namespace odeon::http

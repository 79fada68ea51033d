#include "engine/http/message.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace odeon::http {
namespace {

constexpr std::string_view kColon = ": ";

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

std::string_view Headers::value_of(const Field& field) const {
  return {text_.data() + field.at + field.name + kColon.size(), field.value};
}

// Most names differ by their length already.
bool Headers::is_named(const Field& field, std::string_view name) const {
  return field.name == name.size() && text::equals_ignoring_case(name_of(field), name);
}

Headers::Field Headers::append(std::string_view name, std::string_view value) {
  const std::size_t begin = text_.size(), end = begin + name.size() + kColon.size() + value.size();
  const Field field{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(name.size()),
                    static_cast<std::uint32_t>(value.size())};
  text_.resize_and_overwrite(end, [&](char* to, std::size_t /*or more*/) {
    to += begin;
    for (const auto part : {name, kColon, value}) to += part.copy(to, part.size());
    return end;
  });
  return field;
}

void Headers::add(std::string_view name, std::string_view value) {
  constexpr std::size_t kUsualFields = 16, kUsualText = 512;
  if (fields_.empty()) {
    fields_.reserve(kUsualFields);
    text_.reserve(kUsualText);
  }
  fields_.push_back(append(name, value));
}

void Headers::set(std::string_view name, std::string_view value) {
  const auto is_same = [&](const Field& field) { return is_named(field, name); };
  const auto first = std::ranges::find_if(fields_, is_same);
  if (first == fields_.end()) return add(name, value);
  fields_.erase(std::remove_if(first + 1, fields_.end(), is_same), fields_.end());
  *first = append(name, value);
}

void Headers::remove(std::string_view name) {
  std::erase_if(fields_, [&](const Field& field) { return is_named(field, name); });
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const Field& field : fields_)
    if (is_named(field, name)) return value_of(field);
  return std::nullopt;
}

std::string_view Headers::Iterator::line() const {
  return std::string_view(headers_->text_).substr(field_->at, field_->name + kColon.size() + field_->value);
}

std::optional<std::string_view> Request::query_value(std::string_view name) const {
  for (const auto& [field, value] : query)
    if (field == name) return value;
  return std::nullopt;
}

}  // namespace odeon::http

#include "engine/ai/providers/wire_json.hpp"

#include "base/text.hpp"
#include "engine/ai/providers/provider_errors.hpp"

namespace odeon::ai::wire {

const boost::json::value* member(const boost::json::object& from, std::string_view name) {
  const auto* found = from.if_contains(name);
  return found == nullptr || found->is_null() ? nullptr : found;
}

const boost::json::value* member(const boost::json::value* from, std::string_view name) {
  const auto* object = from != nullptr ? from->if_object() : nullptr;
  return object != nullptr ? member(*object, name) : nullptr;
}

std::string_view text_of(const boost::json::value* value) {
  return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

// More of anything is nonsense, and sums of these stay far from the end of their type.
constexpr std::int64_t kMost = 1'000'000'000'000;

std::int64_t count_of(const boost::json::value* value) {
  const auto number = value != nullptr ? json::as_integer(*value, json::Source::body) : std::nullopt;
  return std::clamp<std::int64_t>(number.value_or(0), 0, kMost);
}

const boost::json::array& list_of(const boost::json::value* value) {
  static const boost::json::array none;
  const auto* list = value != nullptr ? value->if_array() : nullptr;
  return list != nullptr ? *list : none;
}

boost::json::object object_of(std::string_view body, const std::string& provider) {
  boost::system::error_code fault;
  auto parsed = boost::json::parse(text::trim(body), fault);
  if (fault || !parsed.is_object())
    throw unusable("BAD_ANSWER", provider, body.empty() ? "empty" : "not a JSON object");
  return std::move(parsed.get_object());
}

boost::json::object object_or_empty(std::string_view text) {
  boost::system::error_code fault;
  auto parsed = boost::json::parse(text, fault);
  return fault || !parsed.is_object() ? boost::json::object() : std::move(parsed.get_object());
}

}  // namespace odeon::ai::wire

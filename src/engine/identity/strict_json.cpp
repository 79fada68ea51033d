#include "engine/identity/strict_json.hpp"

#include <boost/json/basic_parser_impl.hpp>

namespace odeon::identity {
namespace {

// Counts the members as they are written.
struct MemberCounter {
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);
  using error = boost::json::error_code;
  using text = std::string_view;

  bool on_document_begin(error&) { return true; }
  bool on_document_end(error&) { return true; }
  bool on_array_begin(error&) { return true; }
  bool on_array_end(std::size_t, error&) { return true; }
  bool on_object_begin(error&) { return true; }
  bool on_object_end(std::size_t count, error&) {
    members += count;
    return true;
  }
  bool on_string_part(boost::json::string_view, std::size_t, error&) { return true; }
  bool on_string(boost::json::string_view, std::size_t, error&) { return true; }
  bool on_key_part(boost::json::string_view, std::size_t, error&) { return true; }
  bool on_key(boost::json::string_view, std::size_t, error&) { return true; }
  bool on_number_part(boost::json::string_view, error&) { return true; }
  bool on_int64(std::int64_t, boost::json::string_view, error&) { return true; }
  bool on_uint64(std::uint64_t, boost::json::string_view, error&) { return true; }
  bool on_double(double, boost::json::string_view, error&) { return true; }
  bool on_bool(bool, error&) { return true; }
  bool on_null(error&) { return true; }
  bool on_comment_part(boost::json::string_view, error&) { return true; }
  bool on_comment(boost::json::string_view, error&) { return true; }

  std::size_t members = 0;
};

// The members that are left once the value is built: a repeated one is there once.
std::size_t members_of(const json::value& value) {
  std::size_t count = 0;
  if (const auto* list = value.if_array()) {
    for (const auto& element : *list) count += members_of(element);
  } else if (const auto* object = value.if_object()) {
    count = object->size();
    for (const auto& member : *object) count += members_of(member.value());
  }
  return count;
}

}  // namespace

std::optional<json::object> parse_strictly(std::string_view text) {
  json::value value;
  try {
    value = json::parse(text);
  } catch (const Error&) {
    return std::nullopt;
  }
  if (!value.is_object()) return std::nullopt;
  boost::json::basic_parser<MemberCounter> parser{boost::json::parse_options{}};
  boost::json::error_code fault;
  parser.write_some(false, text.data(), text.size(), fault);
  if (fault || parser.handler().members != members_of(value)) return std::nullopt;
  return std::move(value.get_object());
}

}  // namespace odeon::identity

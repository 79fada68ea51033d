#include "base/json.hpp"

#include "base/json_plain.hpp"

namespace odeon::json {
namespace {

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number number{};
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

void Faults::raise() const {
  if (list_.empty()) return;
  std::string message =
      list_.front().path.empty() ? list_.front().message : list_.front().path + ": " + list_.front().message;
  if (list_.size() > 1) message += fmt::format(" (and {} more)", list_.size() - 1);
  throw Error(Fault::invalid, "VALIDATION_ERROR", std::move(message)).with_fields(list_);
}

value parse(std::string_view text, bj::storage_ptr storage) {
  bj::parse_options options;
  options.max_depth = 32;
  constexpr std::size_t usual_depth_and_text = 2048;
  alignas(value) std::array<unsigned char, usual_depth_and_text> scratch;  // grows on the heap
  bj::parser parser({}, options, scratch.data(), scratch.size());
  parser.reset(std::move(storage));
  boost::system::error_code fault;
  const std::size_t used = parser.write_some(text.data(), text.size(), fault);
  if (!fault && used < text.size()) fault = bj::error::extra_data;
  if (fault) {
    throw Error(Fault::invalid, "INVALID_JSON",
                fmt::format("The body is not valid JSON: {} near byte {}.", fault.message(), used));
  }
  return parser.release();
}

namespace {

// Most texts are.
bool is_all_plain(std::string_view text) {
  return text::has_none(text, any_not_plain);
}

void append_digits(std::string& out, std::integral auto number) {
  std::array<char, 20> digits;
  const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

void append_escaped(std::string& out, std::string_view text) {
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_plain(c)) continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
    }
  }
  out.append(text, plain);
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
  if (!is_all_plain(text)) {
    out += '"';
    append_escaped(out, text);
    out += '"';
    return;
  }
  const std::size_t begin = out.size(), end = begin + text.size() + 2;
  out.resize_and_overwrite(end, [&](char* to, std::size_t /*or more*/) {
    to[begin] = '"';
    text.copy(to + begin + 1, text.size());
    to[end - 1] = '"';
    return end;
  });
}

void append_number(std::string& out, std::int64_t number) {
  append_digits(out, number);
}
void append_number(std::string& out, std::uint64_t number) {
  append_digits(out, number);
}

const value* find(const object& in, std::string_view name) {
  constexpr std::size_t few = 16;
  if (in.size() > few) return in.if_contains(name);
  for (const auto& member : in)
    if (std::string_view(member.key()) == name) return &member.value();
  return nullptr;
}

std::string Place::text() const {
  if (in_ == nullptr) return std::string(name_);
  if (index_ != kNoIndex) return fmt::format("{}[{}]", in_->text(), index_);
  std::string path = in_->text();
  if (!path.empty()) path += '.';
  return path += name_;
}

std::optional<std::int64_t> as_integer(const value& from, Source source) {
  if (from.is_int64()) return from.get_int64();
  if (from.is_double() && std::trunc(from.get_double()) == from.get_double() && std::abs(from.get_double()) < 9e15)
    return static_cast<std::int64_t>(from.get_double());
  if (source == Source::text && from.is_string()) return number_in<std::int64_t>(from.get_string());
  return std::nullopt;
}

std::optional<double> as_number(const value& from, Source source) {
  if (from.is_number()) return from.to_number<double>();
  if (source == Source::text && from.is_string()) {
    auto number = number_in<double>(from.get_string());
    return number && std::isfinite(*number) ? number : std::nullopt;
  }
  return std::nullopt;
}

std::optional<bool> as_boolean(const value& from, Source source) {
  if (from.is_bool()) return from.get_bool();
  if (source == Source::text && from.is_string()) {
    const std::string_view text = from.get_string();
    if (text == "true" || text == "1") return true;
    if (text == "false" || text == "0") return false;
  }
  return std::nullopt;
}

}  // namespace odeon::json

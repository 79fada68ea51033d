#include "base/json.hpp"

#include <cstring>

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

value parse(std::string_view text) {
  bj::parse_options options;
  options.max_depth = 32;
  boost::system::error_code fault;
  bj::stream_parser parser({}, options);
  const std::size_t used = parser.write_some(text.data(), text.size(), fault);
  if (!fault && used < text.size()) fault = bj::error::extra_data;
  if (!fault) parser.finish(fault);
  if (fault) {
    throw Error(Fault::invalid, "INVALID_JSON",
                fmt::format("The body is not valid JSON: {} near byte {}.", fault.message(), used));
  }
  return parser.release();
}

namespace {

bool is_plain(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

constexpr std::size_t kWord = sizeof(std::uint64_t);

// The same of all bytes of a word (Bit Twiddling Hacks: "a byte less than n", "a byte equal to n").
bool are_plain(const char* bytes) {
  constexpr std::uint64_t ones = ~std::uint64_t{0} / 255, highs = ones * 0x80;
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, kWord);
  const auto below = [](std::uint64_t in, std::uint64_t n) { return (in - ones * n) & ~in & highs; };
  return (below(word, 0x20) | below(word ^ (ones * '"'), 1) | below(word ^ (ones * '\\'), 1)) == 0;
}

// Most texts are; the last word overlaps the one before it.
bool is_all_plain(std::string_view text) {
  if (text.size() < kWord) return std::ranges::all_of(text, is_plain);
  for (std::size_t at = 0; at + kWord < text.size(); at += kWord)
    if (!are_plain(text.data() + at)) return false;
  return are_plain(text.data() + text.size() - kWord);
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
  out += '"';
  if (is_all_plain(text))
    out += text;
  else
    append_escaped(out, text);
  out += '"';
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

std::string joined(const std::string& path, std::string_view name) {
  return path.empty() ? std::string(name) : (path + '.').append(name);
}

}  // namespace odeon::json

#include "engine/http/head.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"
#include "engine/http/target.hpp"

namespace odeon::http {
namespace {

constexpr std::array<bool, 256> make_token_table() {
  std::array<bool, 256> table{};
  for (unsigned char c = 'a'; c <= 'z'; ++c) table[c] = true;
  for (unsigned char c = 'A'; c <= 'Z'; ++c) table[c] = true;
  for (unsigned char c = '0'; c <= '9'; ++c) table[c] = true;
  for (const unsigned char c : std::string_view("!#$%&'*+-.^_`|~")) table[c] = true;
  return table;
}
constexpr std::array<bool, 256> kToken = make_token_table();

std::string_view trim_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

Method method_of(std::string_view name) {
  constexpr std::pair<std::string_view, Method> known[] = {
      {"GET", Method::get},     {"HEAD", Method::head},      {"POST", Method::post},      {"PUT", Method::put},
      {"PATCH", Method::patch}, {"DELETE", Method::delete_}, {"OPTIONS", Method::options}};
  for (const auto& [text, method] : known)
    if (text == name) return method;
  return Method::other;
}

// The host without its port, lower-case; nothing if it is no host.
std::optional<std::string> host_of(std::string_view authority) {
  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    port = authority.substr(end + 1);
    authority = authority.substr(0, end + 1);
    if (authority.find_first_not_of("0123456789abcdefABCDEF:.", 1) != end) return std::nullopt;
  } else {
    const std::size_t colon = std::min(authority.find(':'), authority.size());
    port = authority.substr(colon);
    authority = authority.substr(0, colon);
    const auto is_allowed = [](char c) {
      return kToken[static_cast<unsigned char>(c)] || c == '(' || c == ')' || c == ',' || c == ';' || c == '=';
    };
    if (!std::all_of(authority.begin(), authority.end(), is_allowed)) return std::nullopt;
  }
  if (!port.empty() && (port.front() != ':' || port.find_first_not_of("0123456789", 1) != std::string_view::npos))
    return std::nullopt;
  return text::to_lower(authority);
}

std::unexpected<Refusal> refuse(unsigned status, std::string_view reason) {
  return std::unexpected(Refusal{status, reason});
}

// What the fields say that decide about framing, gathered in one pass.
struct Framing {
  std::optional<std::string_view> host, length, coding;
  bool twice = false;  // one of them

  void take(std::string_view name, std::string_view value) {
    const auto keep = [&](std::optional<std::string_view>& slot) {
      twice |= slot.has_value();
      slot = value;
    };
    if (name.size() == 4 && text::equals_ignoring_case(name, "host")) keep(host);
    if (name.size() == 14 && text::equals_ignoring_case(name, "content-length")) keep(length);
    if (name.size() == 17 && text::equals_ignoring_case(name, "transfer-encoding")) keep(coding);
  }
};

std::expected<void, Refusal> parse_request_line(std::string_view line, Request& request, Head& head,
                                                std::string& authority) {
  const std::size_t first = line.find(' '), last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return refuse(400, "The request line is broken.");
  const std::string_view method = line.substr(0, first), version = line.substr(last + 1);
  if (!is_token(method)) return refuse(400, "The method is broken.");
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (version.size() != 8 || !version.starts_with("HTTP/") || !is_digit(version[5]) || version[6] != '.' ||
      !is_digit(version[7]))
    return refuse(400, "The version is broken.");
  if (version[5] != '1') return refuse(505, "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
  head.old_version = version[7] == '0';

  request.method = method_of(method);
  request.target = line.substr(first + 1, last - first - 1);
  if (request.target.size() > kMaxTarget) return refuse(414, "The target is too long.");
  if (request.target == "*" && request.method != Method::options) return refuse(400, "The target is broken.");
  auto target = parse_target(request.target);
  if (!target) return refuse(400, "The target is broken.");
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  authority = std::move(target->authority);
  return {};
}

std::expected<void, Refusal> parse_field(std::string_view line, Request& request, Framing& framing) {
  const std::size_t colon = line.find(':');
  // A line that starts with a blank (an old continuation) has no token before its colon either.
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return refuse(400, "A header field is broken.");
  const std::string_view name = line.substr(0, colon), value = trim_blanks(line.substr(colon + 1));
  if (!is_field_value(value)) return refuse(400, "A header field has a control character.");
  if (request.headers.size() == kMaxFields) return refuse(431, "There are too many header fields.");
  framing.take(name, value);
  request.headers.add(name, value);
  return {};
}

std::expected<void, Refusal> apply_framing(const Framing& framing, std::string_view authority, Request& request,
                                           Head& head) {
  if (framing.twice) return refuse(400, "Host, Content-Length or Transfer-Encoding was sent twice.");
  if (!framing.host && !head.old_version) return refuse(400, "The Host header is missing.");
  auto host = host_of(framing.host.value_or(""));
  if (host && !authority.empty()) host = host_of(authority);
  if (!host) return refuse(400, "The Host header is broken.");
  request.host = std::move(*host);

  request.length = 0;
  if (framing.coding) {
    if (framing.length) return refuse(400, "Content-Length and Transfer-Encoding exclude each other.");
    if (head.old_version) return refuse(400, "HTTP/1.0 has no Transfer-Encoding.");
    if (!text::equals_ignoring_case(*framing.coding, "chunked"))
      return refuse(501, "The only Transfer-Encoding taken here is chunked.");
    head.chunked = true;
    request.length.reset();
  } else if (framing.length) {
    const char *begin = framing.length->data(), *end = begin + framing.length->size();
    const auto [stop, fault] = std::from_chars(begin, end, head.length);
    if (stop != end || fault == std::errc::invalid_argument) return refuse(400, "The Content-Length is broken.");
    if (fault != std::errc()) return refuse(413, "The body is too large.");
    request.length = head.length;
  }
  return {};
}

std::expected<void, Refusal> apply_options(Request& request, Head& head) {
  bool close = head.old_version;
  for (const auto& [name, value] : request.headers) {
    if (name.size() == 10 && text::equals_ignoring_case(name, "connection")) {
      if (has_option(value, "keep-alive") && head.old_version) close = false;
      if (has_option(value, "upgrade")) head.wants_upgrade = true;
    } else if (name.size() == 6 && text::equals_ignoring_case(name, "expect") && !head.old_version) {
      if (!text::equals_ignoring_case(value, "100-continue")) return refuse(417, "That expectation cannot be met.");
      head.expects_continue = true;
    }
  }
  for (const auto& [name, value] : request.headers)
    if (name.size() == 10 && text::equals_ignoring_case(name, "connection") && has_option(value, "close")) close = true;
  head.keep_alive = !close;
  return {};
}

}  // namespace

bool is_token(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return kToken[static_cast<unsigned char>(c)]; });
}

bool is_field_value(std::string_view text) {
  return !text::has_control(text) || std::ranges::none_of(text, [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
  });
}

bool has_option(std::string_view list, std::string_view option) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (text::equals_ignoring_case(trim_blanks(list.substr(0, comma)), option)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

std::expected<std::optional<std::size_t>, Refusal> HeadScanner::scan(std::string_view bytes) {
  const auto bare = [] { return refuse(400, "Every line of the header must end with CR and LF."); };
  while (seen_ < bytes.size()) {
    const std::size_t cr = bytes.find('\r', seen_), lf = bytes.find('\n', seen_);
    if (lf == std::string_view::npos) {
      if (cr != std::string_view::npos && cr + 1 != bytes.size()) return bare();
      seen_ = std::min(cr, bytes.size());  // a CR at the end is looked at again, with what follows it
      break;
    }
    if (cr + 1 != lf) return bare();
    const bool is_empty = cr == line_;
    seen_ = line_ = lf + 1;
    ++lines_;
    if (is_empty && seen_ <= max_) return std::optional(seen_);
    if (is_empty) break;
  }
  // The target is what makes a first line long: it gets its own answer.
  constexpr std::size_t around_target = 32;
  if (lines_ == 0 && bytes.size() > std::min(max_, kMaxTarget + around_target))
    return refuse(414, "The target is too long.");
  if (seen_ > max_ || bytes.size() > max_) return refuse(431, "The header is too large.");
  return std::nullopt;
}

std::expected<Head, Refusal> parse_head(std::string_view bytes, Request& request) {
  Head head;
  Framing framing;
  std::string authority;
  for (bool is_first = true;; is_first = false) {
    const std::size_t end = bytes.find('\r');
    const std::string_view line = bytes.substr(0, end);
    if (line.empty() && !is_first) break;
    const auto parsed =
        is_first ? parse_request_line(line, request, head, authority) : parse_field(line, request, framing);
    if (!parsed) return std::unexpected(parsed.error());
    bytes.remove_prefix(end + 2);
  }
  if (auto applied = apply_framing(framing, authority, request, head); !applied)
    return std::unexpected(applied.error());
  if (auto applied = apply_options(request, head); !applied) return std::unexpected(applied.error());
  return head;
}

}  // namespace odeon::http

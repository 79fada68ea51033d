#include "engine/http/client_head.hpp"

#include <charconv>

#include "base/text.hpp"
#include "engine/http/client_errors.hpp"
#include "engine/http/head.hpp"

namespace odeon::http::client {
namespace {

constexpr std::size_t kUsualHead = 512;

std::string_view method_name(Method method) {
  if (method != Method::other) return name_of(method);
  throw Error(Fault::invalid, "INVALID_METHOD", "The request method is not one that can be sent.");
}

bool set_by_client(std::string_view name) {
  for (const std::string_view own : {"host", "content-length", "connection", "transfer-encoding"})
    if (text::equals_ignoring_case(name, own)) return true;
  return false;
}

bool expects_body(Method method) {
  return method == Method::post || method == Method::put || method == Method::patch;
}

Error broken_head(std::string detail) {
  return bad_answer("BAD_ANSWER", std::move(detail));
}

// Takes the first line off `head`, without its end.
std::string_view take_line(std::string_view& head) {
  const std::size_t end = head.find('\n');
  std::string_view line = head.substr(0, end);
  head.remove_prefix(end == std::string_view::npos ? head.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// "HTTP/1.1 200 OK"; the reason may be missing.
unsigned parse_status_line(std::string_view line, bool& is_1_0) {
  if (!line.starts_with("HTTP/1.") || line.size() < 12 || line[8] != ' ')
    throw broken_head("not an HTTP/1 status line");
  if (line[7] != '0' && line[7] != '1') throw broken_head("unknown HTTP version");
  is_1_0 = line[7] == '0';
  unsigned status = 0;
  const char* end = line.data() + 12;
  const auto [at, failure] = std::from_chars(line.data() + 9, end, status);
  if (failure != std::errc() || at != end || status < 100 || (line.size() > 12 && line[12] != ' '))
    throw broken_head("not a status");
  return status;
}

std::string_view take_field_line(std::string_view& head) {
  const std::string_view line = take_line(head);
  if (!is_field_value(line)) throw broken_head("a character that a header cannot hold");
  return line;
}

// Whether the next line belongs to the one before (RFC 9112 §5.2).
bool goes_on(std::string_view head) {
  return head.starts_with(' ') || head.starts_with('\t');
}

Headers parse_fields(std::string_view head) {
  Headers headers;
  if (goes_on(head)) throw broken_head("a continued line that continues nothing");
  while (!head.empty()) {
    const std::string_view line = take_field_line(head);
    if (line.empty()) break;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
      throw broken_head("a line without field name");
    std::string value(text::trim(line.substr(colon + 1)));
    while (goes_on(head)) value.append(" ").append(text::trim(take_field_line(head)));
    headers.add(std::string(line.substr(0, colon)), std::move(value));
  }
  return headers;
}

// A list of the same number, over one or several fields, is that number.
void read_length(std::string_view value, std::optional<std::uint64_t>& length) {
  for (std::string_view part : text::split(value, ',')) {
    part = text::trim(part);
    std::uint64_t number = 0;
    const auto [end, failure] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (part.empty() || failure != std::errc() || end != part.data() + part.size())
      throw broken_head("bad Content-Length");
    if (length && *length != number) throw broken_head("several different Content-Length");
    length = number;
  }
}

}  // namespace

std::string compose_head(const ClientRequest& request, const Target& target) {
  std::string head;
  head.reserve(kUsualHead);
  head.append(method_name(request.method)).append(" ").append(target.path);
  head.append(" HTTP/1.1\r\nHost: ").append(target.authority).append("\r\n");
  for (const auto& [name, value] : request.headers) {
    if (set_by_client(name)) continue;
    if (!is_token(name) || !is_field_value(value))
      throw Error(Fault::invalid, "INVALID_HEADER", "A header of the request has characters that cannot be sent.");
    head.append(name).append(": ").append(value).append("\r\n");
  }
  if (request.stream)
    head += "Transfer-Encoding: chunked\r\n";
  else if (!request.body.empty() || expects_body(request.method))
    head.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n");
  head += "\r\n";
  return head;
}

std::optional<std::size_t> head_size(std::string_view bytes, std::size_t from) {
  for (std::size_t at = bytes.find('\n', from); at != std::string_view::npos; at = bytes.find('\n', at + 1)) {
    std::size_t next = at + 1;
    if (next < bytes.size() && bytes[next] == '\r') ++next;
    if (next < bytes.size() && bytes[next] == '\n') return next + 1;
  }
  return std::nullopt;
}

AnswerHead parse_head(std::string_view head, Method asked) {
  AnswerHead answer;
  bool is_1_0 = false;
  answer.status = parse_status_line(take_line(head), is_1_0);
  answer.headers = parse_fields(head);
  answer.keeps_alive = !is_1_0;

  std::optional<std::uint64_t> length;
  bool coded = false;
  for (const auto& [name, value] : answer.headers) {
    if (text::equals_ignoring_case(name, "content-length")) {
      read_length(value, length);
    } else if (text::equals_ignoring_case(name, "transfer-encoding")) {
      if (coded || !text::equals_ignoring_case(value, "chunked")) throw broken_head("unknown Transfer-Encoding");
      coded = true;
    } else if (text::equals_ignoring_case(name, "connection")) {
      for (const std::string_view option : text::split(value, ',')) {
        if (text::equals_ignoring_case(text::trim(option), "close")) answer.keeps_alive = false;
        if (text::equals_ignoring_case(text::trim(option), "keep-alive") && is_1_0) answer.keeps_alive = true;
      }
    }
  }

  if (asked == Method::head || answer.status < 200 || answer.status == 204 || answer.status == 304) {
    answer.body = BodyEnd::none;
  } else if (coded) {
    // Framed twice, someone on the way may have been fooled: nothing more is read from there.
    if (length || is_1_0) throw broken_head("Transfer-Encoding beside Content-Length or in HTTP/1.0");
    answer.body = BodyEnd::chunked;
  } else if (length) {
    answer.body = *length == 0 ? BodyEnd::none : BodyEnd::length;
    answer.length = *length;
  } else {
    answer.keeps_alive = false;
  }
  return answer;
}

}  // namespace odeon::http::client

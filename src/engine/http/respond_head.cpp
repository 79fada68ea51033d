#include "base/json.hpp"
#include "base/text.hpp"
#include "engine/http/respond.hpp"

namespace odeon::http {
namespace {

std::string_view reason_of(unsigned status) {
  constexpr std::pair<unsigned, std::string_view> known[] = {
      {100, "Continue"},
      {101, "Switching Protocols"},
      {200, "OK"},
      {201, "Created"},
      {202, "Accepted"},
      {204, "No Content"},
      {206, "Partial Content"},
      {301, "Moved Permanently"},
      {302, "Found"},
      {303, "See Other"},
      {304, "Not Modified"},
      {307, "Temporary Redirect"},
      {308, "Permanent Redirect"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {402, "Payment Required"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {410, "Gone"},
      {411, "Length Required"},
      {412, "Precondition Failed"},
      {413, "Content Too Large"},
      {414, "URI Too Long"},
      {415, "Unsupported Media Type"},
      {416, "Range Not Satisfiable"},
      {417, "Expectation Failed"},
      {422, "Unprocessable Content"},
      {425, "Too Early"},
      {426, "Upgrade Required"},
      {428, "Precondition Required"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {502, "Bad Gateway"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
      {505, "HTTP Version Not Supported"},
      {507, "Insufficient Storage"},
  };
  for (const auto& [code, reason] : known)
    if (code == status) return reason;
  return "Status";
}

bool is_framing(std::string_view name) {
  const auto is = [&](std::string_view other) { return text::equals_ignoring_case(name, other); };
  switch (name.size()) {
    case 4:
      return is("date");
    case 10:
      return is("connection") || is("keep-alive");
    case 14:
      return is("content-length");
    case 17:
      return is("transfer-encoding");
    default:
      return false;
  }
}

bool breaks_line(std::string_view text) {
  constexpr std::string_view breaks("\r\n\0", 3);
  return text::has_control(text) && text.find_first_of(breaks) != std::string_view::npos;
}

}  // namespace

void append_head(std::string& out, const Response& response, const AnswerFraming& framing, std::string_view date) {
  out += "HTTP/1.1 ";
  json::append_number(out, std::uint64_t{response.status});
  out += ' ';
  out += reason_of(response.status);
  out += "\r\nDate: ";
  out += date;
  out += "\r\n";
  bool upgrade = false;
  for (auto field = response.headers.begin(); field != response.headers.end(); ++field) {
    const std::string_view name = (*field).first, line = field.line();
    if (is_framing(name) || breaks_line(line)) continue;
    upgrade |= name.size() == 7 && text::equals_ignoring_case(name, "upgrade");
    out += line;
    out += "\r\n";
  }
  if (framing.length) {
    out += "Content-Length: ";
    json::append_number(out, *framing.length);
    out += "\r\n";
  }
  if (framing.chunked) out += "Transfer-Encoding: chunked\r\n";
  if (upgrade) out += framing.close ? "Connection: upgrade, close\r\n" : "Connection: upgrade\r\n";
  if (!upgrade && framing.close) out += "Connection: close\r\n";
  if (!upgrade && !framing.close && framing.old_version) out += "Connection: keep-alive\r\n";
  out += "\r\n";
}

Response refusal_response(const Refusal& refusal) {
  Response response;
  response.status = refusal.status;
  response.headers.add("Content-Type", "application/json");
  // `reason` is our own text and needs no escaping.
  response.body = fmt::format(R"({{"error":"{}","message":"{}"}})", reason_of(refusal.status), refusal.reason);
  return response;
}

}  // namespace odeon::http

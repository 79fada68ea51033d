#include "engine/notify/letter.hpp"

#include "base/crypto.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace odeon::notify {
namespace {

constexpr std::size_t kMaxAddress = 254, kMaxLocal = 64, kMaxField = 1000, kMaxUrl = 900, kMaxBody = 2 * 1024 * 1024;
constexpr std::size_t kMaxPlain = 60;  // longer header text becomes encoded words, which can be folded anywhere

Error refused_field(std::string_view field) {
  return Error(Fault::invalid, "INVALID_MAIL", fmt::format("The mail has an unusable {}.", field));
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

bool is_one_line(std::string_view text) {
  return text.size() <= kMaxField && text::is_utf8(text) && std::ranges::none_of(text, is_control);
}

bool is_url(std::string_view url) {
  return url.size() <= kMaxUrl && (url.starts_with("https://") || url.starts_with("http://")) &&
         std::ranges::all_of(url, [](char c) { return c > 0x20 && c < 0x7F && c != '<' && c != '>' && c != ','; });
}

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

std::string domain_of(std::string_view address) {
  return std::string(address.substr(address.rfind('@') + 1));
}

// At most 45 bytes a word, so that it has at most 75 characters; never cut inside a code point.
std::string encoded_words(std::string_view utf8) {
  constexpr std::size_t most = 45;
  std::string out;
  while (!utf8.empty()) {
    std::size_t size = std::min(most, utf8.size());
    while (size < utf8.size() && (static_cast<unsigned char>(utf8[size]) & 0xC0) == 0x80) --size;
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + crypto::to_base64(utf8.substr(0, size)) + "?=";
    utf8.remove_prefix(size);
  }
  return out;
}

void append_part(std::string& out, std::string_view boundary, std::string_view type, std::string_view body) {
  out += fmt::format(
      "--{}\r\nContent-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}\r\n", boundary,
      type, quoted_printable(body));
}

}  // namespace

bool is_mail_address(std::string_view address) {
  const auto at = address.rfind('@');
  if (at == std::string_view::npos || at == 0 || at > kMaxLocal || address.size() > kMaxAddress) return false;
  const auto domain = address.substr(at + 1);
  if (domain.empty() || domain.front() == '.' || domain.back() == '.' || domain.contains("..")) return false;
  auto fits = [](char c) { return !is_control(c) && !std::string_view(" ()<>[]:;@\\,\"").contains(c); };
  return text::is_utf8(address) && std::ranges::all_of(address.substr(0, at), fits) &&
         std::ranges::all_of(domain, fits);
}

void check(const Letter& letter) {
  auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
  };
  if (letter.id.empty() || letter.id.size() > kMaxLocal || !std::ranges::all_of(letter.id, is_plain))
    throw refused_field("identifier");
  if (!is_one_line(letter.from.name)) throw refused_field("sender's name");
  if (!is_mail_address(letter.from.address)) throw refused_field("sender's address");
  if (!is_one_line(letter.to.name)) throw refused_field("recipient's name");
  if (!is_mail_address(letter.to.address)) throw refused_field("recipient's address");
  if (letter.subject.empty() || !is_one_line(letter.subject)) throw refused_field("subject");
  if (letter.text.size() > kMaxBody || !text::is_utf8(letter.text)) throw refused_field("text");
  if (letter.html.size() > kMaxBody || !text::is_utf8(letter.html)) throw refused_field("HTML");
  if (!letter.unsubscribe_url.empty() && !is_url(letter.unsubscribe_url))
    throw refused_field("address to unsubscribe at");
}

std::string compose(const Letter& letter) {
  check(letter);
  std::string date = to_http_date(letter.date);
  date.replace(date.size() - 3, 3, "+0000");
  // "=_" is in no quoted-printable text.
  const std::string boundary = "=_" + crypto::sha256_hex(letter.id).substr(0, 32);
  std::string out =
      fmt::format("From: {}\r\nTo: {}\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: {}\r\n", header_mailbox(letter.from),
                  header_mailbox(letter.to), header_text(letter.subject), date, message_id(letter));
  if (!letter.unsubscribe_url.empty()) out += fmt::format("List-Unsubscribe:\r\n <{}>\r\n", letter.unsubscribe_url);
  if (letter.unsubscribe_url.starts_with("https:")) out += "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n";
  out += fmt::format(
      "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
      "Content-Type: multipart/alternative;\r\n boundary=\"{}\"\r\n\r\n",
      boundary);
  append_part(out, boundary, "text/plain", letter.text);
  append_part(out, boundary, "text/html", letter.html);
  return out + "--" + boundary + "--\r\n";
}

std::string message_id(const Letter& letter) {
  return fmt::format("<{}@{}>", letter.id, domain_of(letter.from.address));
}

std::string header_text(std::string_view utf8) {
  const bool plain = utf8.size() <= kMaxPlain && is_printable(utf8) && !utf8.contains("=?") && !utf8.starts_with(' ') &&
                     !utf8.ends_with(' ');
  return plain ? std::string(utf8) : encoded_words(utf8);
}

std::string header_mailbox(const Mailbox& mailbox) {
  if (mailbox.name.empty()) return mailbox.address;
  const std::string address = "\r\n <" + mailbox.address + ">";
  if (mailbox.name.size() > kMaxPlain || !is_printable(mailbox.name) || mailbox.name.contains("=?"))
    return encoded_words(mailbox.name) + address;
  std::string quoted;
  for (const char c : mailbox.name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return '"' + quoted + '"' + address;
}

std::string quoted_printable(std::string_view text) {
  constexpr std::size_t most = 75;  // and the "=" of a soft line break
  std::string out;
  std::size_t column = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool pair = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (pair || text[i] == '\n') {
      out += "\r\n";
      column = 0;
      i += pair ? 1 : 0;
      continue;
    }
    const char c = text[i];
    const bool ends_line = i + 1 == text.size() || text[i + 1] == '\n' || text[i + 1] == '\r';
    const bool plain = (c > 0x20 && c < 0x7F && c != '=') || ((c == ' ' || c == '\t') && !ends_line);
    if (column + (plain ? 1 : 3) > most) {
      out += "=\r\n";
      column = 0;
    }
    // A dot that begins a line is spelt out: no server on the way can take it for the end, or double it.
    if (plain && !(c == '.' && column == 0)) {
      out += c;
      column += 1;
    } else {
      out += fmt::format("={:02X}", static_cast<unsigned char>(c));
      column += 3;
    }
  }
  return out;
}

}  // namespace odeon::notify

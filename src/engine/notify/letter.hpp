// One mail to one person, and its bytes as they go over the wire (RFC 5322, 2045, 2046, 2047, 6532): text and
// HTML as multipart/alternative in UTF-8. The same letter always gives the same bytes, so one that has to be sent
// again can be told from a second one.
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/time.hpp"

namespace odeon::notify {

struct Mailbox {
  std::string name;     // may be empty
  std::string address;  // ann@example.org
};
BOOST_DESCRIBE_STRUCT(Mailbox, (), (name, address))

struct Letter {
  std::string id;  // [A-Za-z0-9_-]+: stays the same over attempts, and is what Message-ID is made of
  Mailbox from;
  Mailbox to;
  std::string subject;
  std::string text;
  std::string html;
  std::string unsubscribe_url;  // for List-Unsubscribe; empty: none. An https one must also take a POST (RFC 8058)
  Instant date;
};
BOOST_DESCRIBE_STRUCT(Letter, (), (id, from, to, subject, text, html, unsubscribe_url, date))

// Narrower than RFC 5321: no quoted local parts, which nobody has, and no address literals.
bool is_mail_address(std::string_view address);

// Throws Error{invalid, "INVALID_MAIL"} naming the field that cannot stand in a mail: one with a line break or
// another control character, an address that is none, text that is not UTF-8.
void check(const Letter& letter);
// Lines end in CRLF and have at most 998 bytes. Checks first.
std::string compose(const Letter& letter);
// <id@domain of the sender>
std::string message_id(const Letter& letter);

// For a header field: as it is, or as encoded words over several folded lines (RFC 2047).
std::string header_text(std::string_view utf8);
// Ann Example <ann@example.org>, the name as a quoted string or as encoded words.
std::string header_mailbox(const Mailbox& mailbox);
// RFC 2045 §6.7 for text: "\n" and "\r\n" are line breaks, given as "\r\n".
std::string quoted_printable(std::string_view text);

}  // namespace odeon::notify

#include "engine/notify/templates.hpp"

#include <set>
#include <stdexcept>
#include <string_view>

#include "base/error.hpp"
#include "base/text.hpp"

namespace odeon::notify {

namespace embedded {
extern const std::string_view mail_layout_html;
extern const std::string_view verify_address_txt, verify_address_html;
extern const std::string_view reset_password_txt, reset_password_html;
extern const std::string_view notice_txt, notice_html;
extern const std::string_view export_ready_txt, export_ready_html;
extern const std::string_view erasure_receipt_txt, erasure_receipt_html;
extern const std::string_view usage_warning_txt, usage_warning_html;
extern const std::string_view usage_reached_txt, usage_reached_html;
}  // namespace embedded

namespace {

using Data = std::map<std::string, std::string>;

struct Source {
  std::string_view text;  // its first line is the subject, the second is empty
  std::string_view html;  // goes into the layout
};

Source source_of(MailTemplate which) {
  switch (which) {
    case MailTemplate::verify_address:
      return {embedded::verify_address_txt, embedded::verify_address_html};
    case MailTemplate::reset_password:
      return {embedded::reset_password_txt, embedded::reset_password_html};
    case MailTemplate::notice:
      return {embedded::notice_txt, embedded::notice_html};
    case MailTemplate::export_ready:
      return {embedded::export_ready_txt, embedded::export_ready_html};
    case MailTemplate::erasure_receipt:
      return {embedded::erasure_receipt_txt, embedded::erasure_receipt_html};
    case MailTemplate::usage_warning:
      return {embedded::usage_warning_txt, embedded::usage_warning_html};
    case MailTemplate::usage_reached:
      return {embedded::usage_reached_txt, embedded::usage_reached_html};
  }
  throw std::logic_error("no such mail");
}

// In one go from front to end, so that braces in a value are only text.
std::string filled(std::string_view source, const Data& data, std::set<std::string>& used) {
  std::string out;
  for (;;) {
    const auto open = source.find("{{"), close = source.find("}}", open);
    if (open == std::string_view::npos || close == std::string_view::npos) return out.append(source);
    const std::string name(source.substr(open + 2, close - open - 2));
    const auto value = data.find(name);
    if (value == data.end()) throw std::logic_error("the mail needs a value for " + name);
    used.insert(name);
    out.append(source.substr(0, open)).append(value->second);
    source.remove_prefix(close + 2);
  }
}

}  // namespace

MailContent render(MailTemplate which, std::map<std::string, std::string> data) {
  if (const auto link = data.find("link");
      link != data.end() && !link->second.starts_with("https://") && !link->second.starts_with("http://"))
    throw Error(Fault::invalid, "INVALID_MAIL", "The mail has an unusable link.");
  Data escaped;
  for (const auto& [name, value] : data) escaped.emplace(name, text::escape_html(value));
  const auto [text_source, html_source] = source_of(which);
  const auto first_line = text_source.find('\n');

  std::set<std::string> used;
  MailContent content;
  content.subject = filled(text_source.substr(0, first_line), data, used);
  content.text = filled(text_source.substr(first_line + 2), data, used);
  const Data frame{{"subject", text::escape_html(content.subject)},
                   {"product", escaped["product"]},
                   {"content", filled(html_source, escaped, used)}};
  content.html = filled(embedded::mail_layout_html, frame, used);
  for (const auto& [name, value] : data)
    if (!used.contains(name)) throw std::logic_error("the mail has no place for " + name);
  return content;
}

}  // namespace odeon::notify

// The mails that the house writes: text and HTML in assets/, with {{name}} where a value goes and no other logic.
// In HTML values are escaped.
#pragma once

#include <map>
#include <string>

namespace odeon::notify {

struct MailContent {
  std::string subject;
  std::string text;
  std::string html;
};

enum class MailTemplate {
  verify_address,   // product, link, code, valid_for ("24 hours")
  reset_password,   // product, link, code, valid_for
  notice,           // product, title, message, link, link_text
  export_ready,     // product, link, valid_for
  erasure_receipt,  // product, receipt, erased_at
  usage_warning,    // product, what ("stories"), used, limit, renewal (a sentence), link
  usage_reached,    // product, what, limit, renewal, link
};

// Takes every value that the template names; a missing one, or one that it does not name, is a logic_error.
// A link must be http or https: anything else is Error{invalid, "INVALID_MAIL"}.
MailContent render(MailTemplate which, std::map<std::string, std::string> data);

}  // namespace odeon::notify

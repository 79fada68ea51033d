// Mail addresses as accounts know them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace odeon::identity {

// The form in which an address is stored and compared: trimmed, ASCII letters in lower case. Nothing if it
// is no address that mail could be sent to: local part of 1–64 bytes, a domain of labels, 254 bytes in all
// (RFC 5321 §4.5.3.1); no quoted local parts, no literal addresses. Idempotent.
std::optional<std::string> normal_mail(std::string_view mail);

}  // namespace odeon::identity

// Text that any reader can take, whoever wrote it.
#pragma once

#include <string>
#include <string_view>

namespace odeon::books {

// Well-formed UTF-8 of characters that XML 1.0 has, on one line: without control characters, noncharacters and those
// that embed or override directions (Unicode's UAX #9: a text that opens one and does not close it would turn around
// what others wrote). White space is collapsed. Nothing is escaped.
std::string plain_text(std::string_view text);

}  // namespace odeon::books

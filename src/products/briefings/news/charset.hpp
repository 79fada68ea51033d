// The characters behind a feed's bytes. What a feed says about its own character set is often wrong,
// so the bytes have the last word.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace odeon::briefings {

// The document in UTF-8, without a byte order mark. Believed in this order: a byte order mark, bytes
// that are valid UTF-8, the charset of `content_type`, the XML declaration. A document that passes for
// UTF-8 but holds accents or quotes of Windows-1252 is repaired; nothing when the bytes cannot be
// made out.
std::optional<std::string> to_utf8(std::string_view bytes, std::string_view content_type);

}  // namespace odeon::briefings

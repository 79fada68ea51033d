// What a file is, told by its bytes and not by what it is called. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace odeon::chat {

inline constexpr std::int64_t kLargestPicture = 10LL << 20, kLargestText = 1LL << 20;  // bytes

bool is_picture(std::string_view media_type);
// image/png, image/jpeg, image/webp or image/gif, if the bytes begin as one does.
std::optional<std::string> picture_type(std::string_view bytes);
// Valid UTF-8 without the control characters that only other things have.
bool is_readable(std::string_view bytes);

// The media type under which it is kept. Throws Error: invalid, of the field `file`, for what is neither a picture nor
// a text and for what is empty, and too_large. What is declared to be a picture, a sound, a film or a PDF is no text,
// whatever its bytes are.
std::string kind_of(std::string_view bytes, std::string_view declared, std::string_view name);

// As it is shown: one line without control characters or directories, never empty.
std::string shown_name(std::string_view name);
// With its dot: ".png"; of texts ".txt", ".md", ".csv" or ".json".
std::string_view extension_of(std::string_view media_type);

}  // namespace odeon::chat

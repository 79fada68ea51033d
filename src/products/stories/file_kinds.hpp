// Kinds of files that people may upload, and what is kept of one.
#pragma once

#include <string>
#include <string_view>

namespace odeon::stories {

struct FileKind {
  std::string_view media_type;
  std::string_view extension;
  bool is_sound = false;
};

// Null for what may not be uploaded. Parameters and case do not matter; what it is also called does: "audio/x-wav".
const FileKind* find_file_kind(std::string_view media_type);

// What is kept of a file that was said to be of that kind: a picture is decoded and written anew as PNG, sound stays as
// it is. Blocking and heavy. Throws Error{invalid, "CONTENT_MISMATCH"} for what is something else, or nothing whole.
std::string kept_content(std::string bytes, std::string_view media_type);

}  // namespace odeon::stories

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

// What a file is by its content; null for what may not be uploaded.
const FileKind* kind_of_content(std::string_view bytes);

// What is kept of a file that was said to be of that kind: a picture is decoded and written anew as PNG, sound stays as
// it is. Blocking and heavy. Throws Error{invalid, "CONTENT_MISMATCH"} for what is something else, or nothing whole.
std::string kept_content(std::string bytes, std::string_view media_type);

struct StorySound {
  std::string mp3;
  double seconds = 0;
};
// The same of sound that becomes a story's, of an hour at most: an MP3 stays as it is, all else is made one.
StorySound story_sound(std::string bytes, std::string_view media_type, std::string_view title);

}  // namespace odeon::stories

// What a picture's file says of itself, by its first bytes: enough to place it without decoding it.
#pragma once

#include <optional>
#include <string_view>

namespace odeon::books {

struct PictureFile {
  enum class Kind { png, jpeg };
  Kind kind;
  int width = 0, height = 0;
  int channels = 0;  // of JPEG: 1 grey, 3 colours, 4 inks
};

// PNG (W3C, 2003) or JPEG (ITU-T T.81, JFIF); nothing for what is neither, or is cut before it says how large it is.
std::optional<PictureFile> read_picture_file(std::string_view bytes);

}  // namespace odeon::books

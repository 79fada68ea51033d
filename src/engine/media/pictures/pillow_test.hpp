// Pillow, as whoever sends us pictures and whoever looks at ours.
#pragma once

#include "engine/media/pictures/picture.hpp"
#include "engine/media/strangers_test.hpp"

namespace odeon::pictures::pillow {

// Runs `script`, which saves a picture as the file named `path`, and returns that file. Modules io, struct and zlib are
// there, and of Pillow Image, ImageCms and ImageDraw.
inline std::string made_by(const std::string& script) {
  const testing::ScratchFolder folder;
  const std::string path = folder / "picture";
  media::strangers::save(
      folder / "make.py",
      "import io, struct, sys, zlib\nfrom PIL import Image, ImageCms, ImageDraw\npath = sys.argv[1]\n" + script);
  media::strangers::run({"/usr/bin/python3", folder / "make.py", path});
  return media::strangers::load(path);
}

// A red corner at the top left, a green one at the top right, a blue one at the bottom left; grey elsewhere.
inline constexpr const char* kCorners = R"(
image = Image.new("RGB", (60, 40), (128, 128, 128))
draw = ImageDraw.Draw(image)
draw.rectangle((0, 0, 19, 13), (255, 0, 0))
draw.rectangle((40, 0, 59, 13), (0, 255, 0))
draw.rectangle((0, 26, 19, 39), (0, 0, 255))
)";

inline std::string corners(const std::string& rest) {
  return made_by(kCorners + rest);
}

}  // namespace odeon::pictures::pillow

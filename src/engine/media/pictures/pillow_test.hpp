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

}  // namespace odeon::pictures::pillow

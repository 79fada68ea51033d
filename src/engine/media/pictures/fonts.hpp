// The fonts that the server has.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace odeon::pictures {

struct FontFamily {
  std::string name;          // as TextStyle::families takes it
  std::vector<int> weights;  // as in CSS, ascending; those of a variable font in hundreds
  bool has_italic = false;
  bool has_colours = false;  // emoji
};

// Sorted by name. Read anew at each call: blocking, some milliseconds. Thread-safe.
std::vector<FontFamily> installed_fonts();

}  // namespace odeon::pictures

// Pango's font maps, which must not be shared between threads while they are in use and take a while to make.
#pragma once

#include <memory>

typedef struct _PangoFontMap PangoFontMap;

namespace odeon::pictures {

struct ReturnFontMap {
  void operator()(PangoFontMap* map) const;
};

// One that nobody else has, at 72 dots an inch, so that sizes are pixels. Goes back when it dies. Thread-safe.
using BorrowedFontMap = std::unique_ptr<PangoFontMap, ReturnFontMap>;
BorrowedFontMap borrow_font_map();

}  // namespace odeon::pictures

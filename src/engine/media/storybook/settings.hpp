// Where a scene plays: what is behind the child, and what is in front of it.
#pragma once

#include "engine/media/storybook/stage.hpp"

namespace odeon::storybook {

struct Backdrop {
  void (*behind)(Stage&);
  void (*in_front)(Stage&);
  double ground;  // where feet stand
  bool indoors = false;
  bool afloat = false;  // nothing to stand on: no shadows
};

Backdrop backdrop_of(Setting setting);

// The settings, by kind.
Backdrop open_country(Setting setting);
Backdrop woods(Setting setting);
Backdrop waters(Setting setting);
Backdrop skies(Setting setting);
Backdrop towns(Setting setting);
Backdrop rooms(Setting setting);

}  // namespace odeon::storybook

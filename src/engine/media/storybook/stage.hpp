// What everything of one scene is drawn with.
#pragma once

#include "engine/media/storybook/chance.hpp"
#include "engine/media/storybook/easel.hpp"
#include "engine/media/storybook/light.hpp"
#include "engine/media/storybook/scene.hpp"

namespace odeon::storybook {

struct Stage {
  Easel& easel;
  const Light& light;
  const Scene& scene;
  Chance chance;

  double width() const { return easel.width(); }
};

}  // namespace odeon::storybook

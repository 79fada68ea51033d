// What falls, blows and drifts between the picture and whoever looks at it.
#pragma once

#include "engine/media/storybook/stage.hpp"

namespace odeon::storybook {

void draw_weather(Stage& stage);

}  // namespace odeon::storybook

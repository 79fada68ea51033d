// Storybook drawing: a hero drawn from the visual profile, the same child in every scene of a story.
//
// Pure: the same arguments give the same pixels, on any thread and machine of one architecture. Blocking and heavy
// (about 60 ms for 1024 × 1024): call it through run_blocking. Texts may be of any length and any bytes. Throws
// Error{invalid} for sizes below 16 pixels or longer than 4:1 either way, and as pictures::Canvas does for large ones.
#pragma once

#include <string_view>

#include "engine/media/pictures/picture.hpp"
#include "engine/media/storybook/profile.hpp"
#include "engine/media/storybook/scene.hpp"

namespace odeon::storybook {

struct Size {
  int width = 1024, height = 1024;  // pixels; drawings are composed for 1:1 up to 2:1
};

pictures::Picture draw_avatar(const VisualProfile& profile, Size size = {});
pictures::Picture draw_scene(const Scene& scene, const VisualProfile& profile, Size size = {});
// An icon of what the words are about, for a custom event.
pictures::Picture draw_pictogram(std::string_view words, std::string_view language, Size size = {512, 512});

// What the words of a scene tell of it; `language` is en, es, fr, de or it (anything else is read as en). What is not
// told is a clear summer's day in a meadow. The seed is that of the text.
Scene read_scene(std::string_view text, std::string_view language);

}  // namespace odeon::storybook

// A hero's visual profile, as it is kept: free words.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace odeon::storybook {

// Words in en, es, fr, de or it, in any mixture and of any length; colours also as "#a1b2c3". What is empty or not
// understood is chosen by the seed, which is the hero's (seed_of its id), so that a hero looks the same always.
struct VisualProfile {
  std::string hair_colour, hair_style, eye_colour, skin_tone, body_type, height, clothing_style;
  std::vector<std::string> palette, accessories;
  std::string features;  // whatever else there is to see: the appearance in the user's own words
  std::string art_style;
  int age = 7;
  std::uint64_t seed = 0;
};

}  // namespace odeon::storybook

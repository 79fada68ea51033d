// What a picture of a story shows.
#pragma once

#include <boost/describe/enum.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace odeon::storybook {

// clang-format off
BOOST_DEFINE_ENUM_CLASS(Setting, meadow, forest, jungle, bedroom, beach, sea, underwater, space, castle, school, city,
                        village, mountains, garden, farm, snowfield, cave, kitchen, library, playground, desert, clouds,
                        lake, market)
BOOST_DEFINE_ENUM_CLASS(Daytime, day, dawn, dusk, night)
BOOST_DEFINE_ENUM_CLASS(Season, summer, spring, autumn, winter)
BOOST_DEFINE_ENUM_CLASS(Weather, clear, rain, snow, wind, fog)
BOOST_DEFINE_ENUM_CLASS(Pose, standing, walking, running, sitting, sleeping, flying, waving, reading, reaching, hugging,
                        jumping, dancing, swimming, pointing)
BOOST_DEFINE_ENUM_CLASS(Mood, happy, curious, surprised, sleepy, proud, worried, sad, laughing)
BOOST_DEFINE_ENUM_CLASS(Companion, dog, cat, fox, owl, dragon, robot, bird, rabbit, fish, bear, mouse, unicorn, turtle,
                        frog, butterfly, whale, elephant, lion)
BOOST_DEFINE_ENUM_CLASS(Prop, star, boat, balloon, rocket, book, lantern, treasure, kite, umbrella, ball, cake, gift,
                        flowers, key, map, crown, wand, telescope, tent, campfire, snowman, heart, apple, shell, rainbow,
                        moon, teddy, drum, bicycle, mushroom)
// clang-format on

// As many are drawn, and read from words.
inline constexpr std::size_t most_companions = 2, most_props = 4;

struct Scene {
  Setting setting = Setting::meadow;
  Daytime time = Daytime::day;
  Season season = Season::summer;
  Weather weather = Weather::clear;
  Pose pose = Pose::standing;
  Mood mood = Mood::happy;
  std::vector<Companion> companions;
  std::vector<Prop> props;
  std::uint64_t seed = 0;  // another one, another composition
};

}  // namespace odeon::storybook

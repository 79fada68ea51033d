// How a child looks: what words say of it, made definite. The same profile gives the same look, in every scene.
#pragma once

#include <boost/describe/enum.hpp>
#include <string_view>

#include "engine/media/storybook/ink.hpp"
#include "engine/media/storybook/profile.hpp"

namespace odeon::storybook {

// clang-format off
BOOST_DEFINE_ENUM_CLASS(HairStyle, tousled, bob, straight, wavy, curly, ponytail, pigtails, braids, bun, afro, spiky,
                        cropped, bald)
BOOST_DEFINE_ENUM_CLASS(Outfit, tee, sweater, hoodie, dress, overalls, robe, princess, hero, explorer, pirate, raincoat,
                        astronaut, knight, pyjamas)
BOOST_DEFINE_ENUM_CLASS(Pattern, plain, stripes, dots, stars)
BOOST_DEFINE_ENUM_CLASS(ArtStyle, watercolor, gouache, cartoon, crayon, pastel, paper)
// clang-format on

struct Look {
  Ink hair, eyes, skin;
  Ink main, second, accent;  // of the clothes
  HairStyle hair_style{};
  double hair_length = 0;  // 0 ends at the ears, 1 at the waist
  bool fringe = false;
  Outfit outfit{};
  Pattern pattern{};
  ArtStyle art{};
  double stature = 1;  // length of body and legs to the head, 1 at seven years
  double girth = 1;
  bool glasses = false, freckles = false, bow = false, crown = false, wizard_hat = false, cap = false,
       woolly_hat = false, straw_hat = false, scarf = false, cape = false, backpack = false, flower = false,
       necklace = false, headband = false, eye_patch = false, wings = false, boots = false, hearing_aid = false,
       wand = false;

  bool helmet = false;  // of glass, where there is no air: a matter of the place, not of the profile

  static Look of(const VisualProfile& profile);
};

}  // namespace odeon::storybook

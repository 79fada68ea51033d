#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/media/storybook/chance.hpp"
#include "engine/media/storybook/look.hpp"

namespace odeon::storybook {
namespace {

std::string hex(Ink ink) {
  return pictures::to_hex(ink.colour);
}

TEST(Look, IsThatOfTheProfile) {
  const Look look = Look::of({.hair_colour = "blonde",
                              .hair_style = "curly",
                              .eye_colour = "blue",
                              .skin_tone = "light",
                              .clothing_style = "wizard robes",
                              .palette = {"#5b4b9a", "teal", "gold"},
                              .accessories = {"wizard hat", "glasses"},
                              .art_style = "watercolor"});
  EXPECT_EQ(hex(look.hair), "#e9c46a");
  EXPECT_EQ(hex(look.eyes), "#4a90c2");
  EXPECT_EQ(hex(look.skin), "#f9dcc8");
  EXPECT_EQ(hex(look.main), "#5b4b9a");
  EXPECT_EQ(hex(look.second), "#3fa7a0");
  EXPECT_EQ(look.hair_style, HairStyle::curly);
  EXPECT_EQ(look.outfit, Outfit::robe);
  EXPECT_EQ(look.art, ArtStyle::watercolor);
  EXPECT_TRUE(look.wizard_hat && look.glasses);
}

struct Said {
  VisualProfile profile;
  const char *hair, *eyes;
  HairStyle style;
  Outfit outfit;
};

class LookInWords : public ::testing::TestWithParam<Said> {};

TEST_P(LookInWords, IsUnderstood) {
  const Look look = Look::of(GetParam().profile);
  EXPECT_EQ(hex(look.hair), GetParam().hair);
  EXPECT_EQ(hex(look.eyes), GetParam().eyes);
  EXPECT_EQ(look.hair_style, GetParam().style);
  EXPECT_EQ(look.outfit, GetParam().outfit);
}

INSTANTIATE_TEST_SUITE_P(
    InFiveLanguages, LookInWords,
    ::testing::Values(
        Said{{.hair_colour = "castaño oscuro",
              .hair_style = "trenzas",
              .eye_colour = "verdes",
              .clothing_style = "vestido rojo"},
             "#5a3620",
             "#5e9a57",
             HairStyle::braids,
             Outfit::dress},
        Said{{.hair_colour = "roux", .hair_style = "bouclés", .eye_colour = "bleu", .clothing_style = "salopette"},
             "#c65a27",
             "#4a90c2",
             HairStyle::curly,
             Outfit::overalls},
        Said{{.hair_colour = "schwarz",
              .hair_style = "Pferdeschwanz",
              .eye_colour = "braun",
              .clothing_style = "Ritterrüstung"},
             "#2b2026",
             "#6b4226",
             HairStyle::ponytail,
             Outfit::knight},
        Said{{.hair_colour = "biondi", .hair_style = "mossi", .eye_colour = "azzurri", .clothing_style = "felpa"},
             "#e9c46a",
             "#4a90c2",
             HairStyle::wavy,
             Outfit::hoodie},
        Said{{.clothing_style = "pirate", .features = "Long curly red hair, green eyes, loves dogs"},
             "#c65a27",
             "#5e9a57",
             HairStyle::curly,
             Outfit::pirate},
        Said{{.clothing_style = "pijama", .features = "pelo corto negro, ojos azules"},
             "#2b2026",
             "#4a90c2",
             HairStyle::tousled,
             Outfit::pyjamas}));

TEST(Look, WhatIsNotSaidIsTheHerosOwn) {
  const VisualProfile alice{.seed = seed_of("hero_1")};
  EXPECT_EQ(hex(Look::of(alice).hair), hex(Look::of(alice).hair));
  int different = 0;
  for (std::uint64_t hero = 0; hero < 20; ++hero) {
    const Look look = Look::of({.seed = hero}), other = Look::of({.seed = hero + 100});
    different += hex(look.hair) != hex(other.hair) || hex(look.main) != hex(other.main) || look.outfit != other.outfit;
  }
  EXPECT_GE(different, 17);
}

TEST(Look, AgeHeightAndBuildShow) {
  EXPECT_LT(Look::of({.age = 3}).stature, Look::of({.age = 7}).stature);
  EXPECT_LT(Look::of({.age = 7}).stature, Look::of({.age = 14}).stature);
  EXPECT_LT(Look::of({.height = "klein"}).stature, Look::of({.height = "grande"}).stature);
  EXPECT_LT(Look::of({.body_type = "delgada"}).girth, Look::of({.body_type = "chubby"}).girth);
  EXPECT_EQ(Look::of({.age = -5}).stature, Look::of({.age = 0}).stature);
}

TEST(Look, OneHatAtATime) {
  const Look look = Look::of({.accessories = {"crown", "cap", "beanie", "wizard hat", "straw hat"}});
  EXPECT_EQ(look.crown + look.cap + look.woolly_hat + look.wizard_hat + look.straw_hat, 1);
}

RC_GTEST_PROP(LookProperty, AnyWordsGiveALook,
              (const std::string& a, const std::string& b, const std::vector<std::string>& list)) {
  const Look look = Look::of(
      {.hair_colour = a, .hair_style = b, .clothing_style = b, .palette = list, .accessories = list, .features = a});
  RC_ASSERT(look.stature > 0 && look.girth > 0);
}

}  // namespace
}  // namespace odeon::storybook

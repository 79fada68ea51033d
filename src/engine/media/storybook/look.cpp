#include "engine/media/storybook/look.hpp"

#include <algorithm>
#include <array>
#include <boost/describe/enum_from_string.hpp>
#include <optional>

#include "base/text.hpp"
#include "engine/media/storybook/chance.hpp"
#include "engine/media/storybook/lexicon.hpp"

namespace odeon::storybook {
namespace {

Ink ink_of(std::string_view hex) {
  return {pictures::parse_colour("#" + std::string(hex)).value_or(pictures::kBlack)};
}

std::optional<Ink> hex_in(std::string_view words) {
  const std::size_t at = words.find('#');
  if (at == std::string_view::npos) return {};
  auto colour = pictures::parse_colour(words.substr(at, 7));
  if (!colour) colour = pictures::parse_colour(words.substr(at, 4));
  if (!colour) return {};
  return Ink{*colour};
}

// The first of its kind in what was said of it; else, in what was said of the whole child, the one nearest to the word
// for that part of the body.
std::optional<std::string_view> said(std::string_view kind, std::string_view own, std::string_view features,
                                     std::string_view part) {
  const Lexicon& lexicon = Lexicon::of_looks();
  if (const auto found = lexicon.find(words_of(own), kind); !found.empty()) return found[0].value;
  std::optional<std::string_view> nearest;
  std::size_t least = 4;
  const std::string clauses = text::replace_all(text::replace_all(std::string(features), ";", ","), ".", ",");
  for (const auto clause : text::split(clauses, ',')) {
    const auto words = words_of(clause);
    const auto parts = lexicon.find(words, "part");
    for (const auto& candidate : lexicon.find(words, kind))
      for (const auto& place : parts) {
        if (place.value != part) continue;
        const std::size_t gap = candidate.place < place.place ? place.place - candidate.place - candidate.words
                                                              : candidate.place - place.place - 1;
        if (gap < least) nearest = candidate.value, least = gap;
      }
  }
  return nearest;
}

std::optional<std::string_view> named(std::string_view kind, std::initializer_list<std::string_view> texts) {
  for (const auto text : texts)
    if (const auto found = Lexicon::of_looks().find(words_of(text), kind); !found.empty()) return found[0].value;
  return {};
}

template <class Enum>
Enum choice_of(std::optional<std::string_view> name, Enum otherwise) {
  if (name) boost::describe::enum_from_string(std::string(*name).c_str(), otherwise);
  return otherwise;
}

Ink colour_said(std::string_view kind, std::string_view own, std::string_view features, std::string_view part,
                Ink otherwise) {
  if (const auto hex = hex_in(own)) return *hex;
  if (const auto name = said(kind, own, features, part)) return ink_of(*name);
  return otherwise;
}

// What goes together by nature: skin with hair and eyes.
struct Complexion {
  std::uint32_t skin;
  std::array<std::uint32_t, 3> hairs, eyes;
};
constexpr std::array complexions{Complexion{0xF9DCC8, {0xE9C46A, 0xC65A27, 0x7A4A2B}, {0x4A90C2, 0x5E9A57, 0x6B4226}},
                                 Complexion{0xF3CBA8, {0x7A4A2B, 0xA96E3E, 0x2B2026}, {0x6B4226, 0xA07A3C, 0x4A90C2}},
                                 Complexion{0xEDBE97, {0x2B2026, 0x5A3620, 0x7A4A2B}, {0x6B4226, 0x2E2326, 0x5E9A57}},
                                 Complexion{0xC4875A, {0x2B2026, 0x3B2620, 0x5A3620}, {0x6B4226, 0x4A2E1E, 0xA07A3C}},
                                 Complexion{0x8A5636, {0x2B2026, 0x221A20, 0x3B2620}, {0x4A2E1E, 0x6B4226, 0x2E2326}}};

const Complexion& nearest_complexion(Ink skin) {
  return *std::ranges::min_element(
      complexions, {}, [&](const Complexion& one) { return std::abs(lightness(rgb(one.skin)) - lightness(skin)); });
}
// Three colours that go together: of the clothes' larger part, of the smaller one, and of what catches the eye.
constexpr std::array<std::array<std::uint32_t, 3>, 8> wardrobes{{{0xE4572E, 0x2E6F8E, 0xF6C445},
                                                                 {0xF6C445, 0x3F6FA8, 0xE4572E},
                                                                 {0x3FA7A0, 0x5B4B7A, 0xF5A65B},
                                                                 {0xEF86B0, 0x7C6BB0, 0xFBE08A},
                                                                 {0x5BA65B, 0x8B5E3C, 0xF2C14E},
                                                                 {0x8659B5, 0x3B5B92, 0xF7B267},
                                                                 {0x4A90C2, 0xB5533C, 0xF6E7B4},
                                                                 {0xF08A3C, 0x2F5D62, 0xF9E0A2}}};

void dress(Look& look, const VisualProfile& profile, Chance& chance) {
  std::vector<Ink> palette;
  const auto add_named = [&](std::string_view text) {
    for (const auto& found : Lexicon::of_looks().find(words_of(text), "colour")) palette.push_back(ink_of(found.value));
  };
  for (const auto& entry : profile.palette)
    if (const auto hex = hex_in(entry))
      palette.push_back(*hex);
    else
      add_named(entry);
  if (palette.empty()) add_named(profile.clothing_style);
  const auto& wardrobe = chance.pick(wardrobes);
  for (std::size_t i = palette.size(); i < 3; ++i) palette.push_back(rgb(wardrobe[i]));
  look.main = palette[0], look.second = palette[1], look.accent = palette[2];
  constexpr std::array everyday{Outfit::tee,   Outfit::sweater,  Outfit::hoodie,
                                Outfit::dress, Outfit::overalls, Outfit::explorer};
  look.outfit = choice_of(named("outfit", {profile.clothing_style, profile.features}), chance.pick(everyday));
  constexpr std::array patterns{Pattern::plain, Pattern::plain, Pattern::stripes, Pattern::dots, Pattern::stars};
  look.pattern = choice_of(named("pattern", {profile.clothing_style}), chance.pick(patterns));
}

void set_flags(Look& look, const VisualProfile& profile) {
  std::string all = text::join(profile.accessories, ", ") + ", " + profile.clothing_style + ", " + profile.hair_style +
                    ", " + profile.features;
  for (const auto& found : Lexicon::of_looks().find(words_of(all), "flag")) {
    const std::pair<std::string_view, bool Look::*> flags[] = {{"fringe", &Look::fringe},
                                                               {"glasses", &Look::glasses},
                                                               {"freckles", &Look::freckles},
                                                               {"bow", &Look::bow},
                                                               {"crown", &Look::crown},
                                                               {"wizard_hat", &Look::wizard_hat},
                                                               {"cap", &Look::cap},
                                                               {"woolly_hat", &Look::woolly_hat},
                                                               {"straw_hat", &Look::straw_hat},
                                                               {"scarf", &Look::scarf},
                                                               {"cape", &Look::cape},
                                                               {"backpack", &Look::backpack},
                                                               {"flower", &Look::flower},
                                                               {"necklace", &Look::necklace},
                                                               {"headband", &Look::headband},
                                                               {"eye_patch", &Look::eye_patch},
                                                               {"wings", &Look::wings},
                                                               {"boots", &Look::boots},
                                                               {"hearing_aid", &Look::hearing_aid},
                                                               {"wand", &Look::wand}};
    for (const auto& [name, flag] : flags)
      if (name == found.value) look.*flag = true;
  }
  if (look.outfit == Outfit::hero) look.cape = true;
  if (look.outfit == Outfit::princess && !look.wizard_hat) look.crown = true;
  // One hat at a time.
  bool covered = false;
  for (bool* hat : {&look.wizard_hat, &look.crown, &look.cap, &look.woolly_hat, &look.straw_hat})
    *hat = *hat && !std::exchange(covered, covered || *hat);
}

}  // namespace

Look Look::of(const VisualProfile& profile) {
  Chance chance(profile.seed * 2 + 1);
  Look look;
  look.skin = colour_said("skin", profile.skin_tone, profile.features, "skin", rgb(chance.pick(complexions).skin));
  const Complexion& like = nearest_complexion(look.skin);
  look.hair = colour_said("hair", profile.hair_colour, profile.features, "hair", rgb(chance.pick(like.hairs)));
  look.eyes = colour_said("eyes", profile.eye_colour, profile.features, "eyes", rgb(chance.pick(like.eyes)));
  constexpr std::array styles{HairStyle::tousled,  HairStyle::tousled,  HairStyle::cropped,
                              HairStyle::bob,      HairStyle::wavy,     HairStyle::curly,
                              HairStyle::ponytail, HairStyle::straight, HairStyle::braids};
  const auto style = said("hair_style", profile.hair_style, profile.features, "hair");
  const auto length = said("length", profile.hair_style, profile.features, "hair");
  look.hair_length = chance.pick(std::array{0.3, 0.6, 0.9});
  look.hair_style = chance.pick(styles);
  if (length) {
    look.hair_length = std::stod(std::string(*length));
    look.hair_style = look.hair_length > 0.7 ? HairStyle::straight
                      : look.hair_length > 0 ? HairStyle::bob
                                             : HairStyle::tousled;
  }
  look.hair_style = choice_of(style, look.hair_style);
  look.fringe = chance.once_in(2);
  dress(look, profile, chance);
  set_flags(look, profile);
  look.art = choice_of(named("art", {profile.art_style}), ArtStyle::watercolor);
  const double years = std::clamp(profile.age, 2, 17);
  look.stature = years < 7 ? std::lerp(0.74, 1.0, (years - 2) / 5) : std::lerp(1.0, 1.5, (years - 7) / 10);
  if (const auto height = named("height", {profile.height})) look.stature *= *height == "tall" ? 1.08 : 0.93;
  if (const auto body = named("body", {profile.body_type})) look.girth = *body == "wide" ? 1.16 : 0.93;
  return look;
}

}  // namespace odeon::storybook

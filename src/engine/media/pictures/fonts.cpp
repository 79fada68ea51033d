#include "engine/media/pictures/fonts.hpp"

#include <cmath>
#include <map>
#include <memory>
#include <set>

#include "engine/media/pictures/pango.hpp"

namespace odeon::pictures {
namespace {

struct Found {
  std::set<int> weights;
  bool has_italic = false, has_colours = false;
};

int css_weight(double fontconfigs) {
  return static_cast<int>(std::lround(fontconfig().FcWeightToOpenTypeDouble(fontconfigs)));
}

void add_weights(const FcPattern* font, std::set<int>& into) {
  const Fontconfig& f = fontconfig();
  double weight = 0, lowest = 0, highest = 0;
  FcRange* range = nullptr;
  if (f.FcPatternGetDouble(font, FC_WEIGHT, 0, &weight) == FcResultMatch) {
    into.insert(css_weight(weight));
  } else if (f.FcPatternGetRange(font, FC_WEIGHT, 0, &range) == FcResultMatch &&
             f.FcRangeGetDouble(range, &lowest, &highest)) {
    for (int css = 100; css <= 900; css += 100)
      if (css >= css_weight(lowest) && css <= css_weight(highest)) into.insert(css);
  }
}

}  // namespace

std::vector<FontFamily> installed_fonts() {
  const Fontconfig& f = fontconfig();
  const std::unique_ptr<FcPattern, decltype(f.FcPatternDestroy)> all(f.FcPatternCreate(), f.FcPatternDestroy);
  const std::unique_ptr<FcObjectSet, decltype(f.FcObjectSetDestroy)> wanted(f.FcObjectSetCreate(),
                                                                            f.FcObjectSetDestroy);
  for (const char* property : {FC_FAMILY, FC_WEIGHT, FC_SLANT, FC_COLOR}) f.FcObjectSetAdd(wanted.get(), property);
  const std::unique_ptr<FcFontSet, decltype(f.FcFontSetDestroy)> fonts(f.FcFontList(nullptr, all.get(), wanted.get()),
                                                                       f.FcFontSetDestroy);
  std::map<std::string, Found> families;
  for (int i = 0; fonts && i < fonts->nfont; ++i) {
    const FcPattern* font = fonts->fonts[i];
    FcChar8* name = nullptr;
    // The first name is the family's; a second is that of the style alone ("Inter Black").
    if (f.FcPatternGetString(font, FC_FAMILY, 0, &name) != FcResultMatch) continue;
    Found& family = families[reinterpret_cast<const char*>(name)];
    add_weights(font, family.weights);
    int slant = FC_SLANT_ROMAN;
    FcBool has_colours = FcFalse;
    if (f.FcPatternGetInteger(font, FC_SLANT, 0, &slant) == FcResultMatch) family.has_italic |= slant != FC_SLANT_ROMAN;
    if (f.FcPatternGetBool(font, FC_COLOR, 0, &has_colours) == FcResultMatch) family.has_colours |= has_colours != 0;
  }
  std::vector<FontFamily> out;
  for (const auto& [name, found] : families)
    out.push_back({name, {found.weights.begin(), found.weights.end()}, found.has_italic, found.has_colours});
  return out;
}

}  // namespace odeon::pictures

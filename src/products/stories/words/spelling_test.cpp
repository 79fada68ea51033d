// What hunspell, which nobody here wrote, says of our stories.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "products/stories/words/dictionaries_test.hpp"
#include "products/stories/words/hero_words.hpp"
#include "products/stories/words/lexicon.hpp"
#include "products/stories/words/read_along.hpp"

namespace odeon::stories {
namespace {

// Every word of the lexicon that a hero can hear, for both genders and all ages.
std::set<std::string> all_words(Language language) {
  std::set<std::string> words;
  for (const auto& [key, alternatives] : lexicon(language).all())
    for (const auto& text : alternatives) {
      if (key.starts_with("prompt.")) continue;
      for (const int band : {1, 3})
        for (std::uint64_t seed = 0; seed < 12; ++seed)
          for (const Gender gender : {Gender::girl, Gender::boy}) {
            Dice dice(seed);
            const HeroWords hero(language, "Anna", 7, gender);
            const std::string told = expand(text, band, Length::full, dice,
                                            [&](std::string_view slot) { return hero.slot(slot).value_or(""); });
            for (const Span& span : words_of(told)) words.insert(told.substr(span.offset, span.length));
          }
    }
  return words;
}

// Beside sounds, words that are right and that the dictionaries do not have: compounds, diminutives, elisions.
TEST(Spelling, IsThatOfTheDictionaries) {
  struct Known {
    Language language;
    std::string_view dictionary;
    std::string_view words;
  };
  for (const auto& [language, dictionary, known] : std::vector<Known>{
           {Language::en, "en_GB", "Hee Hic Hooo Krrk Pfft Pling Plip Rrrrumble Whoomp hee hic pling plip"},
           {Language::es, "es_ES",
            "B Bip Brrrrum Cras Crrc Cuac Cucú Currucú Ding Fiuuu Fuuum Hip Pfff Plin Plof Toc Tolón bip "
            "blandita campanita catapum chapuzón cras cuac cucú empujoncito estrellita globito gluglú gordísima "
            "hip hurras lamparita librito mantita maquinita pasarle patita piedrecita piquito piquitos plin "
            "plof plon puertecita rayita ruedecita ruidito saltito toc uuuh ventanita vocecita vocecitas Ñic "
            "ñic"},
           {Language::fr, "fr_FR", "Crouch Crrc Dong Fiou Fouf Plic Psst Rou crouch plic"},
           {Language::de, "de_DE",
            "Abenteuerlustig Aha Bissspuren Bommel Buh Bumm Dong Dreihundertdreizehn Dreihundertzwölf "
            "Feuermachen Fingerbreit Federmäppchen Flöckchen Flüsterton Gurr Hick Hickse Hicksen Hihi Hm Husch Huuu "
            "Krrk "
            "Na Neunzigtausend Pfft Piep Platschen Pling Plitsch Prise Pst Purzelbäume Quak Quietsch Rumms "
            "Schnurrhaare Schnurrhaaren Sternenlicht Tack Tock Topfdeckel Topfrakete Tuba Vanillepudding "
            "Vierhundertelf Wackelzahn Wintermorgen Wumm Zacke angefühlt angestupst anschubst aufbekam aus- "
            "ausgepustet auszuwringen danebenging darüberbeugte deins dreihundertvier dreihundertvierzehnten "
            "entlanggehörte gelächelt gerülpst hick hicksen hickste hihi hinaufgetragen hinauftragen "
            "hinausgelehnt hinausschauen hindurchfiel hindurchpfeifen hindürfen hineingeschaut hm hügelab "
            "hügelauf japste krempelte kreuz kupferrot losbekam loszulassen mitgedreht nachsahen piep piepsten "
            "platschte plitsch prustete "
            "quietsch rauf seilhüpfte stillstand tock umfiel vierhundertsten vorbeikam vorgezählt weggedreht wegliefen "
            "woandershin zurückpusten zwanzigmal überbackene"},
           {Language::it, "it_IT",
            "All Anch Brrrum Bum Cic Com Crrc Cru Cucù Dall Din Fiuuu Fuuum Hi Hic Pfff Plin Pluf Toc all "
            "bell buh cic com cos cucù dall dell dov gliel hi hic nell plin plon possedeva qualcos quell sedevano "
            "segnetto sull toc trent tutt uuuh Nell nell"}}) {
    const auto listed = text::split(known, ' ');
    for (const auto& word : unknown_words(all_words(language), dictionary))
      if (std::ranges::find(listed, word) == listed.end()) ADD_FAILURE() << code_of(language) << ": " << word;
  }
}

}  // namespace
}  // namespace odeon::stories

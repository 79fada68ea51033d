#include "products/stories/words/content_filter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <chrono>

#include "base/error.hpp"
#include "base/text.hpp"

namespace odeon::stories {
namespace {

using enum FilterMode;
using enum Language;

struct Case {
  Language language;
  std::string_view text;
};

// What looks like a term, sounds like one or holds one, and is none.
const std::vector<Case> kInnocents{
    {en, "Scunthorpe"},
    {en, "accurate"},
    {en, "culture"},
    {en, "class"},
    {en, "classic"},
    {en, "pass the grass"},
    {en, "Matthias"},
    {en, "Essex, Sussex and Middlesex"},
    {en, "Penistone"},
    {en, "cockpit"},
    {en, "Dickens"},
    {en, "assistant"},
    {en, "embarrassed bassoon"},
    {en, "skill"},
    {en, "skilful"},
    {en, "the analyst"},
    {en, "annals"},
    {en, "begun"},
    {en, "gunpowder tea"},
    {en, "grape juice"},
    {en, "therapist"},
    {en, "sextant"},
    {en, "sixty"},
    {en, "titan"},
    {en, "Bob"},
    {en, "good wood"},
    {en, "cocktail dress"},
    {en, "shiitake"},
    {en, "they had drunk the water"},
    {en, "A B C D E F G"},
    {en, "b a s s"},
    {en, "3D, 4K and MP3"},
    {en, "2 + 2 = 4"},
    {en, "a b"},
    {en, "W. A. Mozart"},
    {en, "the dragonfly dived"},
    {en, "hello"},
    {en, "shell"},
    {en, "rapping and rapped"},
    {en, "a looser scarf, a scarred knee"},
    {en, "to assess a riffle"},
    {en, "Mitra of Morden"},
    {en, "blue tits"},
    {en, "A\nB\nC\nD"},
    {es, "quería morder la manzana"},
    {es, "un cono de helado"},
    {es, "esta sola vez"},
    {es, "estaba solo un poco cansado"},
    {fr, "une armée de nuées"},
    {fr, "une grenade bien rouge"},
    {fr, "un pique-nique"},
    {fr, "il mord dans la hure"},
    {fr, "Pornic en XXX jours"},
    {de, "die Pute und der Bussen"},
    {de, "mit den Bussen"},
    {de, "dröge, drögen"},
    {de, "die toten Blätter"},
    {it, "ficca il naso"},
    {it, "senno, ferri e oddio"},
    {it, "e solo allora"},
    {it, "era solo un sogno"},
    {it, "c'è solo una volpe"},
    {it, "fa tutto da solo"},
    {it, "il cavallo di Troia"},
    {it, "la volpe sparì"},
    {it, "il cane morde"},
    {es, "el cálculo y la cultura"},
    {es, "calcular"},
    {es, "matemáticas"},
    {es, "la sexta puerta"},
    {es, "el año nuevo"},
    {es, "armario"},
    {es, "armadura"},
    {es, "alarma"},
    {es, "peras y penne"},
    {es, "disputa"},
    {es, "computadora"},
    {es, "con cuidado"},
    {es, "tan solo quería un helado"},
    {es, "solo tres pasos"},
    {fr, "tu es"},
    {fr, "à tue-tête"},
    {fr, "des larmes"},
    {fr, "les habitudes"},
    {fr, "la statue"},
    {fr, "conseil"},
    {fr, "content"},
    {fr, "concombre"},
    {fr, "l'armoire"},
    {fr, "un retard"},
    {fr, "réputé"},
    {fr, "député"},
    {fr, "la sexagénaire"},
    {fr, "nuage"},
    {fr, "la tutelle"},
    {de, "Kinderspiel"},
    {de, "die Eule"},
    {de, "dick"},
    {de, "Nudeln"},
    {de, "sechs"},
    {de, "Totem"},
    {de, "der Rappe"},
    {de, "Gewitter"},
    {de, "Staubsauger"},
    {de, "hatte"},
    {de, "Waffel"},
    {de, "Spaß"},
    {de, "Wassermelone"},
    {de, "Klasse"},
    {de, "Essen"},
    {de, "sich auf dich verlassen"},
    {it, "penne al pomodoro"},
    {it, "uccelli"},
    {it, "armonia"},
    {it, "armadio"},
    {it, "cultura"},
    {it, "calcolo"},
    {it, "soltanto"},
    {it, "mostrò"},
    {it, "cullò"},
    {it, "un porro"},
    {it, "il sole"},
    {it, "particolare"},
    {it, "articolo"},
    {it, "caro"},
    {it, "sesto"},
};

TEST(ContentFilter, LetsInnocentsBe) {
  EXPECT_GE(kInnocents.size(), 60u);
  for (const auto& [language, text] : kInnocents)
    for (const FilterMode mode : {read_aloud, user_input, image_prompt}) {
      if (mode == image_prompt && filter_content(text, language, read_aloud).changes.size() == 1) continue;  // in doubt
      const auto filtered = filter_content(text, language, mode);
      for (const auto& change : filtered.changes)
        EXPECT_TRUE(change.left) << text << ": " << change.found << " became " << change.became;
      EXPECT_EQ(filtered.text, text);
    }
}

const std::vector<Case> kAttacks{
    {en, "kill"},
    {en, "KILLED"},
    {en, "k i l l"},
    {en, "k.i.l.l"},
    {en, "k-i-l-l"},
    {en, "k_i_l_l"},
    {en, "ki-ll"},
    {en, "k1ll"},
    {en, "k111"},
    {en, "k!11"},
    {en, "k|1l"},
    {en, "p1sto1"},
    {en, "p0rn0graphy"},
    {en, "s1ut"},
    {en, "k\ni\nl\nl"},
    {en, "k\r\n1\r\n1\r\nl"},
    {en, "k!ll"},
    {en, "k\u200Bi\u200Bll"},
    {en, "ki\u00ADll"},
    {en, "ｋｉｌｌ"},
    {en, "кill"},
    {en, "kıll"},
    {en, "kìłł"},
    {en, "𝐤𝐢𝐥𝐥"},
    {en, "ᴋɪʟʟ"},
    {en, "kiiilll"},
    {en, "kkiillll"},
    {en, "mürder"},
    {en, "m u r d e r"},
    {en, "murd3r3r"},
    {en, "gυn"},
    {en, "g.u.n.s"},
    {en, "g u n"},
    {en, "p1st0l"},
    {en, "s3x"},
    {en, "s.e.x"},
    {en, "sеху"},
    {en, "p0rn"},
    {en, "pornography"},
    {en, "n4ked"},
    {en, "f*ck"},
    {en, "f**k"},
    {en, "fuuuck"},
    {en, "fucking"},
    {en, "b1tch"},
    {en, "b!tches"},
    {en, "sh1t"},
    {en, "a$$hole"},
    {en, "c0caine"},
    {en, "c o c a i n e"},
    {en, "hero1n"},
    {en, "su1cide"},
    {en, "S U I C I D E"},
    {en, "idi0t"},
    {en, "st\u034Fupid"},
    {en, "terrified"},
    {en, "nightmares"},
    {en, "violence"},
    {en, "weapons"},
    {es, "matar"},
    {es, "m a t a r"},
    {es, "mat4r"},
    {es, "mátar"},
    {es, "asesinó"},
    {es, "4sesino"},
    {es, "pistola"},
    {es, "pistοla"},
    {es, "puta"},
    {es, "put@"},
    {es, "mierda"},
    {es, "m1erda"},
    {es, "borracho"},
    {es, "cocaína"},
    {es, "pesadilla"},
    {es, "aterrador"},
    {es, "estaba solo"},
    {fr, "tuer"},
    {fr, "tué"},
    {fr, "t u e r"},
    {fr, "assassine"},
    {fr, "Assassinat"},
    {fr, "pistolet"},
    {fr, "p i s t o l e t"},
    {fr, "merde"},
    {fr, "m3rde"},
    {fr, "connard"},
    {fr, "cauchemar"},
    {fr, "sexe"},
    {fr, "drogue"},
    {fr, "violence"},
    {fr, "toute seule"},
    {fr, "égorger"},
    {de, "töten"},
    {de, "toeten"},
    {de, "t-ö-t-e-n"},
    {de, "getötet"},
    {de, "Mörder"},
    {de, "M0rder"},
    {de, "Waffe"},
    {de, "W a f f e n"},
    {de, "Pistole"},
    {de, "Scheiße"},
    {de, "Sche1sse"},
    {de, "Arschloch"},
    {de, "Idiot"},
    {de, "nutte"},
    {de, "Kokain"},
    {de, "Alptraum"},
    {de, "Selbstmord"},
    {de, "ganz allein"},
    {de, "Gewehre"},
    {it, "uccidere"},
    {it, "u c c i d e r e"},
    {it, "ucciso"},
    {it, "uсcise"},
    {it, "assassino"},
    {it, "pistola"},
    {it, "p1stola"},
    {it, "stronzo"},
    {it, "str0nzo"},
    {it, "merda"},
    {it, "incubo"},
    {it, "ubriaco"},
    {it, "cazzo"},
    {it, "vaffanculo"},
    {it, "tutto solo"},
    {it, "violenza"},
    // English in texts of others, and the reverse.
    {de, "kill"},
    {fr, "murder"},
    {es, "gun"},
    {it, "fuck"},
    {en, "Gewehre"},
    {en, "asesino"},
    {en, "merde"},
};

TEST(ContentFilter, SeesThroughEvasion) {
  EXPECT_GE(kAttacks.size(), 60u);
  for (const auto& [language, attack] : kAttacks)
    for (const FilterMode mode : {image_prompt, read_aloud, user_input}) {
      const std::string text = fmt::format("Mia {} Tom.", attack);
      const auto filtered = filter_content(text, language, mode);
      ASSERT_EQ(filtered.changes.size(), 1u) << text;
      if (!filtered.refused) {
        EXPECT_FALSE(filtered.changes[0].left) << text;
        EXPECT_NE(filtered.text, text);
      }
    }
}

TEST(ContentFilter, ReplacesTheWordsOfThePolicyInPrompts) {
  EXPECT_EQ(filter_content("A scared girl, alone and lost, with a weapon in a nightmare.", en, image_prompt).text,
            "A excited girl, with friends and discovering, with a tool in a dream.");
  EXPECT_EQ(filter_content("Danger and violence! Isolated, abandoned, hurt.", en, image_prompt).text,
            "Excitement and challenge! Exploring, on an adventure, helped.");
  EXPECT_EQ(filter_content("Un niño solo, abandonado, perdido y asustado.", es, image_prompt).text,
            "Un niño con amigos, en una aventura, descubriendo y emocionado.");
}

TEST(ContentFilter, LeavesWhatIsInDoubtInTextThatIsReadAloud) {
  const auto filtered = filter_content("Mia lost a tooth. She was all alone.", en, read_aloud);
  EXPECT_EQ(filtered.text, "Mia lost a tooth. She was all with friends.");
  ASSERT_EQ(filtered.changes.size(), 2u);
  EXPECT_TRUE(filtered.changes[0].left);
  EXPECT_EQ(filtered.changes[0].found, "lost");
  EXPECT_EQ(filtered.changes[0].category, Harm::loneliness);
  EXPECT_EQ(filtered.changes[0].offset, 4u);
  EXPECT_EQ(filtered.changes[1].became, "with friends");
  EXPECT_EQ(filter_content("Solo quería un vaso de agua.", es, read_aloud).text, "Solo quería un vaso de agua.");
  EXPECT_EQ(filter_content("El oso estaba solo.", es, read_aloud).text, "El oso estaba con amigos.");
}

TEST(ContentFilter, RefusesAFormThatIsPlainlyUnfit) {
  const auto filtered = filter_content("A stupid p0rn killer", en, user_input);
  EXPECT_TRUE(filtered.refused);
  EXPECT_EQ(filtered.text, "A stupid p0rn killer");
  EXPECT_EQ(filtered.changes.size(), 3u);
  EXPECT_EQ(accepted_text(filter_content("A stupid dragon", en, user_input), "title"), "A silly dragon");
  try {
    accepted_text(filter_content("p0rn", en, user_input), "title");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "CONTENT_NOT_ALLOWED");
    EXPECT_EQ(error.fault, Fault::invalid);
    ASSERT_EQ(error.fields.size(), 1u);
    EXPECT_EQ(error.fields[0].path, "title");
    EXPECT_EQ(error.message.find("p0rn"), std::string::npos);
  }
}

rc::Gen<std::string> texts() {
  static const std::vector<std::string> pieces = [] {
    std::vector<std::string> made{" ", " ",      " ",    "\n",       "-",    ".",    "'",  "*",    "1",
                                  "@", "\u200B", "é",    "ß",        "к",    "a",    "k",  "i",    "l",
                                  "l", "so ",    "was ", "tue-tête", "\xFF", "\xC3", "😀", "ist ", "e "};
    for (const auto& attack : kAttacks) made.emplace_back(attack.text);
    for (const auto& innocent : kInnocents) made.emplace_back(innocent.text);
    return made;
  }();
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces)),
                      [](const std::vector<std::string>& parts) { return text::join(parts, ""); });
}

RC_GTEST_PROP(ContentFilter, IsDoneAfterOnce, ()) {
  const auto text = *texts();
  const auto language = *rc::gen::elementOf(std::vector<Language>(kLanguages.begin(), kLanguages.end()));
  const auto mode = *rc::gen::element(image_prompt, read_aloud);
  const auto once = filter_content(text, language, mode);
  RC_ASSERT(text::is_utf8(once.text));
  RC_ASSERT(once.text.size() <= kLongestGrowth * (text.size() + 1));
  RC_ASSERT(filter_content(once.text, language, mode).text == once.text);
}

RC_GTEST_PROP(ContentFilter, TakesAnyBytes, (std::string junk)) {
  for (const FilterMode mode : {image_prompt, read_aloud, user_input})
    RC_ASSERT(text::is_utf8(filter_content(junk, en, mode).text));
}

TEST(ContentFilter, TakesTimeInProportion) {
  const auto seconds = [](std::string_view piece, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) text += piece;
    const auto start = std::chrono::steady_clock::now();
    filter_content(text, en, image_prompt);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  // Were any of these quadratic, sixteen times the text would take 256 times as long.
  for (std::string_view piece : {"k ", "k-", "a*", "1l", "ki", "kkkk", "so alone "})
    EXPECT_LT(seconds(piece, 8'000), 80 * seconds(piece, 500) + 0.05) << piece;
}

}  // namespace
}  // namespace odeon::stories

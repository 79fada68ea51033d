#include "products/stories/words/hero_words.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "products/stories/words/embedded.hpp"
#include "products/stories/words/folding.hpp"
#include "products/stories/words/lexicon.hpp"

namespace odeon::stories {
namespace {

constexpr auto kNumbers = std::to_array<std::array<std::string_view, 18>>({
    {"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
     "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"},
    {"un", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce", "trece",
     "catorce", "quince", "dieciséis", "diecisiete", "dieciocho"},
    {"un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
     "quatorze", "quinze", "seize", "dix-sept", "dix-huit"},
    {"ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf", "dreizehn",
     "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn"},
    {"un", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci", "undici", "dodici", "tredici",
     "quattordici", "quindici", "sedici", "diciassette", "diciotto"},
});

// Folded words by which the line of assets/names.txt of that key begins.
const std::set<std::string, std::less<>>& listed(std::string_view key) {
  static const auto all = [] {
    std::map<std::string, std::set<std::string, std::less<>>, std::less<>> read;
    const Lexicon file(stories_words::embedded::names_txt);
    for (const auto& [name, texts] : file.all())
      for (const auto& text : texts)
        for (std::string_view word : text::split(text::replace_all(text, "\n", " "), ' '))
          read[name].insert(folded(word));
    return read;
  }();
  return all.find(key)->second;
}

// Its first letter without accents, small; a French "h" that is silent counts as the vowel behind it.
bool begins_with(std::string_view name, std::string_view letters) {
  const std::string plain = folded(name.substr(0, 64));
  return !plain.empty() && letters.find(plain.front()) != std::string_view::npos;
}

bool elides_in_french(std::string_view name) {
  return begins_with(name, "aeiou") || listed("silent").contains(folded(name.substr(0, name.find(' '))));
}

bool sounds_like_i(std::string_view name) {
  const std::string plain = folded(name.substr(0, 64));
  if (plain.starts_with("hi")) return !plain.starts_with("hie");
  return plain.starts_with('i') && !plain.starts_with("ia") && !plain.starts_with("io");
}

}  // namespace

Gender gender_of(std::string_view name, std::string_view appearance) {
  bool girl = false, boy = false;
  for (const auto& word : folded_words(appearance.substr(0, 4000))) {
    girl |= listed("girl_words").contains(word);
    boy |= listed("boy_words").contains(word);
  }
  if (girl != boy) return girl ? Gender::girl : Gender::boy;
  const auto words = folded_words(name.substr(0, 400));
  if (words.empty()) return Gender::unsaid;
  if (listed("girls").contains(words.front())) return Gender::girl;
  return listed("boys").contains(words.front()) ? Gender::boy : Gender::unsaid;
}

std::string speakable_name(std::string_view name) {
  std::string kept;
  for (const char c : text::to_valid_utf8(name))
    kept += static_cast<std::uint8_t>(c) < 0x20 || c == 0x7F                        ? ' '
            : std::string_view("\"<>{}[]|`*#_\\").find(c) != std::string_view::npos ? ' '
                                                                                    : c;
  kept = text::collapse_spaces(kept);
  return std::string(text::trim(text::prefix(kept, 60)));
}

std::string age_in_words(Language language, int age) {
  constexpr auto kOne = std::to_array<std::string_view>({" year old", " año", " an", " Jahr alt", " anno"});
  constexpr auto kMany = std::to_array<std::string_view>({" years old", " años", " ans", " Jahre alt", " anni"});
  const auto at = static_cast<std::size_t>(language);
  const int years = std::clamp(age, 1, 18);
  return std::string(kNumbers[at][static_cast<std::size_t>(years - 1)]).append((years == 1 ? kOne : kMany)[at]);
}

HeroWords::HeroWords(Language language, std::string name, int age, Gender gender)
    : language_(language), name_(std::move(name)), age_(age), gender_(gender) {}

std::optional<std::string> HeroWords::slot(std::string_view slot) const {
  if (slot == "N") return name_;
  if (slot == "age") return age_in_words(language_, age_);
  switch (language_) {
    case Language::en:
      return english(slot);
    case Language::es:
      if (slot == "y N") return (sounds_like_i(name_) ? "e " : "y ") + name_;
      break;
    case Language::fr:
      return french(slot);
    case Language::de:
      return german(slot);
    case Language::it:
      if (slot == "a N") return (begins_with(name_, "a") ? "ad " : "a ") + name_;
      if (slot == "e N") return (begins_with(name_, "e") ? "ed " : "e ") + name_;
      break;
  }
  return std::nullopt;
}

std::optional<std::string> HeroWords::english(std::string_view slot) const {
  struct Forms {
    std::string_view slot, girl, boy, unsaid;
  };
  constexpr auto kForms = std::to_array<Forms>({{"he", "she", "he", "they"},
                                                {"He", "She", "He", "They"},
                                                {"him", "her", "him", "them"},
                                                {"his", "her", "his", "their"},
                                                {"His", "Her", "His", "Their"},
                                                {"himself", "herself", "himself", "themselves"},
                                                {"was", "was", "was", "were"}});
  if (slot == "N's") return name_ + "'s";
  const auto found = std::ranges::find(kForms, slot, &Forms::slot);
  if (found == kForms.end()) return std::nullopt;
  return std::string(gender_ == Gender::girl ? found->girl : gender_ == Gender::boy ? found->boy : found->unsaid);
}

std::optional<std::string> HeroWords::french(std::string_view slot) const {
  const bool elides = elides_in_french(name_);
  if (slot == "de N") return (elides ? "d'" : "de ") + name_;
  if (slot == "que N") return (elides ? "qu'" : "que ") + name_;
  if (slot != "il" && slot != "Il") return std::nullopt;
  if (gender_ == Gender::unsaid) return name_;
  return std::string(slot == "il" ? (gender_ == Gender::girl ? "elle" : "il")
                                  : (gender_ == Gender::girl ? "Elle" : "Il"));
}

std::string HeroWords::genitive() const {
  for (std::string_view end : {"s", "ß", "x", "z", "S", "X", "Z"})
    if (name_.ends_with(end)) return name_ + "’";
  return name_ + "s";
}

std::optional<std::string> HeroWords::german(std::string_view slot) const {
  if (slot == "N's") return genitive();
  const bool girl = gender_ == Gender::girl, unsaid = gender_ == Gender::unsaid;
  if (slot == "er" || slot == "ihn" || slot == "ihm") {
    if (unsaid) return name_;
    if (slot == "ihm") return girl ? "ihr" : "ihm";
    return girl ? "sie" : std::string(slot);
  }
  if (slot == "Er") return unsaid ? name_ : girl ? "Sie" : "Er";
  if (!slot.starts_with("sein:") && !slot.starts_with("Sein:")) return std::nullopt;
  if (unsaid) return genitive();
  const bool capital = slot.front() == 'S';
  return std::string(girl ? (capital ? "Ihr" : "ihr") : (capital ? "Sein" : "sein")).append(slot.substr(5));
}

}  // namespace odeon::stories

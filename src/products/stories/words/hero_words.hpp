// A hero in the grammar of each language: names that elide, pronouns that agree, ages in words.
//
// Slots of the texts, beside {N} (the name) and {age} ("six years old", "seis años"):
//   en  {he} {He} {him} {his} {His} {himself} {was} {N's}
//   es  {y N}            "y Mia", "e Inés"
//   fr  {il} {Il} {de N} {que N}    "d'Alice", "qu'Emma"
//   de  {er} {Er} {ihn} {ihm} {sein:en} {Sein:} {N's}    "seinen", "ihren", "Kims"
//   it  {a N} {e N}      "ad Anna", "ed Elena"
// Whose gender nobody said is called by name, in English "they". Spanish and Italian texts say nothing of the hero that
// would have to agree, and neither do French ones but for the pronoun.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "products/stories/words/language.hpp"

namespace odeon::stories {

enum class Gender { unsaid, girl, boy };

// By words of the appearance ("a girl with …", "Junge mit …", "niña"), else by the name where it is one that either
// girls or boys bear in these languages (assets/names.txt).
Gender gender_of(std::string_view name, std::string_view appearance);

// A name fit for a sentence: one line, no more than 60 code points, without quotes and angle brackets.
std::string speakable_name(std::string_view name);

class HeroWords {
 public:
  HeroWords(Language language, std::string name, int age, Gender gender);
  // Nothing for a slot that is not about the hero.
  std::optional<std::string> slot(std::string_view slot) const;

 private:
  std::optional<std::string> english(std::string_view slot) const;
  std::optional<std::string> french(std::string_view slot) const;
  std::optional<std::string> german(std::string_view slot) const;
  std::string genitive() const;

  Language language_;
  std::string name_;
  int age_;
  Gender gender_;
};

// "one year old", "seis años", "ein Jahr alt".
std::string age_in_words(Language language, int age);

}  // namespace odeon::stories

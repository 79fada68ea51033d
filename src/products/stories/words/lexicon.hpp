// The words of one language, read from assets/en.txt and its siblings.
//
// A line "@moon.call" begins a text under that key; what follows, up to the next such line, is the text. A key that
// stands there several times has alternatives. Lines beginning with '#' are for whoever writes.
//
// Within a text:  {N}            a slot (hero_words.hpp)
//                 [one|another]  one of them
//                 {12:short|34:long}  by the age of the hero: what belongs to the first group that names the band
//                 {34:and more}  nothing for the others; left out where a story is to be short
//
// Beside "@moon.call" may stand "@moon.call.older": the same as it is told from nine years on, in longer sentences.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "products/stories/words/language.hpp"

namespace odeon::stories {

// 1–4, 5–8, 9–12 and 13–18 years: bands 1 to 4.
int age_band(int age);

class Lexicon {
 public:
  explicit Lexicon(std::string_view source);

  // Its alternatives; empty for an unknown key.
  std::span<const std::string> texts(std::string_view key) const;
  const std::map<std::string, std::vector<std::string>, std::less<>>& all() const { return texts_; }

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> texts_;
};

// Read once; lives as long as the program.
const Lexicon& lexicon(Language language);

// Numbers that look random and are the same for the same seed, on every machine (SplitMix64).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  // From 0 to count - 1.
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(next() % count); }

 private:
  std::uint64_t state_;
};

// The same number for the same text everywhere (FNV-1a).
std::uint64_t number_of(std::string_view text);

// What a slot says; called with its name.
using Slots = std::function<std::string(std::string_view)>;

enum class Length { full, lean };

// The text for readers of a band. Slots' values are taken as they are: a brace in a name is a brace. Throws
// std::invalid_argument for a text that is not well formed: that is a fault of the file.
std::string expand(std::string_view text, int band, Length length, Dice& dice, const Slots& slots);

}  // namespace odeon::stories

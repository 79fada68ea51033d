// The words of assets/filter.txt, ready to be looked up.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "products/stories/words/content_filter.hpp"

namespace odeon::stories {

enum class Strength { refuse, replace, doubt };
BOOST_DESCRIBE_ENUM(Strength, refuse, replace, doubt)

struct FilterTerm {
  std::string form;  // folded letters; without its star
  bool any_ending = false;
  Language language = Language::en;
  bool everywhere = false;  // looked for in texts of every language
  Harm category = Harm::violence;
  Strength strength = Strength::doubt;
  std::string replacement;
  std::unordered_set<std::string> after;          // small words before it that settle a doubt
  std::unordered_set<std::string> unless_before;  // and those behind it that leave it all the same
};

class FilterTerms {
 public:
  explicit FilterTerms(std::string_view source);

  // The term that a folded word is in a text of the language, or null. A form of the language itself comes first.
  const FilterTerm* find(const std::string& word, Language language) const;
  // A term that the word is when letters in it are said longer; for terms of four letters and more. A letter that is
  // there twice is no sign of that ("looser"): it takes three of one ("kiiill") or two that are there twice ("kkiill").
  const FilterTerm* find_drawn_out(const std::string& word, Language language) const;
  // A term that the word is when each kEitherLetter in it is an "i" or an "l", and each '*' any letter ("f*ck").
  const FilterTerm* find_read(const std::string& word, Language language) const;
  // Whether any term may begin with these three letters, of which kEitherLetter is an "i" or an "l".
  bool begins(const std::string& three) const;
  // Whether a small word or compound, accents and joiners included, is none of the terms that it looks like.
  bool is_innocent(const std::string& word, Language language) const;
  // What stands for a term: its own replacement, or a word of the language where the term is of another.
  const std::string& replacement(const FilterTerm& term, Language language) const;
  const std::vector<FilterTerm>& all() const { return terms_; }

 private:
  using Index = std::unordered_map<std::string, std::vector<std::size_t>>;
  template <class Fits>
  const FilterTerm* first(const Index& index, const std::string& key, Fits fits) const;
  template <class Fits>
  const FilterTerm* find_by(const Index& exact, const Index& stems, const std::string& key, Language language,
                            Fits fits) const;
  const FilterTerm* find_masked(const std::string& word, Language language) const;
  void add(std::string_view line);
  void add_forms(std::string_view forms_and_replacements, FilterTerm term);

  std::vector<FilterTerm> terms_;
  Index exact_;
  Index stems_;
  Index exact_alike_, stems_alike_;             // by the form with every "l" as "i"
  std::unordered_set<std::string> beginnings_;  // so too
  Index squeezed_;                              // by the form with every run of a letter cut to one
  std::unordered_map<std::string, std::unordered_set<std::string>> innocents_;      // by language
  std::unordered_map<std::string, std::unordered_map<Harm, std::string>> neutral_;  // by language
};

// "kiill" is "kil".
std::string squeezed(std::string_view word);

// Read once; lives as long as the program.
const FilterTerms& filter_terms();

}  // namespace odeon::stories
